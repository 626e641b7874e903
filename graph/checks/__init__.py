"""What can be found wrong in a version, what changed."""
