"""Turn numbered lists and prose into rows."""
