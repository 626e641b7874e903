"""Evaluate one query inside a worker: complexity, row caps, formats."""
