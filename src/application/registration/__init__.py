"""Registration and invitations: links that make users."""
