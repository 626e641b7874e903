"""PDF pages: lines of text, tables with and without rules."""
