"""The catalogue of questions and the formats of answers."""
