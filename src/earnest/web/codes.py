"""The codes by which a door turns a request away before any rule was asked.

Not here: the reasons of rules (`core/values/reason.py`) and the wording of both (`refusals.py`).
"""

from enum import StrEnum
from typing import TypeAlias

from earnest.core.values.reason import Reason


class DoorCode(StrEnum):
    """Why a request did not get past the door. Codes are never renamed."""

    # Who asks.
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a code, not a secret
    TOKEN_INVALID = "token_invalid"  # noqa: S105 - a code, not a secret
    TOKEN_EXPIRED = "token_expired"  # noqa: S105 - a code, not a secret
    SESSION_ENDED = "session_ended"

    # What is asked for.
    ROUTE_UNKNOWN = "route_unknown"
    METHOD_UNSUITABLE = "method_unsuitable"
    TERMS_UNKNOWN = "terms_unknown"
    CATALOGUE_UNKNOWN = "catalogue_unknown"
    PROVIDER_UNKNOWN = "provider_unknown"
    EVIDENCE_UNKNOWN = "evidence_unknown"
    NOTICE_UNKNOWN = "notice_unknown"
    PAPER_UNKNOWN = "paper_unknown"
    QUEUE_NOT_FOUND = "queue_not_found"
    DEMO_ONLY = "demo_only"

    # How it is written.
    BODY_TOO_LARGE = "body_too_large"
    BODY_CUT_SHORT = "body_cut_short"
    MALFORMED_JSON = "malformed_json"
    UNKNOWN_FIELD = "unknown_field"
    FIELD_MISSING = "field_missing"
    WRONG_TYPE = "wrong_type"
    ENCODING_WRONG = "encoding_wrong"
    CHARACTER_UNSUITABLE = "character_unsuitable"
    CURSOR_MALFORMED = "cursor_malformed"
    ETAG_MALFORMED = "etag_malformed"
    INSTANT_TOO_EARLY = "instant_too_early"

    # Doing it once.
    KEY_MISSING = "key_missing"
    KEY_MALFORMED = "key_malformed"
    KEY_REUSED = "key_reused"
    KEY_RUNNING = "key_running"

    # Being let in to a launch.
    PLACE_UNKNOWN = "place_unknown"
    DRAW_NOT_REVEALED = "draw_not_revealed"
    ADMISSION_INVALID = "admission_invalid"

    # Proving who one is.
    PROOF_TOO_OFTEN = "proof_too_often"
    PROOF_NOT_SENT = "proof_not_sent"
    PROOF_CODE_WRONG = "proof_code_wrong"
    PROOF_NUMBER_UNCONFIRMED = "proof_number_unconfirmed"
    PROOF_PHONE_UNREADABLE = "proof_phone_unreadable"
    PROOF_PHONE_KEPT = "proof_phone_kept"
    PROOF_NUMBER_KEPT = "proof_number_kept"

    # The staff, their rights and their sessions.
    STAFF_UNKNOWN = "staff_unknown"
    STAFF_EXISTS = "staff_exists"
    STAFF_INACTIVE = "staff_inactive"
    STAFF_JOINED_ALREADY = "staff_joined_already"
    OWN_RIGHTS = "own_rights"
    ROLE_HELD = "role_held"
    ROLE_NOT_HELD = "role_not_held"
    ROLE_WISH_UNKNOWN = "role_wish_unknown"
    INVITATION_OVER = "invitation_over"
    INVITATION_NOT_SENT = "invitation_not_sent"
    FACTOR_MISSING = "factor_missing"
    FACTOR_SET_ALREADY = "factor_set_already"
    FACTOR_CODE_WRONG = "factor_code_wrong"
    FACTOR_TOO_OFTEN = "factor_too_often"
    FACTOR_NOT_SHOWN = "factor_not_shown"
    PERSON_ONLY = "person_only"
    SCOPE_UNSUITABLE = "scope_unsuitable"
    TOKEN_LASTS_TOO_LONG = "token_lasts_too_long"  # noqa: S105 - a code, not a secret
    SESSION_UNKNOWN = "session_unknown"
    TRAIL_TOO_LONG = "trail_too_long"
    ENDPOINT_UNKNOWN = "endpoint_unknown"
    ENDPOINT_UNSUITABLE = "endpoint_unsuitable"
    DELIVERY_UNKNOWN = "delivery_unknown"

    # Passkeys of buyers and staff.
    PASSKEY_UNAVAILABLE = "passkey_unavailable"
    PASSKEY_MALFORMED = "passkey_malformed"
    PASSKEY_ORIGIN_FOREIGN = "passkey_origin_foreign"
    PASSKEY_CHALLENGE_UNKNOWN = "passkey_challenge_unknown"
    PASSKEY_CHALLENGE_OVER = "passkey_challenge_over"
    PASSKEY_CHALLENGE_USED = "passkey_challenge_used"
    PASSKEY_UNKNOWN = "passkey_unknown"
    PASSKEY_OF_ANOTHER = "passkey_of_another"
    PASSKEY_USER_NOT_VERIFIED = "passkey_user_not_verified"
    PASSKEY_COUNTER_WENT_BACK = "passkey_counter_went_back"
    PASSKEY_TOO_OFTEN = "passkey_too_often"
    PASSKEY_TOO_MANY = "passkey_too_many"
    PASSKEY_ADDED_ALREADY = "passkey_added_already"

    # Pages and their forms.
    FORM_MALFORMED = "form_malformed"
    FORM_STALE = "form_stale"
    ADDRESS_UNSUITABLE = "address_unsuitable"
    LINK_UNKNOWN = "link_unknown"
    LINK_OVER = "link_over"
    NAME_MISSING = "name_missing"
    JOURNAL_TOO_LONG = "journal_too_long"

    # Many orders at once.
    BULK_EMPTY = "bulk_empty"
    BULK_TOO_LARGE = "bulk_too_large"
    BULK_UNKNOWN = "bulk_unknown"

    # What buyer and maker say to each other.
    MESSAGE_EMPTY = "message_empty"
    MESSAGE_UNKNOWN = "message_unknown"
    MESSAGES_TOO_OFTEN = "messages_too_often"
    FILE_UNSUITABLE = "file_unsuitable"
    FILES_TOO_LARGE = "files_too_large"

    # A provider's message.
    WEBHOOK_UNSIGNED = "webhook_unsigned"
    WEBHOOK_SIGNATURE_WRONG = "webhook_signature_wrong"
    WEBHOOK_STALE = "webhook_stale"
    WEBHOOK_FUTURE_DATED = "webhook_future_dated"
    WEBHOOK_MALFORMED = "webhook_malformed"

    # Not now.
    DESK_FULL = "desk_full"
    STORE_UNAVAILABLE = "store_unavailable"
    PLACES_NOT_READY = "places_not_ready"
    DEFECT = "defect"


Code: TypeAlias = DoorCode | Reason
"""Everything that a problem document can be about."""
