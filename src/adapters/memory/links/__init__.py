"""Links in memory."""
