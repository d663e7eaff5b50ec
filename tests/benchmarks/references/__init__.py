"""The least that could do the same work: what each figure is measured against, in the same minutes."""
