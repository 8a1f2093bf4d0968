"""Bytes to releases, one file a format."""
