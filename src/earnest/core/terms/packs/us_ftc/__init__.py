"""The pack of the United States: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
