"""What the service does in a second, and what that costs: the `bench` recipes of `just`."""
