"""Commands about money, demands, disputes, and the ways in which an order ends.

Not here: fields (`fields.py`), and commands of other chapters.
"""

from __future__ import annotations

from earnest.core.cases.case import CaseOutcome
from earnest.core.cases.notice import BY_STAFF, Means
from earnest.core.order.parts import LossItem, PayoutState
from earnest.core.settlement.ground import Ground
from earnest.web.office.acting.fields import CommandForm, Field, FieldKind
from earnest.web.pages.wording import said

MONEY = said("Money")
ENDING = said("Demands and endings")
DISPUTES = said("Disputes")

_MEANS = tuple(
    (means.value, words)
    for means, words in (
        (Means.REGISTERED_LETTER, said("Registered letter")),
        (Means.COURIER, said("Courier")),
        (Means.IN_PERSON, said("Handed over against a signature")),
        (Means.REPLY, said("The buyer replied")),
    )
    if means in BY_STAFF
)
_DEFAULTS = tuple(
    (ground.value, "")
    for ground in (Ground.BALANCE_DEFAULT, Ground.COLLECTION_DEFAULT, Ground.DEFERRAL_SILENCE)
)
_GROUND = Field(name="ground", label=said("Ground"), kind=FieldKind.CHOICE, choices=_DEFAULTS)
_EXPLANATION = Field(
    name="explanation", label=said("What the buyer reads"), kind=FieldKind.TEXT, is_required=False
)
_PROOF = Field(name="proof", label=said("What shows it"))

