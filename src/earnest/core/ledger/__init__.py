"""Double entry: accounts, postings, entries, and folding them to account balances.

Not here: orders. Which event posts what is said in `core/bookkeeping.py`.
"""
