"""Names of departments in a cell, and their roles."""
