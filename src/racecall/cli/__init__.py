"""Thin commands, one file a group."""
