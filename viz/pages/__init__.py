"""Pages of the site: home, lists, questions, search, review."""
