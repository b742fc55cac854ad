"""The catalogue: models, options, rules between options, prices, configurations.

Not here: what is on sale when; an offer ties a catalogue version to terms and a queue.
"""
