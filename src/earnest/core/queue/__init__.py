"""The queue: ranks, lanes, every move with its cause, and who was overtaken.

Not here: plan runs and slots (`core/plan`), and which event moves an order (`core/order`).
"""
