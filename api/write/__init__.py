"""Updates, graph store, uploads; their processes."""
