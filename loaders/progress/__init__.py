"""Reports of progress: what was reported, tied to the targets of a plan."""
