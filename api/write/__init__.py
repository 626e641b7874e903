"""Updates, the graph store protocol, uploads, and their processes."""
