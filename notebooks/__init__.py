"""The graph in a notebook: frames, networks, things and pictures that show themselves."""
