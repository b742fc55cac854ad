"""The simulator: crowds that use Earnest over HTTP from outside, and checks of what they saw.

Not here: any way into the server's process or database.
"""
