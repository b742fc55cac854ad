"""Commands about what both sides agreed, and about what changes while the buyer waits.

Not here: fields (`fields.py`), and commands of other chapters.
"""

from __future__ import annotations

from earnest.core.order.parts_of_agreements import ChangeKind
from earnest.core.terms.agreement import Origin
from earnest.web.office.acting.fields import CommandForm, Field, FieldKind
from earnest.web.pages.wording import said

CHAPTER = said("Agreements and changes")

_ORIGINS = (
    (Origin.CHAT.value, said("In a chat")),
    (Origin.MAIL.value, said("By mail or e-mail")),
    (Origin.STAFF_NOTE.value, said("In person or by telephone, noted by staff")),
    (Origin.ADVERTISEMENT.value, said("In an advertisement")),
)
_CHANGES = (
    (ChangeKind.PRICE_FELL.value, said("The price fell")),
    (ChangeKind.MODEL_REFRESHED.value, said("A newer model is out")),
    (ChangeKind.OPTION_WITHDRAWN.value, said("An option is no longer built")),
    (ChangeKind.TAX_YEAR_PASSED.value, said("The car comes in another tax year")),
    (ChangeKind.GUARANTEE_MISSED.value, said("A guarantee cannot be kept")),
)

FORMS = (
    CommandForm(
        command="AnswerDeferral",
        title=said("Answer the deferral request"),
        about=said(
            "The buyer asks to have the car later. If you agree, slot and car are released, the "
            "rank stays, and nothing is built or demanded until the buyer asks."
        ),
        chapter=CHAPTER,
        fields=(
            Field(name="agreed", label=said("We agree"), kind=FieldKind.TICK, is_required=False),
            Field(
                name="explanation",
                label=said("What the buyer reads"),
                kind=FieldKind.TEXT,
                is_required=False,
            ),
        ),
        is_due=lambda order: order.deferral_request is not None,
    ),
    CommandForm(
        command="ProposeAgreement",
        title=said("Record or propose an agreement"),
        about=said(
            "What was said to this buyer beats the standard terms. What only favours the buyer "
            "binds at once; anything else waits until the buyer accepts it."
        ),
        chapter=CHAPTER,
        fields=(
            Field(name="overrides", label=said("What is agreed"), kind=FieldKind.OVERRIDE),
            Field(
                name="text",
                label=said("The words as they were said"),
                kind=FieldKind.TEXT,
                hint=said("Quote the chat, the mail or the promise. This text is the evidence."),
            ),
            Field(
                name="origin",
                label=said("Where it was said"),
                kind=FieldKind.CHOICE,
                choices=_ORIGINS,
            ),
            Field(
                name="valid_until",
                label=said("Valid until"),
                kind=FieldKind.MOMENT,
                hint=said("Leave empty for no end."),
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="AcceptAgreement",
        title=said("Accept the buyer's proposal"),
        about=said("The proposal becomes part of this contract and beats the standard terms."),
        chapter=CHAPTER,
        fields=(Field(name="number", label=said("Number of the proposal"), kind=FieldKind.COUNT),),
    ),
    CommandForm(
        command="DeclineAgreement",
        title=said("Decline or take back a proposal"),
        about=said("The contract stays as it is."),
        chapter=CHAPTER,
        fields=(
            Field(name="number", label=said("Number of the proposal"), kind=FieldKind.COUNT),
            Field(
                name="explanation",
                label=said("What the buyer reads"),
                kind=FieldKind.TEXT,
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="ApplyPublicPromise",
        title=said("Hold a public promise against the order"),
        about=said("Something was promised to everybody, and this buyer may rely on it."),
        chapter=CHAPTER,
        fields=(Field(name="promise_id", label=said("Number of the promise")),),
    ),
    CommandForm(
        command="OfferTerms",
        title=said("Offer another version of the terms"),
        about=said(
            "The buyer sees each difference and who is better off, and may keep the own version."
        ),
        chapter=CHAPTER,
        fields=(
            Field(name="terms_hash", label=said("Digest of the version")),
            Field(
                name="even_if_worse",
                label=said("Offer it although something in it is worse for the buyer"),
                kind=FieldKind.TICK,
                is_required=False,
            ),
        ),
    ),
    CommandForm(
        command="AnnounceChange",
        title=said("Announce a change on our side"),
        about=said(
            "The buyer is asked: keep the order, switch with the rank kept, or leave with the "
            "deposit back. Silence keeps everything."
        ),
        chapter=CHAPTER,
        fields=(
            Field(
                name="change",
                label=said("What changed"),
                kind=FieldKind.CHOICE,
                choices=_CHANGES,
            ),
            Field(name="explanation", label=said("What the buyer reads"), kind=FieldKind.TEXT),
            Field(
                name="price",
                label=said("New price"),
                kind=FieldKind.SUM,
                hint=said("Only where the price fell."),
                is_required=False,
            ),
        ),
    ),
)
