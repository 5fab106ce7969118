"""What users can do with their own account."""
