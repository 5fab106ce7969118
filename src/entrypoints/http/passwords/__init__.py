"""New passwords over HTTP."""