FORMS = (
    CommandForm(
        command="DemandBalance",
        title=said("Ask for the balance"),
        about=said(
            "Only after the car that stands there passed the joint inspection. The days to pay run "
            "from the proven arrival of this demand."
        ),
        chapter=MONEY,
    ),
    CommandForm(
        command="ReleasePayout",
        title=said("Release a payout"),
        about=said(
            "As the second person: you checked the settlement and the sum leaves for the buyer. "
            "This never changes what is owed."
        ),
        chapter=MONEY,
        fields=(Field(name="payout_number", label=said("Payout"), kind=FieldKind.COUNT),),
        is_due=lambda order: any(
            each.state is PayoutState.AWAITING_RELEASE for each in order.payouts
        ),
    ),
    CommandForm(
        command="ReleaseForfeiture",
        title=said("Release a forfeiture"),
        about=said("As the second person: the seller may keep the deposit. Look at the ground."),
        chapter=MONEY,
        is_grave=True,
    ),
    CommandForm(
        command="DocumentLoss",
        title=said("Document a loss"),
        about=said("A loss counts only with its evidence, once a second person has checked it."),
        chapter=MONEY,
        fields=(
            Field(
                name="item",
                label=said("What was lost"),
                kind=FieldKind.CHOICE,
                choices=tuple((item.value, "") for item in LossItem),
            ),
            Field(name="amount", label=said("Sum"), kind=FieldKind.SUM),
            Field(name="evidence", label=said("Evidence")),
        ),
    ),
    CommandForm(
        command="ApproveLoss",
        title=said("Check a documented loss"),
        about=said("As the second person: the evidence shows this sum."),
        chapter=MONEY,
        fields=(Field(name="loss_number", label=said("Loss"), kind=FieldKind.COUNT),),
        is_due=lambda order: any(not each.counts for each in order.losses),
    ),
    CommandForm(
        command="RecordResale",
        title=said("The car was sold again"),
        about=said("So less was lost, and what was kept too much goes back to the buyer."),
        chapter=MONEY,
        fields=(
            Field(name="price", label=said("Price"), kind=FieldKind.SUM),
            Field(name="evidence", label=said("Evidence")),
        ),
    ),
    CommandForm(
        command="RecordFinanceDeclined",
        title=said("The loan was declined"),
        about=said("Where terms or law say so, the deposit comes back."),
        chapter=MONEY,
        fields=(_PROOF,),
    ),
    CommandForm(
        command="DemandPerformance",
        title=said("Demand what the buyer owes"),
        about=said("Gives time to cure. The time runs once the arrival of the demand is proven."),
        chapter=ENDING,
        fields=(
            _GROUND,
            Field(name="cure_days", label=said("Days to cure"), kind=FieldKind.COUNT),
        ),
        is_grave=True,
    ),
    CommandForm(
        command="RecordNotice",
        title=said("Prove that a demand arrived"),
        about=said("With the receipt, filed as evidence first. A note of our own proves nothing."),
        chapter=ENDING,
        fields=(
            Field(
                name="demand_number",
                label=said("Demand"),
                kind=FieldKind.COUNT,
                hint=said("0 for the demand of the balance; others count from 1."),
            ),
            Field(name="delivered_at", label=said("Arrived at"), kind=FieldKind.MOMENT),
            Field(name="means", label=said("By"), kind=FieldKind.CHOICE, choices=_MEANS),
            _PROOF,
            Field(
                name="evidence_number",
                label=said("Number of the receipt among the evidence"),
                kind=FieldKind.COUNT,
            ),
        ),
    ),
    CommandForm(
        command="ApproveCancellation",
        title=said("Approve a cancellation"),
        about=said("As the second person: ground, demand, arrival and cure period all hold."),
        chapter=ENDING,
        fields=(_GROUND,),
        is_grave=True,
    ),
    CommandForm(
        command="CancelBySeller",
        title=said("Cancel for the seller"),
        about=said(
            "Needs a ground, a demand that arrived, the cure period over, and a second person's "
            "approval. Without any of these it is contested: a case opens, and the buyer keeps "
            "slot and money."
        ),
        chapter=ENDING,
        fields=(_GROUND, _EXPLANATION),
        is_grave=True,
    ),
    CommandForm(
        command="RevokeCancellation",
        title=said("Take a contested cancellation back"),
        about=said("The order goes on as if it had not been said."),
        chapter=ENDING,
        is_due=lambda order: order.contested is not None,
    ),
    CommandForm(
        command="RefusePerformance",
        title=said("Say that we will not perform"),
        about=said("A breach: the buyer may terminate and gets what terms and law give for it."),
        chapter=ENDING,
        fields=(
            Field(name="explanation", label=said("What the buyer reads"), kind=FieldKind.TEXT),
        ),
        is_grave=True,
    ),
    CommandForm(
        command="TerminateForForceMajeure",
        title=said("End for force majeure"),
        about=said("Neither side answers for it, and all money goes back. Needs proof."),
        chapter=ENDING,
        fields=(
            Field(name="occurred_at", label=said("It happened at"), kind=FieldKind.MOMENT),
            _PROOF,
        ),
        is_grave=True,
    ),
    CommandForm(
        command="OpenCase",
        title=said("Open a case"),
        about=said("A dispute stands beside the order and has its own clock."),
        chapter=DISPUTES,
        fields=(Field(name="subject", label=said("What it is about"), kind=FieldKind.TEXT),),
    ),
    CommandForm(
        command="AnswerCase",
        title=said("Answer a case"),
        about=said("Once, for the seller. What is said later is evidence."),
        chapter=DISPUTES,
        fields=(
            Field(name="case_number", label=said("Case"), kind=FieldKind.COUNT),
            Field(name="answer", label=said("Answer"), kind=FieldKind.TEXT),
        ),
        is_due=lambda order: any(each.is_open and each.answered_at is None for each in order.cases),
    ),
    CommandForm(
        command="CloseCase",
        title=said("Decide a case"),
        about=said("By somebody who neither opened nor answered it, with reasons."),
        chapter=DISPUTES,
        fields=(
            Field(name="case_number", label=said("Case"), kind=FieldKind.COUNT),
            Field(
                name="outcome",
                label=said("Decision"),
                kind=FieldKind.CHOICE,
                choices=tuple(
                    (each.value, "") for each in CaseOutcome if each is not CaseOutcome.WITHDRAWN
                ),
            ),
            Field(name="reasons", label=said("Reasons"), kind=FieldKind.TEXT),
        ),
        is_due=lambda order: any(each.is_open for each in order.cases),
    ),
)
