"""A version of the graph as a site of files: which addresses it has, and how files link."""
