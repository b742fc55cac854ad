"""Foreseeing: the live counters of everybody who waits, from which windows are promised.

Not here: how a day is found (`core/plan/book.py`).
"""
