"""Pictures of plan against actual: what was promised by when, and what reports state of it."""
