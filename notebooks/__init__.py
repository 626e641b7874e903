"""The graph in notebooks: frames, networks, things and pictures."""
