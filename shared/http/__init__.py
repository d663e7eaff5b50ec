"""How any service speaks HTTP: strict JSON in, problem details out, tokens, limits, health."""
