"""Engines, transactions and migrations: how any service reaches its own schema in PostgreSQL."""
