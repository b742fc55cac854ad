"""The linter: what is unfair in a terms document, by which law, and what would be right.

One function for each check, in files by phase of an order's life; `run.py` lists them all. A
check only looks at parameters. Not here: whether a document is well-formed (`reading.py`), and
the law itself (`packs/`).
"""
