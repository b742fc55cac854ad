"""Scenarios: cases that lawyers write, executed against the real core and reported line by line.

A case says what was given, what was done when, and what has to follow. No outcome of any case is
known here. Not here: launches and their crowds, the other half of the simulator.
"""
