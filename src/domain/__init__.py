"""What is true about users, sessions, tokens and orders, and the ports these truths need.

Standard library only. Nothing here does I/O or asks what time it is.
"""
