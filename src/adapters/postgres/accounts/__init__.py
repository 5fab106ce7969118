"""Users and password credentials in PostgreSQL."""
