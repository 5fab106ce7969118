"""What the service does in a second, and what that costs: `just bench`, `just bench-growth`."""
