"""Election law as data and one exact engine: who is elected, who advances, ties, next rounds, recounts."""
