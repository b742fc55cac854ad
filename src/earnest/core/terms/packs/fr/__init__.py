"""The pack of France, on top of the European Union: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
