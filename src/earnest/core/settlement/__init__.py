"""Settlement: for every exit, who owes whom what, line by line, with the rule that says so.

Not here: whether an exit is open to somebody (`core/order`), and paying it out.
"""
