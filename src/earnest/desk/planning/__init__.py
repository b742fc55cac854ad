"""Planning at the desk: capacity that is published, plans tried dry, and plans that are applied.

Not here: how a plan is made (`core/plan`) and how it is stored (`store/plans.py`).
"""
