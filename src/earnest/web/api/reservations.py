"""POST /reservations: a place in the queue. The first of the two hot doors.

Not here: the rule (`core/order/reserve.py`) and paying the deposit.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.types import HTTPScope, Receive
from msgspec import Meta

from earnest.core.launch.admission import Admission, admission_fault
from earnest.core.launch.attribution import referral_of
from earnest.core.launch.campaign import Campaign, Entry
from earnest.core.launch.keeping import admission_kept_open
from earnest.core.order.commands import Reserve
from earnest.core.order.stage import Stage
from earnest.core.values.ids import (
    BuyerId,
    CatalogueHash,
    GroupId,
    OrderId,
    QueueId,
    TermsHash,
    derive_order_id,
)
from earnest.core.values.instant import Instant
from earnest.core.values.reason import Reason
from earnest.desk.answer import Answer
from earnest.desk.group import answer_again, command_key
from earnest.people.admissions import AdmissionInvalid
from earnest.people.caller import Caller
from earnest.people.codes import LONGEST_CODE, CodeForged
from earnest.people.reserving import Known, ToKnow
from earnest.web.codes import DoorCode
from earnest.web.deciding import accepted_only
from earnest.web.hot import Answered
from earnest.web.house import House
from earnest.web.identity import Access, caller_of, owner_of
from earnest.web.paying import PaymentToMake, payment_to_make
from earnest.web.problems import TurnedAway
from earnest.web.reading import (
    RawHeaders,
    content_hash,
    decode,
    header,
    idempotency_key,
    read_body,
)
from earnest.web.route import Asked, Operation, Reply, Route
from earnest.web.shapes import (
    MOST_ITEMS,
    AskedAcknowledgement,
    AskedConfiguration,
    AskedMoney,
    Language,
    Name,
)

Code = Annotated[str, Meta(min_length=1, max_length=LONGEST_CODE)]
"""The text of a priority code, or of a friend's."""


