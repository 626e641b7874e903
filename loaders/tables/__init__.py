"""Grids or flattened text -> rows."""
