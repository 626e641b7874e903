"""Fork server, workers, pools, sandbox."""
