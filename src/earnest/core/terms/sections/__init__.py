"""The sections of a terms document: every parameter that a contract text or the engine needs.

Not here: reading a file (`reading.py`), what the engine runs (`policy.py`) and what is unfair
about a value (`lint/`). A section can express unfair terms, because terms that cannot be written
down cannot be found wanting.
"""
