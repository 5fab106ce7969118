"""The signed-in user's own account: what it is, and another address for it."""
