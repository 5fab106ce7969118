"""Ways to sign in. All of them end in `open_session`."""
