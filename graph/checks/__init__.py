"""Find what is wrong in a version, and what changed between two."""
