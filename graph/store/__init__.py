"""Versions on disk: publish, snapshot, patch."""
