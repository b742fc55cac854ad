"""The desk: the one write path, from a queue of commands to one transaction per group.

Not here: rules (core), SQL (store), HTTP (web), the outside world (gateways).
"""
