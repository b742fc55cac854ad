"""The queue: ranks and their order.

Not here: plan runs and slots.
"""
