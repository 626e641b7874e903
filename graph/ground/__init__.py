"""Geometry of one's own in the graph: matched to places, checked, and what follows from it."""
