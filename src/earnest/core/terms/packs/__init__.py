"""Packs: the law of each jurisdiction as data, one folder of rules each.

Not here: finding faults in a document (`terms/lint`) and computing an exit (`core/settlement`).
Both read what stands here.
"""
