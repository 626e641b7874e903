"""Read a document into records, each with its place in the text."""
