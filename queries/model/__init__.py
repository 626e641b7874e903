"""A version as records for pages: atlas, search, ties, paths."""
