"""What clients and operators can do with open sessions."""
