"""What users do with their orders."""
