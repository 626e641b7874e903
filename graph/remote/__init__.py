"""The store on a SPARQL engine."""
