"""The same store over a sparql engine."""
