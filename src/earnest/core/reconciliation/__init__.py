"""Reconciling: what providers and banks say, beside what our books say, and why they differ.

Five ideas: the outside statement, the booked sum, the match, the doubt, and the explanation. Not
here: changing any order or any entry. What differs is shown; it is corrected by commands.
"""
