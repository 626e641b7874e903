"""The W3C Reconciliation Service API 0.2: names of other people's tables matched to the graph."""
