"""Turn records into triples, without files or stores."""
