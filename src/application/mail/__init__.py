"""Mails to users about their accounts: writing and sending them."""
