"""Every code as a status and as words: what is the matter, what it is about, what to do.

The words stand in `locale/refusals.*.toml`, one file a language. Not here: when a code applies.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from earnest.core.values.reason import Reason
from earnest.web.codes import Code, DoorCode
from earnest.web.languages import LANGUAGES
from earnest.web.naming import named
from earnest.web.pages.plan_changes import changes_in_one

CONFLICT = 409
"""A rule's rejection: the request is well written, but the order's state does not allow it."""

_CONTENT = 422
_STATUS: dict[Code, int] = {
    # The content itself is wrong, whatever state the order is in.
    Reason.PRICE_DIFFERS: _CONTENT,
    Reason.TERMS_NOT_ACKNOWLEDGED: _CONTENT,
    Reason.CURRENCY_DIFFERS: _CONTENT,
    Reason.AMOUNT_NOT_POSITIVE: _CONTENT,
    Reason.AMOUNT_EXCEEDS_BALANCE_DUE: _CONTENT,
    Reason.MODEL_UNKNOWN: _CONTENT,
    Reason.OPTION_UNKNOWN: _CONTENT,
    Reason.OPTION_REPEATED: _CONTENT,
    Reason.CHOICE_MISSING: _CONTENT,
    Reason.CHOICE_DOUBLE: _CONTENT,
    Reason.OPTION_REQUIRES: _CONTENT,
    Reason.OPTION_EXCLUDES: _CONTENT,
    Reason.ACKNOWLEDGEMENT_MISSING: _CONTENT,
    Reason.DEFERRAL_TOO_LONG: _CONTENT,
    Reason.DEMAND_WAITS_UNACKNOWLEDGED: _CONTENT,
    Reason.DEFERRAL_IN_THE_PAST: _CONTENT,
    Reason.VIN_MALFORMED: _CONTENT,
    Reason.VIN_MISSING: _CONTENT,
    Reason.VIN_DIFFERS: _CONTENT,
    Reason.PLACE_MISSING: _CONTENT,
    Reason.APPOINTMENT_MISSING: _CONTENT,
    Reason.CENTRE_UNKNOWN: 404,
    Reason.CENTRE_MALFORMED: _CONTENT,
    Reason.PROMISE_MALFORMED: _CONTENT,
    Reason.BUYER_CONFIRMATION_MISSING: _CONTENT,
    Reason.CHECKLIST_INCOMPLETE: _CONTENT,
    Reason.REMARKS_MISSING: _CONTENT,
    Reason.REMEDY_MISSING: _CONTENT,
    Reason.DOCUMENTS_MISSING: _CONTENT,
    Reason.CURE_PERIOD_TOO_SHORT: _CONTENT,
    Reason.NOTICE_MALFORMED: _CONTENT,
    Reason.PROOF_MISSING: _CONTENT,
    Reason.SUBJECT_MISSING: _CONTENT,
    Reason.ANSWER_MISSING: _CONTENT,
    Reason.REASONS_MISSING: _CONTENT,
    Reason.EVIDENCE_TYPE_UNSUITABLE: _CONTENT,
    Reason.EVIDENCE_MALFORMED: _CONTENT,
    Reason.CHARGEBACK_EXCEEDS_PAYMENT: _CONTENT,
    Reason.OVERRIDE_MISSING: _CONTENT,
    Reason.OVERRIDE_REPEATED: _CONTENT,
    Reason.OVERRIDE_MALFORMED: _CONTENT,
    Reason.BELOW_MANDATORY_MINIMUM: _CONTENT,
    Reason.AGREEMENT_TEXT_MISSING: _CONTENT,
    Reason.AGREEMENT_MALFORMED: _CONTENT,
    Reason.FLEET_MALFORMED: _CONTENT,
    Reason.CHANGE_MALFORMED: _CONTENT,
    Reason.EXPLANATION_MISSING: _CONTENT,
    Reason.PRICE_NOT_LOWER: _CONTENT,
    Reason.TERMS_FAULTY: _CONTENT,
    Reason.TERMS_UNFAIR: _CONTENT,
    Reason.QUEUE_UNKNOWN: _CONTENT,
    Reason.OFFER_IN_THE_PAST: _CONTENT,
    Reason.OFFER_CLOSES_TOO_EARLY: _CONTENT,
    Reason.MODEL_LINE_MISSING: _CONTENT,
    Reason.PRICE_BELOW_TERMS: _CONTENT,
    Reason.CODE_MISSING: _CONTENT,
    Reason.CODE_FORGED: _CONTENT,
    Reason.CODE_OF_ANOTHER_MODEL: _CONTENT,
    Reason.CODE_OF_ANOTHER_QUEUE: _CONTENT,
    Reason.CHANNEL_UNKNOWN: _CONTENT,
    Reason.REFERRAL_FORGED: _CONTENT,
    Reason.REFERRED_BY_ONESELF: _CONTENT,
    Reason.CAMPAIGN_FAULTY: _CONTENT,
    Reason.CAMPAIGN_UNFAIR: _CONTENT,
    Reason.OPENING_IN_THE_PAST: _CONTENT,
    Reason.OPENING_TOO_CLOSE: _CONTENT,
    Reason.CAMPAIGN_OF_ANOTHER_QUEUE: _CONTENT,
    Reason.GROUP_UNSUITABLE: _CONTENT,
    Reason.GROUP_UNKNOWN: _CONTENT,
    Reason.ADMISSION_RULE_MALFORMED: _CONTENT,
    Reason.ADMISSION_RULE_FIXED: _CONTENT,
    Reason.EDITION_EMPTY: _CONTENT,
    Reason.FREED_OFFER_TOO_SHORT: _CONTENT,
    Reason.COLUMNS_UNSUITABLE: _CONTENT,
    Reason.STATEMENT_OF_ANOTHER_ACCOUNT: _CONTENT,
    Reason.STATEMENT_UNBALANCED: _CONTENT,
    Reason.BATCH_DIFFERS: _CONTENT,
    Reason.MATCH_EMPTY: _CONTENT,
    Reason.MATCH_TOO_LARGE: _CONTENT,
    Reason.MATCH_REASON_MISSING: _CONTENT,
    Reason.FEE_EXPLAINS_ITSELF: _CONTENT,
    Reason.PERSON_UNVERIFIED: 403,
    Reason.NOT_IN_BULK: _CONTENT,
    # Who may know and do what.
    Reason.NOT_PERMITTED: 403,
    Reason.NOT_INVITED: 403,
    Reason.CODE_OF_ANOTHER_BUYER: 403,
    Reason.CAMPAIGN_UNKNOWN: 404,
    Reason.PLAN_UNKNOWN: 404,
    Reason.OUTSIDE_ACCOUNT_UNKNOWN: 404,
    Reason.MATCH_UNKNOWN: 404,
    Reason.PLAN_RUN_UNKNOWN: 404,
    Reason.CAPACITY_FAULTY: _CONTENT,
    Reason.CAPACITY_NAME_UNKNOWN: _CONTENT,
    Reason.SUPPOSITION_MISSING: _CONTENT,
    Reason.SUPPOSITION_UNREADABLE: _CONTENT,
    Reason.SUPPOSITION_PERCENT_UNSUITABLE: _CONTENT,
    Reason.SUPPOSITION_DAYS_EMPTY: _CONTENT,
    Reason.SUPPOSITION_OUTSIDE: _CONTENT,
    Reason.SUPPOSITION_LEAVES_NOTHING: _CONTENT,
    Reason.ORDER_UNKNOWN: 404,
    Reason.SEQUENCE_STALE: 412,
    Reason.ADMISSION_MISSING: 403,
    Reason.ADMISSION_OF_ANOTHER_LAUNCH: 403,
    Reason.ADMISSION_OF_ANOTHER_BUYER: 403,
    Reason.ADMISSION_EARLY: 403,
    Reason.ADMISSION_OVER: 403,
    DoorCode.ADMISSION_INVALID: 403,
    DoorCode.PLACE_UNKNOWN: 404,
    DoorCode.DRAW_NOT_REVEALED: 404,
    DoorCode.TOKEN_MISSING: 401,
    DoorCode.TOKEN_INVALID: 401,
    DoorCode.TOKEN_EXPIRED: 401,
    DoorCode.SESSION_ENDED: 401,
    DoorCode.ROUTE_UNKNOWN: 404,
    DoorCode.METHOD_UNSUITABLE: 405,
    DoorCode.TERMS_UNKNOWN: 404,
    DoorCode.CATALOGUE_UNKNOWN: 404,
    DoorCode.PROVIDER_UNKNOWN: 404,
    DoorCode.EVIDENCE_UNKNOWN: 404,
    DoorCode.NOTICE_UNKNOWN: 404,
    DoorCode.PAPER_UNKNOWN: 404,
    DoorCode.QUEUE_NOT_FOUND: 404,
    DoorCode.DEMO_ONLY: 404,
    # How the request is written.
    DoorCode.BODY_TOO_LARGE: 413,
    DoorCode.BODY_CUT_SHORT: 400,
    DoorCode.MALFORMED_JSON: 400,
    DoorCode.UNKNOWN_FIELD: 400,
    DoorCode.FIELD_MISSING: 400,
    DoorCode.WRONG_TYPE: 400,
    DoorCode.CHARACTER_UNSUITABLE: 400,
    DoorCode.ENCODING_WRONG: 400,
    DoorCode.CURSOR_MALFORMED: 400,
    DoorCode.ETAG_MALFORMED: 400,
    DoorCode.INSTANT_TOO_EARLY: _CONTENT,
    DoorCode.KEY_MISSING: 400,
    DoorCode.KEY_MALFORMED: 400,
    DoorCode.KEY_REUSED: _CONTENT,
    DoorCode.KEY_RUNNING: CONFLICT,
    DoorCode.FORM_MALFORMED: 400,
    DoorCode.FORM_STALE: 403,
    DoorCode.ADDRESS_UNSUITABLE: _CONTENT,
    DoorCode.LINK_UNKNOWN: 404,
    DoorCode.STAFF_UNKNOWN: 404,
    DoorCode.OWN_RIGHTS: 403,
    DoorCode.ROLE_WISH_UNKNOWN: 404,
    DoorCode.INVITATION_OVER: 404,
    DoorCode.INVITATION_NOT_SENT: 503,
    DoorCode.FACTOR_CODE_WRONG: _CONTENT,
    DoorCode.FACTOR_TOO_OFTEN: 403,
    DoorCode.FACTOR_NOT_SHOWN: 403,
    DoorCode.PASSKEY_MALFORMED: _CONTENT,
    DoorCode.PASSKEY_ORIGIN_FOREIGN: 403,
    DoorCode.PASSKEY_CHALLENGE_UNKNOWN: 403,
    DoorCode.PASSKEY_CHALLENGE_OVER: 403,
    DoorCode.PASSKEY_CHALLENGE_USED: 403,
    DoorCode.PASSKEY_UNKNOWN: _CONTENT,
    DoorCode.PASSKEY_OF_ANOTHER: 403,
    DoorCode.PASSKEY_USER_NOT_VERIFIED: 403,
    DoorCode.PASSKEY_COUNTER_WENT_BACK: 403,
    DoorCode.PASSKEY_TOO_OFTEN: 403,
    DoorCode.PERSON_ONLY: 403,
    DoorCode.SCOPE_UNSUITABLE: 403,
    DoorCode.TOKEN_LASTS_TOO_LONG: _CONTENT,
    DoorCode.SESSION_UNKNOWN: 404,
    DoorCode.TRAIL_TOO_LONG: _CONTENT,
    DoorCode.ENDPOINT_UNKNOWN: 404,
    DoorCode.ENDPOINT_UNSUITABLE: _CONTENT,
    DoorCode.DELIVERY_UNKNOWN: 404,
    DoorCode.LINK_OVER: 404,
    DoorCode.MESSAGE_EMPTY: _CONTENT,
    DoorCode.MESSAGE_UNKNOWN: 404,
    DoorCode.MESSAGES_TOO_OFTEN: 403,
    DoorCode.FILE_UNSUITABLE: _CONTENT,
    DoorCode.FILES_TOO_LARGE: _CONTENT,
    DoorCode.JOURNAL_TOO_LONG: 422,
    DoorCode.NAME_MISSING: _CONTENT,
    DoorCode.BULK_EMPTY: _CONTENT,
    DoorCode.BULK_TOO_LARGE: _CONTENT,
    DoorCode.BULK_UNKNOWN: 404,
    DoorCode.WEBHOOK_UNSIGNED: 401,
    DoorCode.WEBHOOK_SIGNATURE_WRONG: 401,
    DoorCode.WEBHOOK_STALE: 400,
    DoorCode.WEBHOOK_FUTURE_DATED: 400,
    DoorCode.WEBHOOK_MALFORMED: 400,
    # Not now, or our own fault.
    DoorCode.DESK_FULL: 503,
    Reason.SALE_PAUSED: 503,
    DoorCode.PROOF_NOT_SENT: 503,
    DoorCode.PROOF_TOO_OFTEN: 403,
    DoorCode.PROOF_CODE_WRONG: _CONTENT,
    DoorCode.PROOF_NUMBER_UNCONFIRMED: _CONTENT,
    DoorCode.PROOF_PHONE_UNREADABLE: _CONTENT,
    DoorCode.PROOF_PHONE_KEPT: 409,
    DoorCode.PROOF_NUMBER_KEPT: 409,
    DoorCode.STORE_UNAVAILABLE: 503,
    DoorCode.PLACES_NOT_READY: 503,
    DoorCode.DEFECT: 500,
}


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code in one language: a title, what is the matter, and what to do about it.

    `detail` may name values in braces; they come from the rejection's details.
    """

    title: str
    detail: str
    way_out: str


class _Details(dict[str, str]):
    """Details of a rejection; a value that was not given shows as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def status_of(code: Code) -> int:
    """The HTTP status for a code: 409 for everything that an order's state forbids."""
    return _STATUS.get(code, CONFLICT)


def wording_of(code: Code, language: str, details: Mapping[str, str]) -> Wording:
    """The words for a code, with the details filled in.

    A detail that ends with a dot and a language is what `{}` of its beginning says in that one.
    """
    wording = WORDINGS[language][code.value]
    own = {key.removesuffix(f".{language}"): each for key, each in details.items()}
    filled = _Details(named({**details, **own}, language))
    if code is Reason.PLAN_OUTDATED:
        filled["changes"] = changes_in_one(details, language)
    return Wording(
        title=wording.title,
        detail=wording.detail.format_map(filled),
        way_out=wording.way_out.format_map(filled),
    )


def _read(language: str) -> dict[str, Wording]:
    name = f"refusals.{language}.toml"
    text = files(__package__).joinpath("locale").joinpath(name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Wording])


WORDINGS: dict[str, dict[str, Wording]] = {language: _read(language) for language in LANGUAGES}
"""Every code in every language."""
