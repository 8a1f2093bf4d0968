"""Packaged tables: rules and the demo election. Read through `racecall.desk.packaged` only."""
