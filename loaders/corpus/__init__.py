"""Many documents: pool, dask, publish, review."""
