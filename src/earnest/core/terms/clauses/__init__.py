"""The contract's text, clause by clause, in Chinese and English, from the parameters alone.

Unfair values have their text too: whoever reads an unfair document has to see what it says.
Not here: what is unfair about it (`lint/`) and what runs (`policy.py`).
"""
