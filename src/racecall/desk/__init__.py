"""The only room that touches the world: files, databases, the clock."""
