"""PostgreSQL: schema, named statements, pool, embedded server, and the desk's ports on them.

Not here: rules. What may happen to an order is decided in `core`; the store keeps it, and the
constraints of the database refuse what must never exist even if every rule were wrong.
"""
