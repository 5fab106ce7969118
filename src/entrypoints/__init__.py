"""How the outside reaches the service, and the one place where everything is put together."""
