"""The pack of Korea: its rules as data.

Not here: the checks that hold them (`terms/lint`).
"""
