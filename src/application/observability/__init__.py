"""What use cases tell those who count."""
