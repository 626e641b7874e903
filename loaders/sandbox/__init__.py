"""Child processes: how they start, what limits they have, how they talk."""
