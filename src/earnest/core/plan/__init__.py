"""The plan: capacity, days for orders, and the windows promised from them.

Not here: orders. The desk turns them into what is planned.
"""
