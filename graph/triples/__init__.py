"""Records -> triples, nothing of files or stores."""
