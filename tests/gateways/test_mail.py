"""Mail: one contract over memory, files and SMTP, then what each does alone."""

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from earnest.desk.courtesy import MAILS_PER_SECOND, Courtesy
from earnest.desk.desk import Counts
from earnest.gateways.clock import Clock
from earnest.gateways.mail import (
    MAILS_IN_A_TURN,
    CourteousMail,
    FileMail,
    Mail,
    MailGateway,
    MailRefused,
    MailResult,
    MailRetry,
    MailSent,
    NullMail,
    SmtpMail,
)
from tests.gateways.running import run

SENDER = "orders@maker.example"
COMPOSED = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)


def mail(
    message_id: str = "ab12-deposit",
    *,
    to: str = "buyer@example.org",
    text: str = "您的定金已收到。\nYour deposit has arrived.\n",
    composed_at: datetime | None = COMPOSED,
) -> Mail:
    return Mail(
        to=to,
        subject="定金已收到 / Deposit received",
        text=text,
        language="zh-Hans",
        message_id=message_id,
        composed_at=composed_at,
    )


def sent(gateway: MailGateway, one: Mail) -> MailResult:
    [result] = run(gateway.send([one]))
    return result


class _Conversation(socketserver.StreamRequestHandler):
    """One SMTP conversation, with the replies that the server was told to give."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, SmtpServer)
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.strip() else ""
            if verb == "DATA" and not server.replies.get("DATA"):
                self.say("354 go on")
                server.messages.append(self.read_message())
                self.say("250 taken")
            elif verb == "EHLO":
                self.say("250-maker\r\n250 AUTH PLAIN")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say(server.replies.get(verb, "250 fine"))

    def say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")

    def read_message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        message = email.message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(message, EmailMessage)
        return message


class SmtpServer(socketserver.ThreadingTCPServer):
    """A mail server small enough to read."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[EmailMessage] = []
        self.replies: dict[str, str] = {}
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    server = SmtpServer()
    yield server
    server.stop()


def test_a_sender_may_carry_a_name(tmp_path: Path) -> None:
    gateway = FileMail(tmp_path, sender="Maker 汽车 <orders@maker.example>", clock=Clock())
    sent(gateway, mail())
    written = gateway.path_of("ab12-deposit", COMPOSED).read_bytes()
    assert b"Message-ID: <ab12-deposit@maker.example>" in written


def smtp(server: SmtpServer, password: str | None = None) -> SmtpMail:
    return SmtpMail(
        host="127.0.0.1",
        port=server.port,
        sender=SENDER,
        clock=Clock(),
        username=None if password is None else "orders",
        password=password,
        timeout_seconds=5.0,
    )


def files(folder: Path) -> FileMail:
    return FileMail(folder, sender=SENDER, clock=Clock())


Gateways = dict[str, Callable[[], MailGateway]]


@pytest.fixture
def gateways(tmp_path: Path, server: SmtpServer) -> Gateways:
    return {
        "null": NullMail,
        "files": lambda: files(tmp_path),
        "smtp": lambda: smtp(server),
    }


@pytest.mark.parametrize("kind", ["null", "files", "smtp"])
def test_every_gateway_takes_a_mail_twice_and_refuses_what_cannot_go(
    gateways: Gateways, kind: str
) -> None:
    gateway = gateways[kind]()
    assert sent(gateway, mail()) == MailSent()
    assert sent(gateway, mail()) == MailSent()
    for message_id in ("", "../../etc/passwd", "..", "a/b", "a b", "a\n", "x" * 201, "-a", "日"):
        refused = sent(gateway, mail(message_id))
        assert isinstance(refused, MailRefused)
        assert refused.code == "mail_id_invalid"
    for to in ("", "buyer", "a@b@c", "a,b@example.org", "a@example.org\nBcc: x@y.z", "<a@b.c>"):
        refused = sent(gateway, mail(to=to))
        assert isinstance(refused, MailRefused)
        assert refused.code == "mail_address_invalid"


HOSTILE = "Deposit\r\nBcc: thief@example.org\r\n\r\nbody"
LONG = "已收到您的订购款，" * 20 + "x" * 80


@pytest.mark.parametrize(
    "text", [HOSTILE, LONG, "=?utf-8?b?YQ==?=", "a\x00b\x7f", "\ud800", "", "x" * 61]
)
def test_no_text_leaves_its_header_or_its_body(tmp_path: Path, text: str) -> None:
    wanted = msgspec.structs.replace(mail(), subject=text, text=text, language=text)
    assert sent(files(tmp_path), wanted) == MailSent()
    [path] = tmp_path.rglob("*.eml")
    content = path.read_bytes()
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)

    spelt = text.encode("utf-8", "replace").decode()
    assert message.keys() == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Content-Language"),
    ]
    assert str(message["Subject"]) == " ".join(spelt.split())
    lines = spelt.replace("\r\n", "\n").splitlines()
    assert message.get_content().splitlines() == lines
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_mails_of_a_job_are_judged_one_by_one(gateways: Gateways) -> None:
    wanted = [mail("a1"), mail("../b"), mail("c3", to="nobody"), mail("d4")]
    for gateway in gateways.values():
        results = run(gateway().send(wanted))
        assert [type(result) for result in results] == [
            *(MailSent, MailRefused, MailRefused, MailSent)
        ]


