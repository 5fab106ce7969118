"""Bootstrap and users over HTTP."""
