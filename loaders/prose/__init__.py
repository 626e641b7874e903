"""Numbered text -> rows."""
