"""The pack of California, on top of the federal rule: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
