"""The world outside: clock, payment providers, mail and outgoing webhooks, each behind a contract.

Nothing here decides anything about an order; the rules live in the core and the order of work in
the desk. A gateway only says what the world answered, as a value.
"""
