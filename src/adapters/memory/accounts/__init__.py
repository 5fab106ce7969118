"""Users and password credentials in memory."""
