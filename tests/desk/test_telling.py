"""Events in words: every event is told in both languages, exactly, and with the rights it gives."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.order.events import (
    EVENTS,
    Event,
    PromiseRevised,
    Reminded,
    SettlementFixed,
    Tendered,
)
from earnest.core.order.parts import BreachKind
from earnest.core.settlement.ground import Ground
from earnest.core.terms.packs.laws import LAWS
from earnest.core.terms.packs.registry import rules_of
from earnest.core.terms.sections.ordering import Jurisdiction
from earnest.core.timers import DeadlineKind
from earnest.core.values.instant import Window
from earnest.core.values.money import Money
from earnest.desk.telling import (
    LANGUAGES,
    language_of,
    money_words,
    subject,
    tell,
    until_words,
    what_you_can_do,
    window_words,
)
from earnest.desk.telling.chinese import CHINESE
from earnest.desk.telling.chinese import TABLE as CHINESE_TABLE
from earnest.desk.telling.english import ENGLISH, WORDS
from earnest.desk.telling.english import TABLE as ENGLISH_TABLE
from earnest.desk.telling.occasion import occasion
from earnest.desk.telling.sentence import Sentence
from earnest.desk.telling.sources import source_under
from tests.desk import samples, samples_planning
from tests.desk.laws import POLICY
from tests.desk.samples_settling import EVERY_OCCASION

ACTING = {
    DeadlineKind.LAPSE,
    DeadlineKind.LOCK,
    DeadlineKind.END_DEFERRAL,
    DeadlineKind.END_DEFERRAL_REQUEST,
    DeadlineKind.CLOSE,
    DeadlineKind.END_CHANGE,
    DeadlineKind.END_DELAY,
}
"""Deadlines that become another event and are never reminded of."""

TABLES = {ENGLISH: ENGLISH_TABLE, CHINESE: CHINESE_TABLE}


def english(event: Event) -> str:
    return tell(event, "en", POLICY)


def chinese(event: Event) -> str:
    return tell(event, "zh-Hans", POLICY)


def test_there_is_a_sample_of_every_event() -> None:
    assert {type(event) for event in EVERY_OCCASION} == set(EVENTS)


def test_every_language_has_words_for_every_event() -> None:
    kinds = {kind.__name__ for kind in EVENTS}

    assert kinds - set(ENGLISH_TABLE) == set()
    assert kinds - set(CHINESE_TABLE) == set()


def test_both_languages_know_the_same_occasions() -> None:
    assert set(ENGLISH_TABLE) == set(CHINESE_TABLE)


def test_every_occasion_in_the_tables_can_happen() -> None:
    told = {occasion(event) for event in EVERY_OCCASION}
    kinds = {kind.__name__ for kind in EVENTS}

    assert set(ENGLISH_TABLE) - kinds - told == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVERY_OCCASION, ids=occasion)
def test_every_event_is_told_in_full(event: Event, language: str) -> None:
    texts = [
        tell(event, language, POLICY),
        what_you_can_do(event, language, POLICY),
        subject(event, language),
    ]

    for text in texts:
        assert text
        assert text == text.strip()
        assert not re.search(r"[\[\]{}\n]|None|  ", text), text
    assert texts[0].endswith((".", "。"))
    assert len(re.findall(r"[.。](?= |$)", texts[0])) <= 3, texts[0]


@pytest.mark.parametrize("event", EVERY_OCCASION, ids=occasion)
def test_chinese_is_chinese(event: Event) -> None:
    told = chinese(event) + what_you_can_do(event, "zh-Hans", POLICY)

    assert not re.search(r"[,;!?]|[^\x00-\x7f]\.", re.sub(r"“[^”]*”|\d,\d", "", told)), told


def test_gaps_exist_on_the_event() -> None:
    """Filling proves it for the occasions above; here for the words of a kind as such."""
    by_kind = {type(event).__name__: event for event in EVERY_OCCASION}
    for language, table in TABLES.items():
        for kind, event in by_kind.items():
            Sentence(table[kind].told, language).filled(event, samples.ZONE, "", str)


def test_every_rule_that_is_cited_has_a_source() -> None:
    """An unknown rule fails when the table is prepared, so that it cannot be published."""
    with pytest.raises(KeyError, match="CN-99"):
        Sentence("You may leave [CN-99].", ENGLISH)


@pytest.mark.parametrize("jurisdiction", LAWS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_cites_no_rule_of_a_foreign_code(language: str, jurisdiction: str) -> None:
    policy = msgspec.structs.replace(POLICY, jurisdiction=jurisdiction)
    # A settlement was fixed under a law of its own, whatever is given here.
    events = [each for each in EVERY_OCCASION if not isinstance(each, SettlementFixed)]

    for event in events:
        said = tell(event, language, policy) + what_you_can_do(event, language, policy)
        cited = re.findall(r"[A-Z]{2}-\d{2}", said)

        assert [rule for rule in cited if rule not in rules_of(Jurisdiction(jurisdiction))] == []


def test_a_letter_cites_what_the_law_of_the_order_has_in_the_place() -> None:
    sentence = Sentence("You may leave [CN-12]; we take the risk [CN-24].", ENGLISH)

    def said(jurisdiction: str) -> str:
        policy = msgspec.structs.replace(POLICY, jurisdiction=jurisdiction)
        cite = partial(source_under, policy=policy)
        return sentence.filled(samples.REVISED, samples.ZONE, "", cite)

    assert said("CN") == (
        "You may leave (CN-12, Civil Code 563); we take the risk (CN-24, Civil Code 604–610)."
    )
    assert said("DE") == ("You may leave (EU-05, directive 2011/83 article 18); we take the risk.")
    assert said("KR") == (
        "You may leave (KR-01, Fair Trade Commission 2020 and 2023); we take the risk."
    )


def test_a_misspelt_spelling_fails_when_the_table_is_prepared() -> None:
    with pytest.raises(AttributeError, match="untill"):
        Sentence("Before {due_at:untill}.", ENGLISH)


def test_every_ground_and_condition_has_words() -> None:
    missing = (
        "agreement_open",
        "ground",
        "demand",
        "notice_delivered",
        "cure_period_over",
        "right_alive",
    )
    codes = {*(ground.value for ground in Ground), *missing, "second_person"}

    assert codes - set(WORDS) == set()
    assert {CHINESE.word(code, samples.ZONE) for code in codes} & codes == set()


@pytest.mark.parametrize("kind", [kind for kind in DeadlineKind if kind not in ACTING])
def test_every_reminder_has_words_of_its_own(kind: DeadlineKind) -> None:
    assert f"Reminded.{kind}" in ENGLISH_TABLE


def test_a_reminder_nobody_foresaw_is_told_all_the_same() -> None:
    unknown = Reminded(at=samples.AT, subject="moon_phase", due_at=samples.MIDNIGHT)

    assert english(unknown) == "Something falls due: the end of 29 November 2026."
    assert chinese(unknown) == "有事项到期：2026年11月29日24时。"


# What the sentences say, word for word, where a right hangs on it.


def test_the_reservation_names_rank_price_promise_and_the_payment_window() -> None:
    assert english(samples.RESERVED) == (
        "Rank 4711 in the queue is yours, at the price of ¥318,900.00 and with delivery promised "
        "from 3 January 2027 to 14 February 2027. Please pay the deposit of ¥5,000.00 before 29 "
        "November 2026, 15:24; if it stays unpaid, the reservation lapses and you owe nothing."
    )


def test_the_deposit_says_until_when_withdrawing_is_free() -> None:
    assert english(samples.DEPOSITED) == (
        "Your deposit of ¥5,000.00 arrived. Before 29 November 2026, 15:24 you can withdraw freely "
        "and get all of it back (CN-27, Consumer Law 25); at that moment the order locks by itself."
    )
    assert chinese(samples.DEPOSITED) == (
        "已收到您的订购款5,000.00 元。在2026年11月29日 15:24之前，您可以自由撤回并获得全额退款"
        "（CN-27，《消费者权益保护法》第25条）；届时订单自动锁定。"
    )


def test_a_revised_promise_tells_what_the_buyer_may_do() -> None:
    assert english(samples.REVISED) == (
        "The seller now expects delivery from 3 January 2027 to 14 February 2027, for this cause: "
        "“A paint line stands still”. You may wait, ask for a deferral or leave, and you need not "
        "agree: the window promised with your order still binds the seller (CN-09, Civil Code "
        "543), and once it is over you may demand delivery and, after a reasonable time in vain, "
        "end the order (CN-12, Civil Code 563) and get earnest money back double (CN-17, Civil "
        "Code 587)."
    )


def test_a_delay_tells_what_binds_and_what_the_buyer_may_do() -> None:
    assert english(samples_planning.DELAYED) == (
        "The seller now expects delivery from 3 January 2027 to 14 February 2027, for this cause: "
        "“Wheels are late”. You need not agree: as long as you say nothing the window promised "
        "before, 22 November 2026 to 29 November 2026, binds the seller (CN-09, Civil Code 543), "
        "and once it is over you may demand delivery and, after a reasonable time in vain, end the "
        "order (CN-12, Civil Code 563) and get earnest money back double (CN-17, Civil Code 587). "
        "Until your car is shipped you may also leave at once, with your whole deposit back."
    )


def test_a_delay_that_needs_a_yes_tells_that_money_comes_back_unasked() -> None:
    policy = msgspec.structs.replace(POLICY, jurisdiction="US-FTC")
    assert tell(samples_planning.UNCONSENTED, "en", policy) == (
        "The seller now expects delivery from 3 January 2027 to 14 February 2027, for this cause: "
        "“Wheels are late”; before, 22 November 2026 to 29 November 2026 was promised. Your order "
        "goes on only if you agree expressly by the end of 29 November 2026. If you say nothing, "
        "it ends then and all you paid comes back to you unasked (US-02, 16 CFR 435.2); "
        "until your car is shipped you may also leave at once."
    )


def test_a_contested_cancellation_tells_that_nothing_ended() -> None:
    assert english(samples.contested(BreachKind.CANCELLED_WITHOUT_GROUND)) == (
        "The seller declared the order ended, but nothing has ended, for these reasons: a "
        "deferral is in force; there was no demand to perform; no second person has checked it "
        "(CN-11, Civil Code 565). Your place, your slot and your money stay; you may hold "
        "on to the order, or end it for this breach and get earnest money back double (CN-17, "
        "Civil Code 587)."
    )
    assert "但订单并未终止" in chinese(samples.CONTESTED)
    assert "因卖方违反协议解除订单并获双倍返还定金" in chinese(samples.CONTESTED)


def test_a_balance_demand_says_that_it_follows_the_joint_inspection() -> None:
    assert english(samples.DEMANDED) == (
        "The joint inspection that you confirmed comes first and has passed (CN-37, "
        "three-guarantee rules 13), so the seller asks for the balance of ¥313,900.00. You have 7 "
        "days, which have not begun: they run only from the proven arrival of this demand "
        "(CN-11, Civil Code 565). It is for the very car you inspected and can be paid in "
        "several parts."
    )
    assert chinese(samples.DEMANDED).startswith("您确认的联合验车在先且已通过")
    assert "该期限尚未起算，自证明本通知送达您之时起算" in chinese(samples.DEMANDED)
    assert "is now due by the end of 29 November 2026" in english(samples.DATED)


def test_the_end_of_a_deferral_takes_nothing() -> None:
    ended = next(event for event in EVERY_OCCASION if type(event).__name__ == "DeferralEnded")

    assert "nothing is taken: the order, its rank and your money stay" in english(ended)
    assert "never an automatic loss" in english(ended)
    assert "您不会因此失去任何权益" in chinese(ended)


# Money, instants and quoted texts.


@pytest.mark.parametrize(
    ("amount", "in_english", "in_chinese"),
    [
        (Money(500_000, "CNY"), "¥5,000.00", "5,000.00 元"),
        (Money(5, "CNY"), "¥0.05", "0.05 元"),
        (Money(-500_000, "CNY"), "-¥5,000.00", "-5,000.00 元"),
        (Money(123_456_789, "EUR"), "EUR 1,234,567.89", "1,234,567.89 EUR"),
        (Money(-100, "EUR"), "EUR -1.00", "-1.00 EUR"),
        (Money(5_000, "JPY"), "JPY 5,000", "5,000 JPY"),
        (Money(1_234_567, "KWD"), "KWD 1,234.567", "1,234.567 KWD"),
    ],
)
def test_money_is_written_to_the_minor_unit(
    amount: Money, in_english: str, in_chinese: str
) -> None:
    assert money_words(amount, "en") == in_english
    assert money_words(amount, "zh-Hans") == in_chinese


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_what_is_written_is_the_amount(amount: int) -> None:
    written = money_words(Money(amount, "CNY"), "en")

    assert int(written.replace("¥", "").replace(",", "").replace(".", "")) == amount


def test_a_period_that_ends_at_midnight_ends_with_the_day_before() -> None:
    assert until_words(samples.MIDNIGHT, "en", samples.SHANGHAI) == "the end of 29 November 2026"
    assert until_words(samples.MIDNIGHT, "zh-Hans", samples.SHANGHAI) == "2026年11月29日24时"
    assert until_words(samples.MIDNIGHT, "en", "UTC") == "29 November 2026, 16:00"
    later = samples.MIDNIGHT + timedelta(seconds=1)
    assert until_words(later, "en", samples.SHANGHAI) == "30 November 2026, 00:00"


def test_a_promise_that_ends_at_midnight_ends_with_the_day_before() -> None:
    window = Window(samples.MIDNIGHT - timedelta(days=7), samples.MIDNIGHT)

    assert window_words(window, "en", samples.SHANGHAI) == "23 November 2026 to 29 November 2026"
    assert window_words(window, "zh-Hans", samples.SHANGHAI) == "2026年11月23日至2026年11月29日"


def test_no_instant_is_told_later_than_it_is() -> None:
    """Seconds are cut, not rounded: 15:24:33 becomes 15:24."""
    assert until_words(samples.LATER, "en", samples.SHANGHAI) == "29 November 2026, 15:24"


def test_many_appointments_are_counted_after_the_first_three() -> None:
    day = timedelta(days=1)
    windows = tuple(
        Window(samples.APPOINTMENT.begins + n * day, samples.APPOINTMENT.ends + n * day)
        for n in range(5)
    )
    tendered = Tendered(
        at=samples.AT, tender_number=1, vin=samples.VIN, place="Haikou", appointments=windows
    )

    assert (
        "You can choose 29 November 2026, 10:00 to 11:00 or 30 November 2026, 10:00 to 11:00 or "
        "1 December 2026, 10:00 to 11:00, or 2 more; nothing is due"
    ) in english(tendered)
    assert "2026年12月1日 10:00至11:00，另有2个时段；" in chinese(tendered)


def test_a_window_over_midnight_names_both_days() -> None:
    night = Window(samples.MIDNIGHT - timedelta(hours=1), samples.MIDNIGHT + timedelta(hours=1))

    assert ENGLISH.window(night, samples.ZONE) == (
        "29 November 2026, 23:00 to 30 November 2026, 01:00"
    )
    assert CHINESE.window(night, samples.ZONE) == "2026年11月29日 23:00至2026年11月30日 01:00"


@pytest.mark.parametrize(
    ("week", "in_english", "in_chinese"),
    [
        ("2027-W02", "week 2 of 2027", "2027年第2周"),
        ("2027-W31", "week 31 of 2027", "2027年第31周"),
        ("early 2027", "early 2027", "early 2027"),
    ],
)
def test_a_production_week_is_told_in_words(week: str, in_english: str, in_chinese: str) -> None:
    assert ENGLISH.week(week, samples.ZONE) == in_english
    assert CHINESE.week(week, samples.ZONE) == in_chinese


@given(st.text())
def test_what_people_wrote_is_quoted_on_one_line(cause: str) -> None:
    """Neither line breaks nor gaps of the sentence can come in with a text."""
    told = english(PromiseRevised(at=samples.AT, promise=samples.PROMISE, cause=cause))

    assert told.isprintable()
    assert told.startswith("The seller now expects delivery from 3 January 2027")


def test_a_text_that_looks_like_a_gap_stays_a_text() -> None:
    sly = PromiseRevised(at=samples.AT, promise=samples.PROMISE, cause="{promise.begins} [CN-12]")

    assert "“{promise.begins} [CN-12]”" in english(sly)


def test_money_in_a_sentence_is_the_events_own() -> None:
    event = next(e for e in EVERY_OCCASION if occasion(e) == "SettlementFixed.doubled")

    assert english(event) == (
        "The settlement is fixed: ¥10,000.00 comes to you, with the earnest money doubled by "
        "¥5,000.00 (CN-17, Civil Code 587). The doubled part waits for the release by a second "
        "person, due by the end of 29 November 2026."
    )


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [
        ("zh-Hans", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        ("ZH", "zh-Hans"),
        ("en", "en"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_everybody_is_spoken_to_in_chinese_or_english(tag: str, spoken: str) -> None:
    assert language_of(tag) == spoken
