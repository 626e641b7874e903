"""From a document to records: cells, rows, bodies, places, projects, indicators."""
