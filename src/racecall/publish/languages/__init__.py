"""What a reader reads, in each language: one `.po` file a language beside this module; English is what the code says."""
