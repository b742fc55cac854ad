"""The audit: every invariant over the whole database, each fault with its order and rule.

Not here: repairing anything. What is found is for people to look at.
"""
