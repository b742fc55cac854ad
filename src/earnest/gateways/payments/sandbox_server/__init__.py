"""The sandbox payment provider: a small provider of our own that can misbehave on request.

It is a separate process that meets Earnest over HTTP only, as any provider would; it is not a model
of one particular provider and must never see real money. Everybody who can reach its port can move
its clock and break its answers, so it belongs on the loopback interface.
"""
