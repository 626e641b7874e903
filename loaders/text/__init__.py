"""Text with offsets: paragraphs, clauses, brackets, quantities."""
