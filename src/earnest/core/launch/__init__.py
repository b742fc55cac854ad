"""Launches: what goes on sale, where, from when, for whom first, and with which benefits.

Not here: orders, which refer to a campaign and never the other way round.
"""
