"""What the final count could be: joint draws over options."""
