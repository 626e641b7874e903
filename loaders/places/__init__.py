"""Places that a row names, and names of one place."""
