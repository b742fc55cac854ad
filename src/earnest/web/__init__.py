"""The doors: HTTP in, commands to the desk, answers and problems out.

Not here: rules. A door checks who asks and how the request is written, and translates.
"""
