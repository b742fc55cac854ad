"""Launches: what goes on sale, where and from when.

Not here: quotas, codes and draws, which no sale needs yet, and orders.
"""
