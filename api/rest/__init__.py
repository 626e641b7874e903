"""Rest lists, fastapi description."""
