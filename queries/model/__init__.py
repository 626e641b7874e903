"""A version as records: atlas, search, ties, paths."""
