"""Drawings of plan against actual: a grid of letters, curves by month, bars and slips."""
