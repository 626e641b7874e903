"""Words: roles, columns, collectives, numerals, deadlines."""
