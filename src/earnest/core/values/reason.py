"""Every reason for which a command can be rejected, with its stable code.

Not here: the wording, which the doors add in the reader's language, and the rules that use them.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why nothing happened. Codes are part of the interface and are never renamed."""

    # Anybody, any command.
    ORDER_UNKNOWN = "order_unknown"
    NOT_PERMITTED = "not_permitted"
    STAGE_UNSUITABLE = "stage_unsuitable"
    ORDER_OVER = "order_over"
    ORDER_EXISTS = "order_exists"
    SEQUENCE_STALE = "sequence_stale"
    NOTHING_DUE = "nothing_due"

    # Reserving and paying the deposit.
    TERMS_NOT_CURRENT = "terms_not_current"
    TERMS_NOT_ACKNOWLEDGED = "terms_not_acknowledged"
    CATALOGUE_NOT_CURRENT = "catalogue_not_current"
    SALE_NOT_OPEN = "sale_not_open"
    SALE_PAUSED = "sale_paused"
    SALE_NOT_PAUSED = "sale_not_paused"
    PRICE_DIFFERS = "price_differs"
    PAYMENT_UNKNOWN = "payment_unknown"
    CURRENCY_DIFFERS = "currency_differs"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"

    # Configuration.
    MODEL_UNKNOWN = "model_unknown"
    OPTION_UNKNOWN = "option_unknown"
    OPTION_REPEATED = "option_repeated"
    CHOICE_MISSING = "choice_missing"
    CHOICE_DOUBLE = "choice_double"
    OPTION_REQUIRES = "option_requires"
    OPTION_EXCLUDES = "option_excludes"
    CHANGE_WINDOW_OVER = "change_window_over"
    CONFIGURATION_UNCHANGED = "configuration_unchanged"

    # Cooling-off and lock.
    COOLING_OFF_OVER = "cooling_off_over"
    COOLING_OFF_RUNNING = "cooling_off_running"
    EARLY_LOCK_NOT_OFFERED = "early_lock_not_offered"
    ACKNOWLEDGEMENT_MISSING = "acknowledgement_missing"
    UNDO_WINDOW_OVER = "undo_window_over"
    UNDO_WINDOW_RUNNING = "undo_window_running"

    # Deferral.
    DEFERRAL_TOO_LONG = "deferral_too_long"
    DEFERRAL_IN_THE_PAST = "deferral_in_the_past"
    DEFERRAL_NOT_REQUESTED = "deferral_not_requested"
    DEFERRAL_REQUEST_OPEN = "deferral_request_open"
    ORDER_NOT_DEFERRED = "order_not_deferred"
    ORDER_DEFERRED = "order_deferred"
    AGREEMENT_OPEN = "agreement_open"

    # Side agreements and public promises.
    OVERRIDE_MISSING = "override_missing"
    OVERRIDE_REPEATED = "override_repeated"
    OVERRIDE_MALFORMED = "override_malformed"
    BELOW_MANDATORY_MINIMUM = "below_mandatory_minimum"
    AGREEMENT_TEXT_MISSING = "agreement_text_missing"
    AGREEMENT_MALFORMED = "agreement_malformed"
    AGREEMENTS_CONTRADICT = "agreements_contradict"
    AGREEMENT_UNKNOWN = "agreement_unknown"
    AGREEMENT_NOT_YOURS = "agreement_not_yours"
    PROMISE_UNKNOWN = "promise_unknown"
    PROMISE_APPLIED = "promise_applied"
    REDUCTION_EXCEEDS_BALANCE_DUE = "reduction_exceeds_balance_due"
    CLAUSE_NOT_INCORPORATED = "clause_not_incorporated"

    # A newer version of the terms.
    OFFERED_TERMS_UNKNOWN = "offered_terms_unknown"
    TERMS_UNCHANGED = "terms_unchanged"
    WORSE_TERMS_NOT_OFFERED = "worse_terms_not_offered"
    TERMS_NOT_OFFERED = "terms_not_offered"
    WORSE_NOT_ACCEPTED = "worse_not_accepted"

    # Change while waiting.
    CHANGE_OPEN = "change_open"
    CHANGE_UNKNOWN = "change_unknown"
    CHANGE_OVER = "change_over"
    CHANGE_MALFORMED = "change_malformed"
    EXPLANATION_MISSING = "explanation_missing"
    SWITCH_NOT_OFFERED = "switch_not_offered"
    PRICE_NOT_LOWER = "price_not_lower"

    # Production, tender, inspection.
    VIN_MALFORMED = "vin_malformed"
    VIN_DIFFERS = "vin_differs"
    VIN_MISSING = "vin_missing"
    PLACE_MISSING = "place_missing"
    APPOINTMENT_MISSING = "appointment_missing"
    APPOINTMENT_NOT_OFFERED = "appointment_not_offered"
    APPOINTMENT_NOT_OVER = "appointment_not_over"
    PROMISE_MALFORMED = "promise_malformed"
    SLOT_UNCHANGED = "slot_unchanged"
    NO_PLANT_BUILDS_IT = "no_plant_builds_it"
    BEYOND_HORIZON = "beyond_horizon"
    DELAY_UNKNOWN = "delay_unknown"
    DELAY_OVER = "delay_over"
    NOT_TENDERED = "not_tendered"
    BUYER_CONFIRMATION_MISSING = "buyer_confirmation_missing"
    CHECKLIST_INCOMPLETE = "checklist_incomplete"
    REMARKS_MISSING = "remarks_missing"
    REMEDY_MISSING = "remedy_missing"

    # Balance and handover.
    NOT_INSPECTED = "not_inspected"
    INSPECTION_REFUSED = "inspection_refused"
    BALANCE_ALREADY_DEMANDED = "balance_already_demanded"
    BALANCE_ALREADY_PAID = "balance_already_paid"
    AMOUNT_EXCEEDS_BALANCE_DUE = "amount_exceeds_balance_due"
    BALANCE_UNPAID = "balance_unpaid"
    DOCUMENTS_MISSING = "documents_missing"
    CONFIGURATION_DIFFERS = "configuration_differs"

    # Demands, exits, cases.
    CURE_PERIOD_TOO_SHORT = "cure_period_too_short"
    CURE_PERIOD_RUNNING = "cure_period_running"
    NO_MISSED_APPOINTMENT = "no_missed_appointment"
    NO_DEFAULT = "no_default"
    DEMAND_UNKNOWN = "demand_unknown"
    DEMAND_OPEN = "demand_open"
    NOTICE_MALFORMED = "notice_malformed"
    NOT_LATE = "not_late"
    GROUND_NOT_PROVEN = "ground_not_proven"
    ALREADY_LATE = "already_late"
    NOTIFIED_LATE = "notified_late"
    PROOF_MISSING = "proof_missing"
    NO_CONTESTED_CANCELLATION = "no_contested_cancellation"
    CASE_UNKNOWN = "case_unknown"
    CASE_OPEN = "case_open"
    CASE_ANSWERED = "case_answered"
    SUBJECT_MISSING = "subject_missing"
    ANSWER_MISSING = "answer_missing"
    REASONS_MISSING = "reasons_missing"
    EVIDENCE_TYPE_UNSUITABLE = "evidence_type_unsuitable"
    EVIDENCE_MALFORMED = "evidence_malformed"
    EVIDENCE_LIMIT_REACHED = "evidence_limit_reached"

    # Money going out.
    PAYOUT_UNKNOWN = "payout_unknown"
    PAYOUT_NOT_WAITING = "payout_not_waiting"
    PAYOUT_FINISHED = "payout_finished"
    SECOND_PERSON_MISSING = "second_person_missing"
    NOTHING_TO_RELEASE = "nothing_to_release"
    CHARGEBACK_EXCEEDS_PAYMENT = "chargeback_exceeds_payment"
    PAYOUT_WAITS_FOR_RETURN = "payout_waits_for_return"

    # What bears on a settlement.
    LOSS_UNKNOWN = "loss_unknown"
    NO_LOSS_KEPT = "no_loss_kept"
    FLEET_MALFORMED = "fleet_malformed"
    WITHDRAWAL_OVER = "withdrawal_over"
    NOTHING_TO_RETURN = "nothing_to_return"

    # Campaigns: coming in by an invitation or a code, and benefits.
    CAMPAIGN_UNKNOWN = "campaign_unknown"
    GROUP_UNKNOWN = "group_unknown"
    GROUP_NOT_OPEN = "group_not_open"
    GROUP_FULL = "group_full"
    NOT_INVITED = "not_invited"
    CODE_MISSING = "code_missing"
    CODE_FORGED = "code_forged"
    CODE_UNKNOWN = "code_unknown"
    CODE_OVER = "code_over"
    CODE_USED = "code_used"
    CODE_REVOKED = "code_revoked"
    CODE_OF_ANOTHER_BUYER = "code_of_another_buyer"
    CODE_OF_ANOTHER_MODEL = "code_of_another_model"
    CODE_OF_ANOTHER_QUEUE = "code_of_another_queue"
    CHANNEL_UNKNOWN = "channel_unknown"
    REFERRAL_FORGED = "referral_forged"
    REFERRED_BY_ONESELF = "referred_by_oneself"
    NOTHING_TO_REFER_TO = "nothing_to_refer_to"
    BENEFIT_UNKNOWN = "benefit_unknown"
    BENEFIT_NOT_OWED = "benefit_not_owed"
    BENEFIT_DELIVERED = "benefit_delivered"

    # Publishing a campaign and issuing its codes.
    CAMPAIGN_FAULTY = "campaign_faulty"
    CAMPAIGN_UNFAIR = "campaign_unfair"
    CAMPAIGN_VERSION_STALE = "campaign_version_stale"
    CAMPAIGN_OF_ANOTHER_QUEUE = "campaign_of_another_queue"
    CAMPAIGN_RUNNING = "campaign_running"
    QUEUE_ON_SALE = "queue_on_sale"
    OPENING_IN_THE_PAST = "opening_in_the_past"
    OPENING_TOO_CLOSE = "opening_too_close"
    OPENING_PASSED = "opening_passed"
    BENEFIT_TAKEN_AWAY = "benefit_taken_away"
    QUOTA_TAKEN_AWAY = "quota_taken_away"
    PERIOD_TAKEN_AWAY = "period_taken_away"
    GROUP_TAKEN_AWAY = "group_taken_away"
    CHANNEL_TAKEN_AWAY = "channel_taken_away"
    GROUP_UNSUITABLE = "group_unsuitable"
    CODES_EXCEED_QUOTA = "codes_exceed_quota"

    # Publishing terms and putting them on sale.
    TERMS_FAULTY = "terms_faulty"
    TERMS_UNFAIR = "terms_unfair"
    QUEUE_UNKNOWN = "queue_unknown"
    OFFER_IN_THE_PAST = "offer_in_the_past"
    OFFER_CLOSES_TOO_EARLY = "offer_closes_too_early"
    OFFER_EXISTS = "offer_exists"
    MODEL_LINE_MISSING = "model_line_missing"
    PRICE_BELOW_TERMS = "price_below_terms"
    VERSION_TAKEN = "version_taken"

    # Being let in to a launch.
    ROOM_NOT_OPEN = "room_not_open"
    ROOM_CLOSED = "room_closed"
    ADMISSION_RULE_MALFORMED = "admission_rule_malformed"
    ADMISSION_RULE_FIXED = "admission_rule_fixed"
    ADMISSION_MISSING = "admission_missing"
    ADMISSION_OF_ANOTHER_LAUNCH = "admission_of_another_launch"
    ADMISSION_OF_ANOTHER_BUYER = "admission_of_another_buyer"
    ADMISSION_EARLY = "admission_early"
    ADMISSION_OVER = "admission_over"

    # Scarce: limited editions and limits per person.
    EDITION_EMPTY = "edition_empty"
    EDITION_SHRUNK = "edition_shrunk"
    FREED_OFFER_TOO_SHORT = "freed_offer_too_short"
    PERSON_UNVERIFIED = "person_unverified"
    PERSON_LIMIT_REACHED = "person_limit_reached"

    # Capacity and plans.
    CAPACITY_FAULTY = "capacity_faulty"
    CAPACITY_MISSING = "capacity_missing"
    HORIZON_SHORT = "horizon_short"
    PLAN_OUTDATED = "plan_outdated"
    PLAN_UNKNOWN = "plan_unknown"

    # Giving on a built car that another order gave up.
    CAR_NOT_RELEASED = "car_not_released"
    CAR_REFUSED_BEFORE = "car_refused_before"
    CAR_OF_ANOTHER_KIND = "car_of_another_kind"
    NOT_NEXT_IN_LINE = "not_next_in_line"
