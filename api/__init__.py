"""Serve the graph over HTTP: SPARQL, REST, pages and writes."""
