"""Processes that run queries: fork server, pool, sandbox."""
