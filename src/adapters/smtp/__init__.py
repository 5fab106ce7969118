"""Hands mails over to a mail server by SMTP."""
