"""Second factors in memory."""
