"""A letter about a pause of a sale, or its end, to whoever waits for the campaign.

Not here: letters about a moved opening (`news.py`) and about an order (`letter.py`).
"""

from __future__ import annotations

from earnest.core.launch.campaign import Campaign
from earnest.core.queue.pause import SalePause, refusal_of
from earnest.core.values.ids import BuyerId, CampaignId, OrderId
from earnest.core.values.outcome import Rejected
from earnest.desk.ports import Channel, OutgoingMessage
from earnest.desk.telling import language_of, moment_words
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.english import ENGLISH
from earnest.desk.telling.language import one_line
from earnest.desk.telling.letter import Letter

PAUSED, RESUMED = "paused", "resumed"
"""What a letter is about, as the end of its subject; ids of campaigns have no colon."""

_END = {
    ENGLISH.tag: "Everything else is here: {link}\n\n--\nTimes are those of {time_zone}. You get "
    "this letter because you asked for news of this campaign, are invited to it, or wait in its "
    "room and keep your place.\n",
    CHINESE.tag: "详情见：{link}\n\n--\n文中时间均为{time_zone}当地时间。您收到本信，是因为"
    "您曾要求获知本活动的消息，或在受邀之列，或已加入等候室；您在等候室的位置保持不变。\n",
}
_LAYOUTS = {
    (ENGLISH.tag, PAUSED): (
        "Dear {name},\n\nSince {since} nobody new can reserve in the campaign “{campaign}”. The "
        "seller says why: “{why}”\n\nNobody loses a place or time by it. Places and ranks stay. "
        "Whoever has one may pay and may leave; the time to pay stands still. Admissions, codes "
        "and benefits with an end are good for longer, by the length of the pause at least. We "
        "write to you when it is over.\n\n"
    ),
    (CHINESE.tag, PAUSED): (
        "{name}，您好！\n\n自{since}起，活动“{campaign}”暂停接受新的预订。卖方说明的原因是：“{why}”\n\n"
        "任何人都不会因此失去排号或时间：已有的排号与次序保持不变，可以照常付款，也可以退出；付款时限停止"
        "计算。入场凭证、优先码以及有截止时间的权益，至少顺延暂停的时长。恢复预订时将再次书面通知您。\n\n"
    ),
    (ENGLISH.tag, RESUMED): (
        "Dear {name},\n\nSince {resumed} everybody who may can reserve again in the campaign "
        "“{campaign}”. The pause had begun at {since}. Admissions, codes and benefits that would "
        "have ended meanwhile are good for at least as long again as the pause was.\n\n"
    ),
    (CHINESE.tag, RESUMED): (
        "{name}，您好！\n\n活动“{campaign}”自{resumed}起恢复预订（自{since}起暂停）。本应在此期间截止的入场"
        "凭证、优先码与权益，自恢复之时起至少还可使用与暂停同样长的时间。\n\n"
    ),
}
_SUBJECTS = {
    (ENGLISH.tag, PAUSED): "A sale you wait for is paused",
    (CHINESE.tag, PAUSED): "您等待的活动暂停预订",
    (ENGLISH.tag, RESUMED): "A sale you wait for goes on",
    (CHINESE.tag, RESUMED): "您等待的活动恢复预订",
}


def news_of_pause(campaign_id: CampaignId, paused: SalePause, buyer_id: BuyerId) -> OutgoingMessage:
    """The message that tells a buyer of a pause of a campaign's sale, or of its end."""
    what = PAUSED if paused.is_running else RESUMED
    return OutgoingMessage(
        channel=Channel.CAMPAIGN,
        buyer_id=buyer_id,
        order_id=OrderId(""),
        sequence=paused.number,
        subject=f"{campaign_id}:{what}",
    )


def refused_in_pause(paused: SalePause, time_zone: str) -> Rejected:
    """What is said to whoever wants to reserve meanwhile, with since when in the words of each."""
    rejected = refusal_of(paused)
    since = {
        f"since.{language}": moment_words(paused.since, language, time_zone)
        for language in paused.texts
    }
    return Rejected(rejected.reason, rejected.details | since)


def letter_of_pause(
    campaign: Campaign,
    paused: SalePause,
    what: str,
    *,
    name: str,
    language: str,
    time_zone: str,
    link: str,
) -> Letter:
    """The letter about a pause (`what` is `paused`) or its end to somebody of that name."""
    spoken = language_of(language)
    resumed_at = paused.resumed_at or paused.since
    told = _LAYOUTS[spoken, what].format(
        name=one_line(name),
        campaign=one_line(campaign.names[spoken]),
        why=one_line(paused.texts[spoken]),
        since=moment_words(paused.since, spoken, time_zone),
        resumed=moment_words(resumed_at, spoken, time_zone),
    )
    end = _END[spoken].format(link=link, time_zone=time_zone)
    return Letter(subject=_SUBJECTS[spoken, what], text=told + end, language=spoken)
