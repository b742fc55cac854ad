"""The pack of the United Kingdom: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
