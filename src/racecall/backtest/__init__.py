"""Archives of real counts, replayed as they were public; the error rates we publish."""
