"""Second factors: what a user proves besides a password."""
