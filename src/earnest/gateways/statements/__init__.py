"""Files of providers and banks, read strictly: whatever is not understood is a fault with its line.

Not here: what a statement means for the books (`core/reconciliation`).
"""
