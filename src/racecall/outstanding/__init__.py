"""How many ballots are left: official statements and estimates, kept apart."""
