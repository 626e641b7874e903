"""Pdf: characters -> lines, ruled and unruled tables."""
