"""The digital twin: a maker's whole year on a virtual clock, through the same rules as the server.

Not here: launches replayed against a running server (`simulator/replay.py`).
"""
