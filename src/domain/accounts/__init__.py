"""Users, their e-mail addresses and their passwords."""
