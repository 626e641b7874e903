"""Records, their triples, and the store that keeps them in versions."""
