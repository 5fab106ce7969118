"""Telling users by mail what happened to their accounts, and sending the mails."""
