"""How intake reaches its schema."""
