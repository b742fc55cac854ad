"""The demo maker: terms, catalogue and queues to look around in.

Not here: anything that a real maker's installation needs.
"""
