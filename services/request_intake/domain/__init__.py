"""What intake knows of a division, its coaching model and its requests. Pure."""
