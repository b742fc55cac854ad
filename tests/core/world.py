"""A small maker to tell stories about: one catalogue, one terms version, one queue, one sale.

Not here: real terms or a real price list. The names are invented; the figures are those of the
trigger case where a story needs them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from earnest.core.catalogue.configuration import Configuration
from earnest.core.catalogue.model import Catalogue, Choice, Model, Option, Rule, RuleKind
from earnest.core.order.actor import Actor, Role
from earnest.core.order.centre import Centre, Hours
from earnest.core.order.facts import Facts
from earnest.core.queue.offer import Offer
from earnest.core.terms.agreement import PublicPromise
from earnest.core.terms.override import Override
from earnest.core.terms.policy import DepositKind, Policy
from earnest.core.terms.version import (
    ACCEPTANCE_CLAUSE,
    FORFEITURE_CLAUSE,
    LOCK_CLAUSE,
    Acknowledgement,
    Clause,
    TermsVersion,
)
from earnest.core.values.ids import (
    BuyerId,
    CentreId,
    QueueId,
    derive_order_id,
    vin_with_check_digit,
)
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money

SHANGHAI = ZoneInfo("Asia/Shanghai")
LANGUAGE = "zh-Hans"
QUEUE = QueueId("aurora-cn")
BUYER = BuyerId("B-1")
ORDER = derive_order_id(BUYER, "first")

PLAIN = Configuration("aurora", ("grey", "wheels_19"))
"""The car most stories are about: 299,900 yuan."""

DEAR = Configuration("aurora", ("titanium", "wheels_21"))
"""The car of the trigger case: 318,900 yuan."""

SMALL = Configuration("swift", ("swift_white",))
"""A car whose price makes the earnest cap bite: 90,000 yuan."""

VIN = vin_with_check_digit("LEA5A2CB0R0000001")
OTHER_VIN = vin_with_check_digit("LEA5A2CB0R0000002")
OTHER_ORDER = derive_order_id(BUYER, "other")


def yuan(amount: int) -> Money:
    """Whole yuan as money."""
    return Money(amount * 100, "CNY")


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> Instant:
    """An instant by the clock on the buyer's wall."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def _names(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-Hans": chinese}


def _option(code: str, choice: str, price: int, english: str, chinese: str) -> Option:
    return Option(code=code, choice=choice, names=_names(english, chinese), price=yuan(price))


AURORA = Model(
    code="aurora",
    model_line="aurora",
    names=_names("Aurora", "极光"),
    price=yuan(299_900),
    choices=(
        Choice(code="paint", names=_names("Paint", "车身颜色"), single=True),
        Choice(code="wheels", names=_names("Wheels", "轮毂"), single=True),
        Choice(code="extras", names=_names("Extras", "选装"), single=False),
    ),
    options=(
        _option("grey", "paint", 0, "Grey", "灰"),
        _option("titanium", "paint", 7_000, "Titanium", "钛金属"),
        _option("wheels_19", "wheels", 0, "19 inch", "19 英寸"),
        _option("wheels_21", "wheels", 12_000, "21 inch", "21 英寸"),
        _option("night", "extras", 6_000, "Night package", "暗夜套件"),
        _option("tow_bar", "extras", 8_000, "Tow bar", "拖车钩"),
    ),
    rules=(
        Rule(
            option="night",
            kind=RuleKind.REQUIRES,
            others=("titanium",),
            names=_names("The night package comes with titanium paint", "暗夜套件须选钛金属"),
        ),
        Rule(
            option="tow_bar",
            kind=RuleKind.EXCLUDES,
            others=("wheels_21",),
            names=_names("No towing on 21 inch wheels", "21 英寸轮毂不可拖车"),
        ),
    ),
)

SWIFT = Model(
    code="swift",
    model_line="aurora",
    names=_names("Swift", "雨燕"),
    price=yuan(90_000),
    choices=(Choice(code="paint", names=_names("Paint", "车身颜色"), single=True),),
    options=(_option("swift_white", "paint", 0, "White", "白"),),
)

CATALOGUE = Catalogue(version="2024-03", models=(AURORA, SWIFT))

POLICY = Policy(
    jurisdiction="CN",
    currency="CNY",
    time_zone="Asia/Shanghai",
    deposit_kind=DepositKind.EARNEST,
    deposit=yuan(5_000),
    payment_window_minutes=30,
    cooling_off_hours=168,
    early_lock_offered=True,
    undo_lock_hours=24,
    change_hours_after_lock=48,
    deferrals_free=1,
    deferral_days_longest=360,
    promise_weeks_from=8,
    promise_weeks_to=12,
    balance_due_days=7,
    cure_days=14,
    delivery_cure_days=30,
    cooling_off_refund_hours=24,
    refund_days=7,
    release_days=3,
    close_days_after_handover=30,
    inspection_checklist=("exterior", "interior", "electronics"),
    handover_documents=("invoice", "certificate", "manuals", "three_guarantee_card"),
)


