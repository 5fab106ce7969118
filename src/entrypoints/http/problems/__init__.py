"""Problems: every error that a client can get (RFC 9457)."""
