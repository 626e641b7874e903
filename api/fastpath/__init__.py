"""(to be removed) second way for get /sparql."""
