"""A PostgreSQL server for development and tests; knows no table."""
