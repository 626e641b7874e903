"""Turn grids and flattened tables into rows."""
