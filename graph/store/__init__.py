"""Versions on disk: publish, open, patch."""
