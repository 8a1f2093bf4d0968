"""The append-only, hash-chained record: what was known when, what changed, what looks wrong."""
