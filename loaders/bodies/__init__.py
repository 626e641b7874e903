"""Who: names of departments and their roles."""
