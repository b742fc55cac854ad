"""The rules of Earnest: pure functions over immutable values.

Not here: input and output, clocks, randomness, SQL, HTTP, wording for people.
"""
