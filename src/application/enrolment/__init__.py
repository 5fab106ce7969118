"""What users can do with their own second factors."""
