"""Pages of one thing at its own address."""
