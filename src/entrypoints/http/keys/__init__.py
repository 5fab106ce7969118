"""Public keys and metadata over HTTP, for services that verify access tokens."""
