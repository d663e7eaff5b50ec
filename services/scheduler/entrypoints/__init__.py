"""How the scheduler is called: over HTTP, and by the bell."""
