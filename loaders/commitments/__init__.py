"""When and how much: milestones, indicators."""
