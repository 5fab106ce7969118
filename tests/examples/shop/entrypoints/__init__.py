"""What a server of the shop runs."""
