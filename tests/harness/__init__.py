"""The one way to run Latchkey: a service, a command, a PostgreSQL server.

Production, faults, fuzz, soak, repository and bench use it. It knows no suite, no fixture but its
own, and no pytest outside `databases.py`.
"""
