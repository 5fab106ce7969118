"""Technologies that the shop uses."""
