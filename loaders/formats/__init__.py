"""Turn bytes into text and grids, one module a format."""
