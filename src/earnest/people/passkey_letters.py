"""The mails that tell somebody that a passkey of theirs was added or removed.

Whoever did not do it themselves learns of it outside of the account that somebody else may be in. A
buyer without a mail address gets a text message. Not here: the passkeys (`passkeys.py`).
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from earnest.core.values.ids import BuyerId
from earnest.core.values.instant import Instant
from earnest.desk.passkeys import KeptPasskey
from earnest.desk.staff import StaffMember
from earnest.desk.views import BuyerProfile
from earnest.gateways.mail import Mail, MailGateway
from earnest.gateways.sms import Sms, SmsGateway
from earnest.people.caller import BUYER_PREFIX, STAFF_PREFIX


class Happened(Enum):
    """What became of a passkey."""

    ADDED = "added"
    REMOVED = "removed"


_SUBJECTS = {
    Happened.ADDED: {"en": "A passkey was added", "zh-Hans": "已添加通行密钥"},
    Happened.REMOVED: {"en": "A passkey was removed", "zh-Hans": "已移除通行密钥"},
}
_WORDS = {
    Happened.ADDED: {
        "en": "The passkey “{name}” was added to your account.",
        "zh-Hans": "您的账户已添加通行密钥“{name}”。",
    },
    Happened.REMOVED: {
        "en": "The passkey “{name}” was removed from your account.",
        "zh-Hans": "您的账户已移除通行密钥“{name}”。",
    },
}
_BUYER_WAY_OUT = {
    "en": "If that was not you, sign in with a code, remove what you do not know, and sign out "
    "everywhere: {link}",
    "zh-Hans": "如果不是您本人操作，请用验证码登录，移除您不认识的通行密钥，"
    "并在所有设备上退出登录：{link}",
}
_STAFF_WAY_OUT = {
    "en": "If that was not you, tell your administrators at once.",
    "zh-Hans": "如果不是您本人操作，请立即告知管理员。",
}


class Buyers(Protocol):
    """The register of people as these letters need it. Raises `StoreUnavailable`."""

    async def buyer(self, buyer_id: BuyerId) -> BuyerProfile | None:
        """The buyer with this id."""


class Members(Protocol):
    """The staff as these letters need them. Raises `StoreUnavailable`."""

    async def member(self, staff_id: str) -> StaffMember | None:
        """The person with this staff id."""


class PasskeyLetters:
    """Tells people of their own passkeys."""

    def __init__(
        self,
        register: Buyers,
        staff: Members,
        mail: MailGateway,
        sms: SmsGateway,
        public_url: str,
    ) -> None:
        """Links in mails begin with the public address."""
        self._register = register
        self._staff = staff
        self._mail = mail
        self._sms = sms
        self._public_url = public_url

    async def tell(self, passkey: KeptPasskey, happened: Happened, now: Instant) -> None:
        """Write to whose passkey it is. What cannot be sent changes nothing of what was done."""
        name = f"passkey-{happened.value}-{passkey.credential_id.hex()[:16]}-{int(now.timestamp())}"
        if passkey.actor_id.startswith(STAFF_PREFIX):
            member = await self._staff.member(passkey.actor_id.removeprefix(STAFF_PREFIX))
            # The people of a demo have no address.
            if member is not None and member.email:
                way_out = _STAFF_WAY_OUT[member.language]
                await self._write(member.email, member.language, passkey, happened, way_out, name)
            return
        buyer_id = BuyerId(passkey.actor_id.removeprefix(BUYER_PREFIX))
        buyer = await self._register.buyer(buyer_id)
        if buyer is None:
            return
        language = "zh-Hans" if buyer.language == "zh-Hans" else "en"
        if buyer.email:
            way_out = _BUYER_WAY_OUT[language].format(link=f"{self._public_url}/account")
            await self._write(buyer.email, language, passkey, happened, way_out, name)
        elif buyer.phone:
            text = _WORDS[happened][language].format(name=passkey.name)
            sms = Sms(to=buyer.phone, text=text, language=language, sms_id=name)
            await self._sms.send(sms)

    async def _write(
        self,
        to: str,
        language: str,
        passkey: KeptPasskey,
        happened: Happened,
        way_out: str,
        name: str,
    ) -> None:
        text = _WORDS[happened][language].format(name=passkey.name)
        mail = Mail(
            to=to,
            subject=_SUBJECTS[happened][language],
            text=f"{text}\n\n{way_out}\n",
            language=language,
            message_id=name,
        )
        await self._mail.send([mail])