class Reservation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a buyer asks for: a configuration at the shown price, under the accepted terms.

    In a campaign also how the buyer comes: with a priority `code`, as a member of an invited
    group, through a channel, with a friend's code.
    """

    queue_id: Name
    terms_hash: Name
    catalogue_hash: Name
    language: Language
    acknowledgements: Annotated[tuple[AskedAcknowledgement, ...], Meta(max_length=MOST_ITEMS)]
    configuration: AskedConfiguration
    price: AskedMoney
    code: Code | None = None
    group_id: Name | None = None
    channel: Name | None = None
    referral: Code | None = None


ADMISSION_HEADER = b"earnest-admission"
"""The header, not the body: a repeated request is the same one with another admission."""

_decoder = msgspec.json.Decoder(Reservation)


async def reserve(house: House, scope: HTTPScope, receive: Receive) -> Answered:
    """Reserve a place in the queue; the answer names the rank and where to pay the deposit."""
    received_at = house.clock.now()
    headers = scope["headers"]
    caller = caller_of(headers, house.tokens, received_at)
    buyer_id = owner_of(caller)
    key = idempotency_key(headers)
    body = await read_body(receive, headers, house.settings.hot_body_limit)
    wanted = decode(_decoder, body)
    command = _command(caller, buyer_id, key, received_at, wanted, _admission(house, headers))
    answer = await _decided(house, wanted, command, content_hash("POST", scope["path"], body))
    made = _made(house, answer, command)
    location = f"/api/v1/orders/{made.order_id}".encode()
    return (
        201,
        [
            (b"content-type", b"application/json"),
            (b"etag", b'"%d"' % made.sequence),
            (b"location", location),
        ],
        _encode(made),
    )


async def reserve_on_page(house: House, asked: Asked, wanted: Reservation) -> Reply:
    """The same for a page of ours, which has read the request already."""
    buyer_id, key = owner_of(asked.by), idempotency_key(asked.headers)
    admission = _admission(house, asked.headers)
    command = _command(asked.by, buyer_id, key, asked.received_at, wanted, admission)
    answer = await _decided(house, wanted, command, asked.content_hash)
    return Reply(value=_made(house, answer, command), status=201)


def _command(
    caller: Caller,
    buyer_id: BuyerId,
    key: str,
    received_at: Instant,
    wanted: Reservation,
    admission: Admission | None,
) -> Reserve:
    return Reserve(
        buyer_id=buyer_id,
        order_id=derive_order_id(buyer_id, key),
        actor=caller.actor,
        key=key,
        received_at=received_at,
        queue_id=QueueId(wanted.queue_id),
        terms_hash=TermsHash(wanted.terms_hash),
        catalogue_hash=CatalogueHash(wanted.catalogue_hash),
        language=wanted.language,
        acknowledgements=tuple([each.meant(received_at) for each in wanted.acknowledgements]),
        configuration=wanted.configuration.meant(received_at),
        price=wanted.price.meant(received_at),
        admission=admission,
    )


async def _decided(house: House, wanted: Reservation, command: Reserve, digest: str) -> Answer:
    """What the desk decides, once the door has looked at what the buyer showed.

    Where more has to be known of the buyer, it is looked up together with whatever else waits. A
    key that was decided before is answered from there, whatever became known since.
    """
    campaign = house.desk.library.campaign_at(command.queue_id, command.received_at)
    if wanted.code or wanted.group_id or wanted.channel or wanted.referral:
        command = _coming(house, wanted, command)
    _let_in(house, campaign, command)
    to_know = _to_know(campaign, command)
    if not to_know.is_nothing:
        known = await house.reservers.look_up(to_know)
        if known.decided is not None:
            return accepted_only(answer_again(known.decided, digest))
        command = _as_known(command, to_know, known)
    return accepted_only(await house.desk.submit(command, digest))


def _to_know(campaign: Campaign | None, command: Reserve) -> ToKnow:
    """What has to be known of who reserves; what else is wrong with a group, the rule says."""
    edition = None if campaign is None else campaign.edition
    group = None
    if campaign is not None and command.group_id is not None and command.priority_code is None:
        group = campaign.group(command.group_id)
    is_by_list = group is not None and group.entry is Entry.MEMBERS
    return ToKnow(
        buyer_id=command.buyer_id,
        key=command_key(command),
        queue_id=command.queue_id,
        proof=None if edition is None or edition.per_person is None else edition.proof,
        campaign_id=None if campaign is None else campaign.campaign_id,
        group_id=command.group_id if is_by_list else None,
        has_friend=command.referral is not None,
    )


def _as_known(command: Reserve, asked: ToKnow, known: Known) -> Reserve:
    """The command with who reserves and who the friend is to them.

    A friend who is the same person under another account is the buyer, so the rule turns that
    away (`core/order/coming.py`).
    """
    if asked.group_id is not None and not known.is_member:
        raise TurnedAway(Reason.NOT_INVITED)
    friend = command.referral
    if friend is not None and friend in map(referral_of, known.other_accounts):
        friend = referral_of(command.buyer_id)
    return msgspec.structs.replace(command, person=known.person, referral=friend)


def _admission(house: House, headers: RawHeaders) -> Admission | None:
    """What the admission token of a request says, by its signature alone."""
    token = header(headers, ADMISSION_HEADER)
    if token is None:
        return None
    try:
        return house.admissions.read(token.decode("latin-1"))
    except AdmissionInvalid as error:
        raise TurnedAway(DoorCode.ADMISSION_INVALID) from error


def _let_in(house: House, campaign: Campaign | None, command: Reserve) -> None:
    """Turn away who is not let in yet, before anything waits or a key is used up.

    The rule is asked again when the reservation is decided (`core/order/coming.py`).
    """
    if campaign is None or campaign.admission is None:
        return
    is_invited = command.group_id is not None or command.priority_code is not None
    if is_invited or not campaign.is_open(command.received_at):
        return
    admission, at = command.admission, command.received_at
    if admission is not None:
        pauses = house.desk.library.pauses_of(command.queue_id)
        admission = admission_kept_open(admission, pauses, at)
    fault = admission_fault(
        admission,
        launch=campaign.campaign_id,
        buyer_id=command.buyer_id,
        at=at,
    )
    if fault is not None:
        raise TurnedAway(fault.reason, fault.details)


def _coming(house: House, wanted: Reservation, command: Reserve) -> Reserve:
    """The command with what the buyer showed, once its signatures were looked at."""
    code, referral = wanted.code, wanted.referral
    try:
        shown = None if code is None else house.codes.read(code)
    except CodeForged as error:
        raise TurnedAway(Reason.CODE_FORGED) from error
    try:
        friend = None if referral is None else house.codes.read_referral(referral)
    except CodeForged as error:
        raise TurnedAway(Reason.REFERRAL_FORGED) from error
    return msgspec.structs.replace(
        command,
        priority_code=shown,
        group_id=None if wanted.group_id is None else GroupId(wanted.group_id),
        channel=wanted.channel,
        referral=friend,
    )


class ReservationMade(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The reservation: its rank and the payment that keeps it.

    Without a `payment` the place is secure and nothing can be paid yet. Either the order waits
    for a unit of the edition, as number `waiting_number`, or the payment opens shortly; the buyer
    is written to, and time to pay begins only then.
    """

    order_id: OrderId
    rank: int
    stage: Stage
    sequence: int
    payment: PaymentToMake | None = None
    waiting_number: int | None = None


