"""The notifier's ledger in PostgreSQL, its letters, and its mail server."""
