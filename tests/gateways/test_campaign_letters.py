"""Letters about a campaign: who waits is told what moved, in the own language, once per version."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from earnest.core.launch.announcing import Announced
from earnest.core.launch.campaign import Campaign
from earnest.core.values.ids import BuyerId, OrderId
from earnest.desk.campaign_ports import Announcement
from earnest.desk.outgoing import Address, NotSent, Outcome
from earnest.desk.pause_ports import PauseAct
from earnest.desk.ports import Channel, OutgoingMessage
from earnest.desk.telling.news import moved, news
from earnest.desk.telling.pauses import letter_of_pause
from earnest.gateways.campaign_letters import CampaignLetters
from earnest.gateways.mail import Mail, MailRefused, MailResult, MailRetry, MailSent
from earnest.gateways.post import Post
from earnest.store.memory import MemoryStore
from earnest.store.memory_campaigns import MemoryCampaigns
from earnest.store.memory_pauses import MemoryPauses
from tests.core.campaigns import CAMPAIGN, LOYAL, VIP
from tests.core.reading import sale_pause
from tests.core.world import CATALOGUE, TERMS, local
from tests.store.house import QUEUE, memory_house

DAY = timedelta(days=1)
LATER = msgspec.structs.replace(CAMPAIGN, version=2, opens_at=CAMPAIGN.opens_at + DAY)


def version(campaign: Campaign) -> Announced:
    return Announced(
        campaign=campaign, published_at=local(2024, 6, 1, campaign.version), published_by="staff:a"
    )


def letter(before: Campaign, after: Campaign, language: str) -> str:
    written = news(
        before,
        after,
        name="Li",
        language=language,
        time_zone="Asia/Shanghai",
        link="https://maker.example/api/v1/campaigns/summer",
    )
    assert written.language == language
    return written.text


# Words --------------------------------------------------------------------------------------


def test_a_letter_says_what_moved_from_when_to_when() -> None:
    further = msgspec.structs.replace(VIP, group_id="late", names={"en": "Late", "zh-Hans": "晚到"})
    group = msgspec.structs.replace(LOYAL, opens_at=LOYAL.opens_at + DAY)
    after = msgspec.structs.replace(
        LATER,
        reveal_at=CAMPAIGN.reveal_at + DAY,
        closes_at=None,
        groups=(group, VIP, further),
    )

    english, chinese = letter(CAMPAIGN, after, "en"), letter(CAMPAIGN, after, "zh-Hans")

    assert "Price and options can be read from 2 July 2024, 12:00 (it was 1 July" in english
    assert "Everybody may reserve from 2 July 2024, 20:00 (it was 1 July 2024, 20:00)." in english
    assert "The campaign ends at it has no end" not in english
    assert "“Loyal buyers” may reserve from 2 July 2024, 18:00 (it was 1 July" in english
    assert "“Late” may reserve from 1 July 2024, 19:00.\n" in english
    assert "公开预订自2024年7月2日" in chinese
    assert "“晚到”自2024年7月1日" in chinese
    for text in (english, chinese):
        assert "https://maker.example/api/v1/campaigns/summer" in text
        assert "{" not in text


def test_an_end_that_is_new_is_told_as_one() -> None:
    endless = msgspec.structs.replace(CAMPAIGN, closes_at=None)

    assert "The campaign ends at 1 September 2024, 00:00 (it was without an end)." in letter(
        endless, CAMPAIGN, "en"
    )
    assert "The campaign has no end (it was 1 September 2024, 00:00)." in letter(
        CAMPAIGN, endless, "en"
    )
    assert "活动不再设结束时间" in letter(CAMPAIGN, endless, "zh-Hans")


def test_words_and_benefits_alone_move_nothing() -> None:
    same = msgspec.structs.replace(CAMPAIGN, version=2, benefits=(), names={"en": "A"})

    assert not moved(CAMPAIGN, same)
    assert moved(CAMPAIGN, LATER)


# Sending ------------------------------------------------------------------------------------


class Everybody:
    """An address book in which some have mail."""

    async def addresses(self, buyer_ids: Sequence[BuyerId]) -> Mapping[BuyerId, Address]:
        """Li has mail, An only a telephone; nobody else is known."""
        known = {
            BuyerId("li"): Address(name="Li", email="li@maker.example", language="zh-Hans"),
            BuyerId("an"): Address(name="An", email="", language="en", phone="1"),
        }
        return {each: known[each] for each in buyer_ids if each in known}


class OneMail:
    """A mail server that says one thing to everything."""

    def __init__(self, result: MailResult) -> None:
        self.result = result
        self.mails: list[Mail] = []

    async def send(self, mails: Sequence[Mail]) -> Sequence[MailResult]:
        """Take the mails and give the same answer to each."""
        self.mails += mails
        return [self.result] * len(mails)


def message(buyer: str, number: int = 2) -> OutgoingMessage:
    return OutgoingMessage(
        channel=Channel.CAMPAIGN,
        buyer_id=BuyerId(buyer),
        order_id=OrderId(""),
        sequence=number,
        subject=CAMPAIGN.campaign_id,
    )


async def sent(mail: OneMail, *messages: OutgoingMessage) -> Sequence[Outcome]:
    store = MemoryStore()
    await store.publish(queues=(QUEUE,), terms=TERMS, catalogue=CATALOGUE, offers=())
    campaigns = MemoryCampaigns(store)
    for each in (CAMPAIGN, LATER):
        wanted = Announcement(announced=version(each), key=str(each.version), content_hash="a")
        await campaigns.announce(wanted, lambda _: False)
    pauses = MemoryPauses(store, campaigns)
    over = sale_pause("2024-07-01T21:05/22:40")
    begun = msgspec.structs.replace(over, resumed_at=None, resumed_by=None)
    act = PauseAct(queue_id=QUEUE.queue_id, actor_id="staff:a", key="a", content_hash="a")
    await pauses.begin(act, lambda _: begun)
    await pauses.end(msgspec.structs.replace(act, key="b"), lambda _: over)
    letters = CampaignLetters(
        campaigns=campaigns,
        pauses=pauses,
        shelf=store,
        addresses=Everybody(),
        mail=mail,
        public_url="https://maker.example/",
    )
    house = memory_house()
    post = Post(
        occurrences=house.reader,
        letters=None,  # type: ignore[arg-type]  # no mail about orders here
        payouts=None,  # type: ignore[arg-type]  # and no payouts
        news=letters,
    )
    return await post.handle(messages)


def test_who_has_mail_is_written_to_under_a_name_that_stays_the_same() -> None:
    mail = OneMail(MailSent())

    found = asyncio.run(sent(mail, message("an"), message("li"), message("nobody")))

    assert found == [None, None, None]
    (written,) = mail.mails
    assert (written.to, written.message_id) == ("li@maker.example", "summer.2.li")
    assert written.subject == "您等待的首发活动有变动"
    assert written.composed_at == version(LATER).published_at


def test_a_pause_and_its_end_are_told_with_why_and_since_when() -> None:
    mail, told = OneMail(MailSent()), message("li", 1)
    paused = msgspec.structs.replace(told, subject="summer:paused")
    resumed = msgspec.structs.replace(told, subject="summer:resumed")
    unknown = msgspec.structs.replace(told, subject="summer:paused", sequence=2)
    elsewhere = msgspec.structs.replace(told, subject="winter:paused")

    found = asyncio.run(sent(mail, paused, resumed, unknown, elsewhere))

    assert found == [None] * 4
    first, second = mail.mails
    assert (first.subject, second.subject) == ("您等待的活动暂停预订", "您等待的活动恢复预订")
    assert (first.message_id, second.message_id) == ("summer.paused.1.li", "summer.resumed.1.li")
    assert "“价目表有误。”" in first.text
    assert "自2024年7月1日 21:05起，活动“夏季”暂停接受新的预订" in first.text
    assert "自2024年7月1日 22:40起恢复预订" in second.text
    assert "https://maker.example/launch/summer" in first.text
    assert second.composed_at == local(2024, 7, 1, 22, 40)


def test_a_pause_is_told_in_english_too() -> None:
    told = letter_of_pause(
        CAMPAIGN,
        sale_pause("2024-07-01T21:05/22:40"),
        "paused",
        name="An",
        language="en",
        time_zone="Asia/Shanghai",
        link="https://maker.example/launch/summer",
    )

    assert told.subject == "A sale you wait for is paused"
    assert "The seller says why: “The price list was wrong.”" in told.text
    assert "the time to pay stands still" in told.text


def test_a_version_that_nobody_knows_is_told_to_nobody() -> None:
    mail = OneMail(MailSent())

    assert asyncio.run(sent(mail, message("li", 1), message("li", 9))) == [None, None]
    assert mail.mails == []


def test_a_letter_comes_again_only_if_it_can_arrive() -> None:
    (busy,) = asyncio.run(sent(OneMail(MailRetry("busy")), message("li")))
    (refused,) = asyncio.run(sent(OneMail(MailRefused("mail_rejected", "no box")), message("li")))

    assert isinstance(busy, NotSent)
    assert refused is None


def test_where_nobody_is_told_of_campaigns_nothing_leaves() -> None:
    async def story() -> Sequence[Outcome]:
        house = memory_house()
        post = Post(occurrences=house.reader, letters=None, payouts=None)  # type: ignore[arg-type]  # nothing else leaves here
        return await post.handle([message("li")])

    assert asyncio.run(story()) == [None]
