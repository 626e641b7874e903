"""Write a version or a document as a file or a network."""
