"""The catalogue: one .rq file a question, and the module that asks it."""
