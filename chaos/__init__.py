"""The chaos suite: trials that break a running Earnest on purpose, and look for what was lost.

`python -m chaos --help` lists them. Each trial has a control: the same load on a variant of the
server that has a known fault, which the trial must notice. Not here: measuring (`benchmarks`).
"""