CENTRE = Centre(
    centre_id=CentreId("haikou-longhua"),
    names=_names("Longhua centre", "龙华交付中心"),
    regions=_names("Haikou", "海口"),
    addresses=_names("9 Harbour Street", "海港街9号"),
    time_zone="Asia/Shanghai",
    bays=2,
    minutes=60,
    hours=tuple(Hours(weekday=day, opens=time(9), closes=time(12)) for day in range(1, 7)),
    closed_on=(date(2024, 8, 30),),
)
"""Two bays for an hour each in the morning, Monday to Saturday, but for one Friday."""


AGREED_AT = local(2024, 7, 1)
"""When the stories say that something was acknowledged, where it does not matter."""


def public_promise(
    promise_id: str, *overrides: Override, until: Instant | None = None
) -> PublicPromise:
    """Something the maker promised to everybody who orders in the queue, since January."""
    return PublicPromise(
        promise_id=promise_id,
        queue_id=QUEUE,
        overrides=overrides,
        text="As advertised.",
        source="https://maker.example/spring",
        valid_from=local(2024, 1, 1),
        valid_until=until,
        published_at=local(2024, 1, 1),
        published_by="sales:an",
    )


def _clause(clause_id: str, english: str, chinese: str, *, material: bool) -> Clause:
    return Clause(clause_id=clause_id, material=material, texts=_names(english, chinese))


CLAUSES = (
    _clause(
        ACCEPTANCE_CLAUSE, "I order under these terms.", "我接受本条款并下单。", material=False
    ),
    _clause(
        FORFEITURE_CLAUSE,
        "If I leave after the lock without a breach by the seller, the earnest money is lost.",
        "锁单后因我方原因解除合同的，定金不予退还。",
        material=True,
    ),
    _clause(
        LOCK_CLAUSE,
        "Locking now ends my free withdrawal, except within the undo window.",
        "提前锁单后不再享有无理由退订，撤销期内除外。",
        material=True,
    ),
)

TERMS = TermsVersion(
    version="2024-03", seller="Aurora Haikou", payee="Aurora Pay", policy=POLICY, clauses=CLAUSES
)


def terms_with(**numbers: object) -> TermsVersion:
    """The same terms with some other numbers in their policy."""
    changed = msgspec.structs.replace(POLICY, **numbers)
    return msgspec.structs.replace(TERMS, policy=changed)


def with_clauses(terms: TermsVersion, *clause_ids: str) -> TermsVersion:
    """The same terms with further material clauses."""
    added = tuple(
        _clause(each, f"About {each}.", f"关于{each}。", material=True) for each in clause_ids
    )
    return msgspec.structs.replace(terms, clauses=(*terms.clauses, *added))


def offer_of(terms: TermsVersion) -> Offer:
    """The sale of these terms: open from the evening of 28 March 2024 to the end of 2025."""
    return Offer(
        queue_id=QUEUE,
        terms_hash=terms.terms_hash,
        catalogue_hash=CATALOGUE.catalogue_hash,
        opens_at=local(2024, 3, 28, 22),
        closes_at=local(2026, 1, 1),
    )


def facts_of(
    terms: TermsVersion = TERMS, rank: int = 1, promises: tuple[PublicPromise, ...] = ()
) -> Facts:
    """What the desk would have loaded: these terms, the catalogue, the sale, the next rank."""
    return Facts(
        terms=terms, catalogue=CATALOGUE, offer=offer_of(terms), rank=rank, promises=promises
    )


FACTS = facts_of()


def acknowledgement(clause_id: str, at: Instant, terms: TermsVersion = TERMS) -> Acknowledgement:
    """A clause accepted in exactly the words of its terms; unknown clauses have no digest."""
    clause = terms.clause(clause_id)
    digest = clause.text_hash(LANGUAGE) if clause is not None else "of-something-else"
    return Acknowledgement(clause_id=clause_id, text_hash=digest, language=LANGUAGE, at=at)


def actor(name: str) -> Actor:
    """Somebody by role, or by role and name: `sales`, `sales:bo`, `buyer`, `timer`."""
    role = Role(name.partition(":")[0])
    return Actor(name if ":" in name else f"{name}:an", frozenset({role}))
