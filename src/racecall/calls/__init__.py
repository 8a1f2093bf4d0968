"""What may still change and what may be said: arithmetic first."""
