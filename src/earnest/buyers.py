"""Who buyers are and how they come in: proofs, signing in, and what is looked up of who reserves.

Not here: what each of them does (`people`), and the staff's ways in (`main.py`).
"""

from __future__ import annotations

from earnest.gateways.clock import VirtualClock
from earnest.gateways.sms import FileSms
from earnest.keyring import person_keys
from earnest.people.proving import People, SandboxIdentities
from earnest.people.reserving import Reservers
from earnest.people.signing_in import SignIn
from earnest.sending import mail_of
from earnest.settings import Settings
from earnest.store.campaigns import PostgresCampaigns
from earnest.store.desk_store import PostgresStore
from earnest.store.pool import Pool
from earnest.store.proofs import PostgresProofs
from earnest.store.register import PostgresRegister


def people_of(settings: Settings, pool: Pool, sms: FileSms) -> People:
    """What proves who a buyer is."""
    keys = person_keys(settings)
    proofs = PostgresProofs(pool)
    return People(proofs, sms, SandboxIdentities(), keys, settings.phone_country)


def sign_in_of(settings: Settings, pool: Pool, sms: FileSms, clock: VirtualClock) -> SignIn:
    """How buyers come in."""
    mail, keys = mail_of(settings, clock), person_keys(settings)
    proofs, register = PostgresProofs(pool), PostgresRegister(pool)
    return SignIn(proofs, register, mail, sms, keys, settings.phone_country)


def reservers_of(pool: Pool) -> Reservers:
    """What looks those up who reserve, over connections of its own."""
    return Reservers(PostgresStore(pool), PostgresProofs(pool), PostgresCampaigns(pool))
