"""The signed-in user's own account: what it is, another address for it, and its end."""
