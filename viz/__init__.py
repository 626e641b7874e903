"""Turn answers into pictures and pages."""
