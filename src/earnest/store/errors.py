"""What can be wrong with the database or its directory, with a stable code and the cure.

Not here: rejections of commands. Those are values of the core; these are conditions that the
person who runs Earnest must change.
"""

from __future__ import annotations

from enum import StrEnum


class StoreErrorCode(StrEnum):
    """Stable names of the conditions; doors and scripts may rely on them."""

    DATA_DIRECTORY_NOT_WRITABLE = "data_directory_not_writable"
    DATA_DIRECTORY_IN_USE = "data_directory_in_use"
    DATA_DIRECTORY_OF_OTHER_VERSION = "data_directory_of_other_version"
    DATABASE_ENGINE_MISSING = "database_engine_missing"
    DATABASE_ACCOUNT_MISSING = "database_account_missing"
    DATABASE_DID_NOT_START = "database_did_not_start"
    DATABASE_UNREACHABLE = "database_unreachable"
    DATABASE_URL_MALFORMED = "database_url_malformed"
    DATABASE_TOO_OLD = "database_too_old"
    DATABASE_ENCODING_WRONG = "database_encoding_wrong"
    ROLE_NOT_GRANTED = "role_not_granted"
    ROLE_CANNOT_BE_CREATED = "role_cannot_be_created"
    RIGHTS_MISSING = "rights_missing"
    SCHEMA_OLDER = "schema_older"
    SCHEMA_NEWER = "schema_newer"


class StoreError(Exception):
    """The store cannot work; says what is wrong and what to do about it.

    `code` is stable, `problem` states the facts, `remedy` is the next step for a person.
    """

    def __init__(self, code: StoreErrorCode, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy} [{code}]")
        self.code = code
        self.problem = problem
        self.remedy = remedy
