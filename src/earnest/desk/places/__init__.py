"""Places in the queue: a picture of all queues in memory, and what follows from who stands where.

Not here: what a move is (`core/queue`) and writing moves, which the desk does with each event.
"""
