"""In which order tests run when mutants are tried: what notices most comes first.

Not here: which tests run then, which `[tool.mutmut]` in pyproject.toml says.
"""

from __future__ import annotations

import os

import pytest

NOTICE_MOST = ("test_words.py", "test_clauses.py", "test_settlement_tables.py")
"""Tables that hold every sentence and sum. A mutant ends with the first test that notices it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("EARNEST_HYPOTHESIS_PROFILE") == "mutants":
        items.sort(key=lambda item: item.path.name not in NOTICE_MOST)
