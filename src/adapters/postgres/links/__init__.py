"""Links in PostgreSQL."""
