"""The web application: SPARQL protocol, pages and views over killable workers."""
