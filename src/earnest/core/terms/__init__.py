"""Terms: the policy that runs, the text that was accepted, and what was agreed besides.

Not here: publishing and rendering of terms documents.
"""
