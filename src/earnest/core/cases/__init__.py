"""Cases: what a dispute, its evidence, a proven notice and a second person are.

Orders stand on this room; their chapters say when each of these may happen.
"""
