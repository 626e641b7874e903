"""Who issued a document: title, number, district, year."""
