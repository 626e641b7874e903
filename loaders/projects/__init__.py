"""What is built: projects of a row."""
