"""What is true about the shop."""
