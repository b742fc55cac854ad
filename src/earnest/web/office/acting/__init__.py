"""Acting on one order: for every command of the staff a form that says what it does.

Not here: the rules of the commands, which stand in the core, and the order's own page.
"""
