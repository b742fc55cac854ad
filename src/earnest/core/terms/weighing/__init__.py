"""What each parameter of a terms document is worth to the buyer, for comparing two documents.

One file for each file of `sections/`, and the words for values. Not here: comparing (`diff.py`).
"""
