"""The composition of everything that leaves after a commit: mail, texts, webhooks, payouts.

Not here: what stands behind the doors (`main.py`) and the sending itself (`gateways/`).
"""

from __future__ import annotations

from os import getpid
from socket import gethostname
from urllib.parse import urlsplit

import msgspec

from earnest.desk.campaign_ports import Campaigns
from earnest.desk.checkouts import Checkouts
from earnest.desk.conversing import Conversations, OrderLinks
from earnest.desk.courtesy import Courtesy
from earnest.desk.desk import Desk
from earnest.desk.outgoing import AddressBook, Occurrences, SendsOne
from earnest.desk.pause_ports import SalePauses
from earnest.desk.ports import Shelf
from earnest.desk.private import NoticeBook
from earnest.desk.staff import StaffBook
from earnest.gateways.campaign_letters import CampaignLetters
from earnest.gateways.clock import VirtualClock
from earnest.gateways.endpoints import Endpoint, Endpoints
from earnest.gateways.letters import Letters
from earnest.gateways.mail import CourteousMail, FileMail, MailGateway, SmtpMail
from earnest.gateways.payments.checkouts import CheckoutDispatcher
from earnest.gateways.payments.contract import PaymentProvider
from earnest.gateways.pointers import Pointers
from earnest.gateways.post import Post
from earnest.gateways.sms import SmsGateway
from earnest.gateways.texts import Texts
from earnest.gateways.webhooks import WebhookGateway
from earnest.people.seals import Seals
from earnest.settings import Settings, SettingsError
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.conversations import PostgresConversations, PostgresOrderLinks
from earnest.store.pauses import PostgresPauses
from earnest.store.pool import Pool
from earnest.store.private import PostgresNotices
from earnest.store.shelf import PostgresShelf
from earnest.store.staff import PostgresStaff

SMTP_PORT = 25


class MailMatters(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept that mail is about, beside the events of orders."""

    notices: NoticeBook
    campaigns: Campaigns
    pauses: SalePauses
    shelf: Shelf
    conversations: Conversations
    links: OrderLinks
    staff: StaffBook


def mail_matters(pool: Pool) -> MailMatters:
    """What is read when mail is written, through connections of this pool."""
    return MailMatters(
        notices=PostgresNotices(pool),
        campaigns=PostgresCampaigns(pool),
        pauses=PostgresPauses(pool),
        shelf=PostgresShelf(pool),
        conversations=PostgresConversations(pool),
        links=PostgresOrderLinks(pool),
        staff=PostgresStaff(pool),
    )


def post_of(  # noqa: PLR0913 - keyword-only parts, named where they are put together
    settings: Settings,
    *,
    occurrences: Occurrences,
    addresses: AddressBook,
    payouts: SendsOne,
    webhooks: WebhookGateway,
    sms: SmsGateway,
    matters: MailMatters,
    seals: Seals,
    desk: Desk,
    clock: VirtualClock,
    kept: Endpoints,
) -> Post:
    """Everything that leaves after a commit, and how. Mail gives way to a busy desk."""
    endpoints = []
    if settings.webhook_url is not None:
        endpoints.append(Endpoint(url=settings.webhook_url, secret=settings.keys.webhook_secret))
    mail = CourteousMail(mail_of(settings, clock), Courtesy(desk.counts, clock.monotonic))
    return Post(
        occurrences=occurrences,
        letters=Letters(
            occurrences=occurrences,
            addresses=addresses,
            mail=mail,
            notices=matters.notices,
            now=clock.now,
            public_url=settings.public_url,
            texts_leave=True,
        ),
        payouts=payouts,
        news=CampaignLetters(
            campaigns=matters.campaigns,
            pauses=matters.pauses,
            shelf=matters.shelf,
            addresses=addresses,
            mail=mail,
            public_url=settings.public_url,
        ),
        pointers=Pointers(
            occurrences=occurrences,
            addresses=addresses,
            conversations=matters.conversations,
            links=matters.links,
            staff=matters.staff,
            link_of=lambda key, link: f"{settings.public_url}/o/{seals.link_of(key, link.nonce)}",
            mail=mail,
            now=clock.now,
            public_url=settings.public_url,
        ),
        texts=Texts(
            occurrences=occurrences,
            addresses=addresses,
            gateway=sms,
            notices=matters.notices,
            public_url=settings.public_url,
            now=clock.now,
        ),
        webhooks=webhooks,
        endpoints=endpoints,
        kept=kept,
    )


def mail_of(settings: Settings, clock: VirtualClock) -> MailGateway:
    """Mail to the SMTP server of the settings, or into files beside the database."""
    if settings.smtp_url is None:
        return FileMail(settings.data / "mail", sender=settings.mail_from, clock=clock)
    address = urlsplit(settings.smtp_url)
    if address.scheme != "smtp" or not address.hostname:
        raise SettingsError(
            "EARNEST_SMTP_URL has the form smtp://user:password@host:port. [smtp_url_malformed]"
        )
    return SmtpMail(
        host=address.hostname,
        port=address.port or SMTP_PORT,
        sender=settings.mail_from,
        clock=clock,
        username=address.username,
        password=address.password,
    )


def opening_of(
    settings: Settings,
    desk: Desk,
    checkouts: Checkouts,
    payments: PaymentProvider,
    clock: VirtualClock,
) -> CheckoutDispatcher | None:
    """Who opens payments at a provider that has to be asked; None where links are enough."""
    if settings.checkouts_per_second is None:
        return None
    return CheckoutDispatcher(
        desk=desk,
        checkouts=checkouts,
        provider=payments,
        holder=this_process(),
        public_url=settings.public_url,
        calls_per_second=settings.checkouts_per_second,
        now=clock.now,
        monotonic=clock.monotonic,
    )


def this_process() -> str:
    """Under which name this process takes its turn at a provider."""
    return f"{gethostname()}:{getpid()}"
