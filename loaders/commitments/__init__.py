"""Milestones, promised numbers, and how they add up."""
