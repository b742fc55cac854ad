"""Writing a dispute pack as sheets, in its own language.

Not here: the pack as data (`pack.py`), fixed words (`labels.py`), and setting the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from earnest.core.cases.notice import Means
from earnest.core.order.state import Order
from earnest.core.settlement.words import Reader, words
from earnest.core.terms.clauses.titles import TITLES
from earnest.core.values.instant import Instant
from earnest.core.values.money import Money
from earnest.desk.pack.labels import LABELS
from earnest.desk.pack.pack import Pack, PackEvent, PackTerms
from earnest.desk.pack.sheet import Column, Passage, Section, Sheet
from earnest.desk.telling import code_words, moment_words, money_words, until_words, window_words
from earnest.desk.telling.account_words import account_words

_OWN_ACTS = {Means.IN_APP: "opened_by_login", Means.ACTED: "opened_a_payment"}
"""Acts of the buyer that prove the arrival of a notice, said in the reader's language."""

_GROUP = 16
"""Characters of a code after which a line may end."""


def sheet_of(pack: Pack) -> Sheet:
    """The pack in its language."""
    return _Writer(pack).sheet()


class _Writer:
    """Writes one pack; it knows the language and the zone of everything it writes."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._labels = LABELS[pack.language]
        self._order = msgspec.convert(pack.order, Order)

    def sheet(self) -> Sheet:
        """All sections in the order in which a reader needs them."""
        pack, say = self._pack, self._labels
        return Sheet(
            language=pack.language,
            title=say["title"],
            subtitle=say["subtitle"],
            order_id=pack.order_id,
            digest=pack.digest,
            made_at=pack.as_of,
            labels={name: say[name] for name in ("order", "digest", "page", "of", "none")},
            facts=(
                (say["order"], pack.order_id),
                (say["buyer"], pack.parties.buyer_name or pack.parties.buyer_id),
                (say["seller"], pack.parties.seller),
                (say["as_of"], self._moment(pack.as_of)),
                (say["events"], str(pack.sequence)),
                (say["zone"], pack.time_zone),
                (say["format"], pack.format),
                (say["digest"], _broken(pack.digest)),
            ),
            sections=(
                self._parties(),
                self._settlement(),
                self._cases(),
                self._demands(),
                self._promises(),
                self._events("agreements", pack.agreements),
                *(self._terms(each) for each in pack.terms),
                self._acknowledgements(),
                self._evidence(),
                self._events("decisions", pack.decisions),
                self._signatures(),
                self._notices(),
                self._payouts(),
                self._postings(),
                self._events("timeline", pack.timeline),
                Section(heading=say["verify"], passages=(Passage("", "", say["verify_body"]),)),
            ),
        )

    def _parties(self) -> Section:
        say, order, parties = self._labels, self._order, self._pack.parties
        facts = [
            (say["seller"], parties.seller),
            (say["payee"], parties.payee),
            (say["buyer"], f"{parties.buyer_name} ({parties.buyer_id})".strip()),
            (say["stage"], say[f"stage_{order.stage.value}"]),
            (say["rank"], f"{order.rank} · {order.queue_id}"),
            (
                say["configuration"],
                f"{order.configuration.model}: {', '.join(order.configuration.options)}",
            ),
            (say["price"], self._money(order.price)),
            (say["deposit"], self._money(order.deposit)),
            (say["held"], self._money(order.deposit_paid + order.balance_paid)),
            (say["reserved_at"], self._moment(order.reserved_at)),
        ]
        if order.car is not None:
            facts.append((say["vin"], order.car.vin))
        return Section(heading=say["parties"], facts=tuple(facts))

    def _promises(self) -> Section:
        pack, say = self._pack, self._labels
        return Section(
            heading=say["promises"],
            columns=self._columns(("event", 1), ("at", 4), ("window", 6), ("cause", 6)),
            rows=tuple(
                (
                    str(each.sequence),
                    self._moment(each.at),
                    window_words(each.promise, pack.language, pack.time_zone),
                    each.cause,
                )
                for each in pack.promises
            ),
        )

    def _terms(self, terms: PackTerms) -> Section:
        say = self._labels
        standing = say["in_force"] if terms.in_force else say["replaced"]
        return Section(
            heading=f"{say['terms']}{say['colon']}{terms.version}",
            facts=(
                (say["since"], f"{self._moment(terms.since)} ({standing})"),
                (say["hash"], _broken(terms.terms_hash)),
            ),
            passages=tuple(
                Passage(
                    self._title(each.clause_id),
                    " · ".join(self._standing(material=each.material, given=each.acknowledged))
                    + f"  {_broken(each.text_hash)}".strip(),
                    each.text,
                )
                for each in terms.clauses
            ),
        )

    def _title(self, clause_id: str) -> str:
        """What a clause is called; a maker's own goes by its id."""
        titles = TITLES.get(clause_id)
        return clause_id if titles is None else titles[self._pack.language]

    def _standing(self, *, material: bool, given: bool) -> Iterator[str]:
        """What stands beside a clause: whether it weighs, and whether it was accepted alone."""
        if material:
            yield self._labels["material"]
            yield self._labels["acknowledged" if given else "not_acknowledged"]
        elif given:
            yield self._labels["acknowledged"]

    def _acknowledgements(self) -> Section:
        say = self._labels
        return Section(
            heading=say["acknowledgements"],
            columns=self._columns(
                ("event", 1), ("at", 4), ("clause", 4), ("text_hash", 6, "code"), ("as_shown", 2)
            ),
            rows=tuple(
                (
                    str(each.sequence),
                    self._moment(each.at),
                    f"{self._title(each.clause_id)} ({each.language})",
                    _broken(each.text_hash),
                    say["yes" if each.as_shown else "no"],
                )
                for each in self._pack.acknowledgements
            ),
        )

    def _demands(self) -> Section:
        pack, say = self._pack, self._labels
        rows = []
        for each in pack.demands:
            proof = say["unproven" if each.cure_until is None else "dated_by_demand"]
            if each.delivered_at is not None:
                means = "" if each.means is None else f"{say[each.means]}{say['colon']}"
                own = None if each.means is None else _OWN_ACTS.get(each.means)
                shown = each.proof if own is None else say[own]
                filed = each.evidence_number
                piece = "" if filed is None else f" ({say['evidence']} {filed})"
                proof = f"{means}{shown}{piece}"
            rows.append(
                (
                    str(each.number),
                    code_words(each.ground, pack.language, pack.time_zone),
                    self._moment(each.demanded_at),
                    self._moment(each.delivered_at),
                    say["met"] if each.met else self._until(each.cure_until),
                    proof,
                )
            )
        return Section(
            heading=say["demands"],
            columns=self._columns(
                ("demand", 2),
                ("ground", 4),
                ("demanded", 4),
                ("delivered", 4),
                ("cure_until", 4),
                ("proof", 6),
            ),
            rows=tuple(rows),
        )

    def _notices(self) -> Section:
        say = self._labels
        marked = {"sent": "sent", "delivered": "mark_delivered", "opened": "mark_opened"}
        return Section(
            heading=say["notices"],
            columns=self._columns(("event", 1), ("at", 4), ("subject", 6), ("marks", 6)),
            rows=tuple(
                (
                    str(each.sequence),
                    self._moment(each.at),
                    each.subject,
                    "; ".join(
                        f"{say[mark.channel]} {say[marked[mark.kind]]} {self._moment(mark.at)}"
                        for mark in each.marks
                    ),
                )
                for each in self._pack.notices
            ),
        )

    def _cases(self) -> Section:
        pack, say = self._pack, self._labels
        passages = []
        for case in pack.cases:
            opened = f"{self._moment(case.opened_at)}, {self._who(case.opened_by)}"
            lines = [f"{say['opened']}{say['colon']}{opened}"]
            for label, due in (
                ("answer_due", case.answer_due_at),
                ("decision_due", case.decision_due_at),
            ):
                if due is not None:
                    lines.append(f"{say[label]}{say['colon']}{self._until(due)}")
            body = say.get(case.subject, case.subject)
            if case.answered_at is not None:
                said = f"{self._moment(case.answered_at)}, {self._who(case.answered_by)}"
                body += f"\n{say['answered']} ({said}){say['colon']}{case.answer}"
            if case.closed_at is not None and case.outcome is not None:
                said = f"{self._moment(case.closed_at)}, {self._who(case.decided_by)}"
                outcome = code_words(case.outcome, pack.language, pack.time_zone)
                body += f"\n{say['decided']} ({said}){say['colon']}{outcome}. {case.reasons}"
            state = "" if case.closed_at is not None else f" ({say['open']})"
            passages.append(Passage(f"{say['case']} {case.number}{state}", " · ".join(lines), body))
        return Section(heading=say["cases"], passages=tuple(passages))

    def _evidence(self) -> Section:
        pack, say = self._pack, self._labels
        return Section(
            heading=say["evidence"],
            columns=self._columns(
                ("event", 1),
                ("kind", 3),
                ("description", 5),
                ("who", 3),
                ("at", 4),
                ("digest", 6, "code"),
            ),
            rows=tuple(
                (
                    str(each.number),
                    code_words(each.kind, pack.language, pack.time_zone),
                    each.description
                    + ("" if each.case_number is None else f" ({say['case']} {each.case_number})"),
                    self._who(each.added_by),
                    self._moment(each.added_at),
                    _broken(each.digest),
                )
                for each in pack.evidence
            ),
        )

    def _signatures(self) -> Section:
        say = self._labels
        return Section(
            heading=say["signatures"],
            columns=self._columns(("event", 1), ("at", 4), ("what", 4), ("who", 8)),
            rows=tuple(
                (str(each.sequence), self._moment(each.at), say[each.what], _broken(each.by))
                for each in self._pack.signatures
            ),
        )

    def _settlement(self) -> Section:
        pack, say = self._pack, self._labels
        if pack.statement is None:
            return Section(heading=say["settlement"])
        ground = code_words(pack.statement.ground, pack.language, pack.time_zone)
        return Section(
            heading=say["settlement"],
            facts=(
                (say["ground"], ground),
                (say["owed"], self._money(pack.statement.owed_to_buyer)),
            ),
            columns=self._columns(("what", 9), ("rule", 3), ("amount", 3, "right")),
            rows=tuple(
                (words(line, pack.language, Reader.OTHERS), line.rule, self._money(line.amount))
                for line in pack.statement.lines
            ),
        )

    def _payouts(self) -> Section:
        say = self._labels
        states = {"due": "payout_due", "paid": "payout_paid"}
        return Section(
            heading=say["payouts"],
            columns=self._columns(
                ("event", 1), ("kind", 3), ("state", 4), ("due", 4), ("amount", 3, "right")
            ),
            rows=tuple(
                (
                    str(each.number),
                    say[each.kind],
                    say[states.get(each.state, each.state)],
                    self._until(each.due_at),
                    self._money(each.amount),
                )
                for each in self._pack.payouts
            ),
        )

    def _postings(self) -> Section:
        pack = self._pack
        return Section(
            heading=self._labels["postings"],
            columns=self._columns(
                ("event", 1), ("at", 4), ("debit", 5), ("credit", 5), ("amount", 3, "right")
            ),
            rows=tuple(
                (
                    str(each.sequence),
                    self._moment(each.at),
                    account_words(each.debit, pack.language),
                    account_words(each.credit, pack.language),
                    self._money(each.amount),
                )
                for each in pack.postings
            ),
        )

    def _events(self, name: str, events: Iterable[PackEvent]) -> Section:
        return Section(
            heading=self._labels[name],
            columns=self._columns(("event", 1), ("at", 4), ("who", 3), ("what", 11)),
            rows=tuple(
                (str(each.sequence), self._moment(each.at), self._who(each.by), each.words)
                for each in events
            ),
        )

    def _columns(self, *wanted: tuple[str, int] | tuple[str, int, str]) -> tuple[Column, ...]:
        return tuple(Column(self._labels[name], *rest) for name, *rest in wanted)

    def _who(self, actor_id: str) -> str:
        """A kind of person, with the name that a member of staff has in the house."""
        kind, _, name = actor_id.partition(":")
        known = self._labels.get(f"by_{kind}", kind)
        return f"{known} {name}" if kind in {"staff", "provider"} else known

    def _moment(self, instant: Instant | None) -> str:
        pack = self._pack
        return "" if instant is None else moment_words(instant, pack.language, pack.time_zone)

    def _until(self, instant: Instant | None) -> str:
        pack = self._pack
        return "" if instant is None else until_words(instant, pack.language, pack.time_zone)

    def _money(self, amount: Money) -> str:
        return money_words(amount, self._pack.language)


def _broken(digest: str) -> str:
    """A long code with places at which a line may end; what has spaces stays as it is."""
    if " " in digest:
        return digest
    parts = (digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
    return "\u200b".join(parts)
