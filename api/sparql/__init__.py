"""Routes of the SPARQL protocol, dumps, federation, saved queries."""
