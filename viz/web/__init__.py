"""What every page needs: context, paging, accept, rdf of a thing."""
