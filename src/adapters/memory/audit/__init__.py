"""The audit log in memory."""
