"""Login, refresh and logout over HTTP."""
