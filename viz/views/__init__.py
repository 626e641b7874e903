"""One module a view: answers -> drawn."""
