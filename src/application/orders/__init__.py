"""What users can do with their orders."""
