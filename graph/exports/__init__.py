"""A version or a document as a file or network."""
