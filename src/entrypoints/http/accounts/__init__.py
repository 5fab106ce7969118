"""The signed-in user over HTTP."""
