"""What reaches outside: SQL on the scheduler's own schema, and the bus."""
