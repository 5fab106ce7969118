"""Background tasks of each worker."""
