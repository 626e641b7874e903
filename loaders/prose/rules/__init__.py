"""The outline of prose, and the ordered rules by which it says who does what."""