_encode = msgspec.json.Encoder().encode


def _made(house: House, answer: Answer, command: Reserve) -> ReservationMade:
    assert answer.rank is not None, "a reservation has a rank"
    assert answer.stage is not None, "a reservation has a stage"
    return ReservationMade(
        order_id=answer.order_id,
        rank=answer.rank,
        stage=answer.stage,
        sequence=answer.sequence,
        payment=_payment(house, answer, command),
        waiting_number=answer.waiting_number,
    )


def _payment(house: House, answer: Answer, command: Reserve) -> PaymentToMake | None:
    if answer.payment is None:
        return None
    return payment_to_make(
        house, command.buyer_id, answer.order_id, answer.payment, command.language
    )


OPERATION = Operation(
    method="POST",
    path="/reservations",
    operation="reserve",
    summary="Take a place in the queue for a configuration, under the terms now on sale.",
    description="The answer names the rank and the payment that keeps it. The same key with the "
    "same body gives the same answer again, with the same status.",
    tag="shop",
    access=Access.BUYER,
    takes=Reservation,
    gives=ReservationMade,
    status=201,
    needs_key=True,
    takes_admission=True,
    has_etag=True,
    codes=(
        DoorCode.ADMISSION_INVALID,
        Reason.ADMISSION_MISSING,
        Reason.ADMISSION_OF_ANOTHER_LAUNCH,
        Reason.ADMISSION_OF_ANOTHER_BUYER,
        Reason.ADMISSION_EARLY,
        Reason.ADMISSION_OVER,
        DoorCode.KEY_REUSED,
        Reason.SALE_NOT_OPEN,
        Reason.SALE_PAUSED,
        Reason.TERMS_NOT_CURRENT,
        Reason.TERMS_NOT_ACKNOWLEDGED,
        Reason.CATALOGUE_NOT_CURRENT,
        Reason.PRICE_DIFFERS,
        Reason.PERSON_UNVERIFIED,
        Reason.PERSON_LIMIT_REACHED,
        Reason.CODE_FORGED,
        Reason.CODE_UNKNOWN,
        Reason.CODE_OVER,
        Reason.CODE_USED,
        Reason.CODE_REVOKED,
        Reason.CODE_MISSING,
        Reason.CODE_OF_ANOTHER_BUYER,
        Reason.CODE_OF_ANOTHER_MODEL,
        Reason.CODE_OF_ANOTHER_QUEUE,
        Reason.GROUP_UNKNOWN,
        Reason.GROUP_NOT_OPEN,
        Reason.GROUP_FULL,
        Reason.NOT_INVITED,
        Reason.CHANNEL_UNKNOWN,
        Reason.REFERRAL_FORGED,
        Reason.REFERRED_BY_ONESELF,
        Reason.NO_PLANT_BUILDS_IT,
        Reason.BEYOND_HORIZON,
        DoorCode.DESK_FULL,
    ),
)
"""What is said about this door."""


def route_for_pages() -> Route[Reservation]:
    """The same operation as a route, for pages; programs take the hot door."""
    told = {name: getattr(OPERATION, name) for name in OPERATION.__struct_fields__}
    return Route(**told, handler=reserve_on_page)
