"""The life of an order: stages, commands, events, and one file per chapter.

Not here: money accounts (`bookkeeping.py`), deadlines (`timers.py`), storing and sending.
"""
