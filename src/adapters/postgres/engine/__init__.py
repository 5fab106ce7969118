"""How statements reach PostgreSQL: connections, the pool, transactions, the clock."""