def test_a_courteous_gateway_sends_a_few_at_each_turn() -> None:
    turns: list[float] = []

    async def sleep(seconds: float) -> None:
        turns.append(seconds)

    inner = NullMail()
    courtesy = Courtesy(Counts(), lambda: 0.0, sleep)
    count = 2 * MAILS_IN_A_TURN + 1
    results = run(CourteousMail(inner, courtesy).send([mail(f"m{n}") for n in range(count)]))

    assert results == [MailSent()] * count
    assert [each.message_id for each in inner.sent] == [f"m{n}" for n in range(count)]
    assert turns == [MAILS_IN_A_TURN * n / MAILS_PER_SECOND for n in (1, 2)]


def test_the_null_twin_keeps_each_mail_once() -> None:
    gateway = NullMail()
    sent(gateway, mail("a1", text="first"))
    sent(gateway, mail("b2"))
    sent(gateway, mail("a1", text="again"))
    assert [(each.message_id, each.text[:5]) for each in gateway.sent] == [
        ("a1", "again"),
        ("b2", "您的定金已"),
    ]


def test_a_file_stands_in_its_day_and_shard_and_is_a_whole_mail(tmp_path: Path) -> None:
    beijing = timezone(timedelta(hours=8))
    composed = datetime(2025, 11, 23, 7, 59, tzinfo=beijing)
    sent(files(tmp_path), mail(composed_at=composed))
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path == tmp_path / "2025-11-22" / "ab" / "ab12-deposit.eml"
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    assert {name: str(message[name]) for name in ("From", "To", "Subject", "Message-ID")} == {
        "From": SENDER,
        "To": "buyer@example.org",
        "Subject": "定金已收到 / Deposit received",
        "Message-ID": "<ab12-deposit@maker.example>",
    }
    assert str(message["Date"]) == "Sun, 23 Nov 2025 07:59:00 +0800"
    assert str(message["Content-Language"]) == "zh-Hans"
    assert message.get_content().replace("\r\n", "\n") == mail().text


def test_the_same_id_overwrites_its_file_and_leaves_no_other(tmp_path: Path) -> None:
    gateway = files(tmp_path)
    sent(gateway, mail(text="first"))
    sent(gateway, mail(text="second"))
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"second" in path.read_bytes()


def test_without_its_own_date_a_mail_carries_that_of_its_sending(tmp_path: Path) -> None:
    class Noon(Clock):
        def now(self) -> datetime:
            return datetime(2024, 3, 28, 12, 0, tzinfo=UTC)

    gateway = FileMail(tmp_path, sender=SENDER, clock=Noon())
    sent(gateway, mail(composed_at=None))
    assert (tmp_path / "2024-03-28" / "ab" / "ab12-deposit.eml").is_file()


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    assert isinstance(sent(files(blocked), mail()), MailRetry)


def test_a_failed_rename_leaves_no_half_file_behind(tmp_path: Path) -> None:
    gateway = files(tmp_path)
    gateway.path_of("ab12-deposit", COMPOSED).mkdir(parents=True)
    assert isinstance(sent(gateway, mail()), MailRetry)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_smtp_hands_over_the_mail_as_it_is(server: SmtpServer) -> None:
    assert sent(smtp(server), mail()) == MailSent()
    [message] = server.messages
    assert str(message["To"]) == "buyer@example.org"
    assert str(message["Subject"]) == "定金已收到 / Deposit received"
    assert message.get_content().replace("\r\n", "\n") == mail().text


@pytest.mark.parametrize(
    ("verb", "reply", "is_final"),
    [
        ("RCPT", "550 no such mailbox", True),
        ("RCPT", "451 greylisted", False),
        ("MAIL", "554 not you", True),
        ("MAIL", "421 busy", False),
        ("DATA", "552 too large", True),
        ("DATA", "452 full", False),
    ],
)
def test_smtp_tells_refusals_for_good_from_refusals_for_now(
    server: SmtpServer, verb: str, reply: str, *, is_final: bool
) -> None:
    server.replies[verb] = reply
    result = sent(smtp(server), mail())
    assert isinstance(result, MailRefused if is_final else MailRetry)
    assert reply in result.explanation.replace(": ", " ")
    assert server.messages == []


def test_a_wrong_password_gives_no_buyers_mail_up(server: SmtpServer) -> None:
    server.replies["AUTH"] = "535 wrong"
    result = sent(smtp(server, "guessed"), mail())
    assert result == MailRetry("the mail server refused the login: wrong")


def test_a_mail_server_that_is_away_is_tried_again(server: SmtpServer) -> None:
    away = smtp(server)
    server.stop()
    assert isinstance(sent(away, mail()), MailRetry)
