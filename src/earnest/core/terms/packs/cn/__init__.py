"""The pack of China: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
