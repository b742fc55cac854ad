"""Tests that prove many rules at once, by name, so that rules can point to them.

Not here: tests of one rule, which its row names itself.
"""

from __future__ import annotations

FAULTS = "tests/core/lint/test_faults.py::test_a_fault_is_found_under_its_rules"
"""Every line of a table of faults, each with the rules under which the linter finds it."""

STORIES = "tests/core/test_tables.py::test_a_story_happens_as_it_is_written"
"""The lives of orders in `tests/core/tables`; each story names the rules that it follows."""

SETTLEMENTS = "tests/core/test_settlement_tables.py::test_the_law_settles_as_the_table_says"
"""What each law settles for every ground, line by line, in `tests/core/tables/settlement`."""

CASES = "tests/simulator/scenarios/test_examples.py::test_a_shipped_case_comes_out_as_it_says"
"""The cases in `examples/cases`, run against the real rules; each names the rules it is about."""
