"""People: who they are, how they prove it, and in which roles they may act.

All personal data lives here and in the schema `people`; orders and events know only ids.
"""
