"""Projects that a row names."""
