"""What users ask about their own account."""
