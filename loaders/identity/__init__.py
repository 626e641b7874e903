"""Identity: who issued a document, its title, number, district, year."""
