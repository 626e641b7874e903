"""Bytes -> text and grids; one module a format; sandbox."""
