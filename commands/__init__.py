"""The command line: one module for reading, asking, keeping and serving."""
