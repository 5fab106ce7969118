"""Registration and invitations over HTTP."""
