"""The pack of the European Union: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
