"""The board: what is due and what was reported on it, as a page and as files for a meeting."""
