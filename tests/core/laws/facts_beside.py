"""How a life comes nearer to facts that bear on a settlement: losses, fleets, cars given back.

Not here: the other commands (`goals.py`).
"""

from __future__ import annotations

from earnest.core.order.benefiting import Standing, standings
from earnest.core.order.parts import LossItem, PayoutState
from earnest.core.order.stage import Stage
from earnest.core.settlement.ground import Ground
from tests.core import world
from tests.core.asking import Fields
from tests.core.laws.lives import Ask, Life


def document_loss(life: Life, _: Stage) -> Ask | None:
    """Put a loss on record, by either side."""
    fields = {"item": life.chance.choice(list(LossItem)), "amount": world.yuan(900)}
    who = life.chance.choice(("buyer", "sales:an", "sales:an"))
    return Ask("DocumentLoss", life.at, fields, who=who)


def approve_loss(life: Life, target: Stage) -> Ask | None:
    waiting = [each for each in life.order.losses if each.approved_by is None]
    if not waiting:
        return document_loss(life, target)
    return Ask("ApproveLoss", life.at, {"loss_number": waiting[0].number}, who="finance:bo")


def resale(life: Life, _: Stage) -> Ask | None:
    order = life.order
    if order.loss_kept is None or order.resold_for is not None:
        return None
    price = order.price.share(life.chance.choice((5_000, 10_000, 10_010, 11_000)))
    return Ask("RecordResale", life.at, {"price": price})


def leave(life: Life, target: Stage) -> Ask | None:
    """Leave by wish; where the law keeps only losses, mostly after one was documented."""
    lossy = life.facts.policy.jurisdiction in {"EU", "DE", "UK", "KR"}
    approved = any(each.approved_by is not None for each in life.order.losses)
    if lossy and not approved and life.chance.random() < 0.95:
        return approve_loss(life, target)
    return Ask("CancelByBuyer", life.at)


def partial(life: Life, _: Stage) -> Ask | None:
    delivered = life.order.fleet.delivered if life.order.fleet is not None else 0
    vehicles = life.order.fleet.vehicles if life.order.fleet is not None else 6
    if delivered + 1 >= vehicles:
        return None
    needed = life.chance.random() < 0.3
    fields = {"vehicles": vehicles, "delivered": delivered + 1, "rest_needed": needed}
    return Ask("RecordPartialDelivery", life.at, fields)


def return_car(life: Life, _: Stage) -> Ask | None:
    awaited = any(x.state is PayoutState.AWAITING_RETURN for x in life.order.payouts)
    return Ask("RecordReturn", life.at) if awaited else None


def force_majeure(life: Life, _: Stage) -> Ask | None:
    fields: Fields = {"occurred_at": life.at}
    if life.chance.random() < 0.5:
        return Ask("TerminateForForceMajeure", life.at, fields, who="buyer")
    approved = [x.at for x in life.order.approvals if x.ground is Ground.FORCE_MAJEURE]
    if not approved:
        who = life.chance.choice(("sales:an", "finance:bo"))
        return Ask("ApproveCancellation", life.at, {"ground": Ground.FORCE_MAJEURE}, who=who)
    fields = {"occurred_at": approved[-1], "notified_at": approved[-1]}
    return Ask("TerminateForForceMajeure", life.at, fields, who="sales:an")


def deliver_benefit(life: Life, _: Stage) -> Ask | None:
    owed = [
        each.benefit.benefit_id
        for each in standings(life.order, life.at)
        if each.standing is Standing.OWED
    ]
    fields = {"benefit_id": life.chance.choice(owed)} if owed else {}
    return Ask("DeliverBenefit", life.at, fields) if owed else None
