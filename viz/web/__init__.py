"""Context of a request for pages: paging, languages, RDF of a thing."""
