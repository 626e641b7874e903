"""Draw SVG and lay out networks from plain labels and numbers."""
