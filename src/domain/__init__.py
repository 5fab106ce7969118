"""The rules for users, sessions, tokens and orders, and the ports that they need.

Imports only the standard library. Nothing here does I/O or reads the time.
"""
