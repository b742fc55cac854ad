"""The smallest words of the core: money, instants, identifiers, outcomes.

Not here: anything that knows what an order is.
"""
