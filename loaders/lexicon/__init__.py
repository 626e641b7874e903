"""Words of notices: roles, columns, collectives, numerals, deadlines."""
