"""The migrations. Each names its predecessor."""
