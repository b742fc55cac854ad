"""Payment providers behind one contract: the sandbox, its null twin, and later the real ones.

Nothing here knows an order, a ledger or a term; it knows references, sums and what a provider
answered.
"""
