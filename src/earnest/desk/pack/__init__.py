"""The dispute pack: everything about one order, for a buyer, a court, an authority.

The whole as data (`pack.py`), how it comes about (`gather.py`, `assemble.py`), and the same as
sheets to be set as pages (`sheet.py`). Setting them is a gateway's work (`gateways/documents`).
"""
