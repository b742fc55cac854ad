"""The papers of an order that its buyer keeps: contract, receipts, record of the handover.

Not here: the dispute pack (`desk/pack`) and setting pages (`gateways/documents`).
"""
