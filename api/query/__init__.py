"""A query -> bytes inside a worker; complexity; jobs."""
