"""Mails to users, the outbox that keeps them until they are sent, and how they are sent."""
