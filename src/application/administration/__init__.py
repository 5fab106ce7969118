"""What administrators and operators can do with accounts."""
