"""What `make bench` measures, as ratios inside one run.

Not here: tests. The machine is shared and noisy, so nothing asserts a time.
"""
