"""Where: places of a row, coreference."""
