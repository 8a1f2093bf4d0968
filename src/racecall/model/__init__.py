"""The nouns: frozen values, standard library only. Import them from their module (`racecall.model.contest`, …)."""
