"""The routes of `/api/v1`: each module has its input type, its handler and its output, in order.

Not here: what all routes share (`wiring.py`, `reading.py`, `identity.py`).
"""
