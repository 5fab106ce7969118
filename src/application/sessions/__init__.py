"""What clients and operators do with sessions that are open."""
