"""What runs beside requests in each worker."""
