"""What all pages share: how one is asked for, who asks, forms, words, and how it is written.

Not here: the buyers' pages (`web/site`) and those of the staff (`web/office`).
"""
