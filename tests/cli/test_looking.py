"""`demo`, `doctor`, `order` and `audit` beside a running demo: what they print and how they end.

Not here: what an audit finds (`tests/audit`).
"""

import re
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from earnest.audit.rules import Rule
from tests.cli.calling import Terminal
from tests.demo.running import Running, free_ports


@pytest.fixture(scope="module")
def made(demo: Running) -> dict[str, Any]:
    """An order whose deposit was paid."""
    reserved = demo.reserved("looking")
    demo.pays(reserved)
    return reserved


def lines(text: str) -> list[str]:
    """Printed lines without what fills them up."""
    return [line.rstrip() for line in text.splitlines()]


# demo -------------------------------------------------------------------------------------


def test_demo_shows_addresses_and_people(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("demo", "--data", demo.data)

    assert ran.code == 0
    assert lines(ran.out)[0].startswith("In the demo it is ")
    assert f"The API describes itself at  {demo.url}/api/v1/openapi.json" in lines(ran.out)
    assert "finance_second   staff:han-finance    finance" in lines(ran.out)
    assert lines(ran.out)[-1].endswith(f"earnest demo --token finance --data {demo.data}")


def test_a_token_stands_alone_on_its_line(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("demo", "--data", demo.data, "--token", "finance")

    assert ran.out == demo.file.tokens["finance"] + "\n"


def test_a_stranger_has_no_token(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("demo", "--data", demo.data, "--token", "boss")

    assert ran.code == 2
    assert "Nobody in the demo is called boss. There are: admin, admin_second," in ran.err


def test_the_demos_time_moves(terminal: Terminal, demo: Running) -> None:
    before = demo.ask("/demo/clock", "admin")["offset_seconds"]

    ran = terminal.run("demo", "--data", demo.data, "--advance-hours", "2")

    assert ran.code == 0
    assert re.fullmatch(r"In the demo it is now \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.\n", ran.out)
    assert demo.ask("/demo/clock", "admin")["offset_seconds"] == before + 7_200


@pytest.mark.parametrize("option", [(), ("--advance-hours", "1"), ("--token", "sales")])
def test_demo_without_a_demo(terminal: Terminal, tmp_path: Path, option: tuple[str, ...]) -> None:
    ran = terminal.run("demo", "--data", tmp_path, *option)

    assert ran.code == 2
    assert f"`earnest serve --demo --data {tmp_path}`" in ran.err


def test_demo_after_the_demo(terminal: Terminal, demo: Running, tmp_path: Path) -> None:
    """The file of a demo outlives its server; nobody is told that it runs."""
    nowhere = f"http://127.0.0.1:{free_ports()}"
    left = msgspec.structs.replace(demo.file, url=nowhere)
    (tmp_path / "demo.json").write_bytes(msgspec.json.encode(left))

    ran = terminal.run("demo", "--data", tmp_path)

    assert ran.code == 2
    assert f"The demo does not answer at {nowhere}" in ran.err


# doctor -----------------------------------------------------------------------------------


def test_doctor_beside_a_running_demo(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("doctor", "--data", demo.data)

    assert ran.code == 0
    # A long path goes on in the next line, whose first column is empty.
    checked = [line.split("  ")[0] for line in lines(ran.out)[3:]]
    assert [name for name in checked if name] == [
        "Python",
        "data directory",
        "database",
        "orders",
        "messages",
        "documents",
        "payment provider",
    ]
    assert "to do" not in ran.out


def test_doctor_says_what_is_to_do(
    terminal: Terminal, empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("EARNEST_PROVIDER_URL", f"http://127.0.0.1:{free_ports()}")

    ran = terminal.run("doctor", "--data", tmp_path)

    assert ran.code == 1
    said = " ".join(ran.out.split())
    assert "database to do The database has no schema of Earnest yet. Run `earnest migrate`" in said
    assert "payment provider to do http://127.0.0.1:" in said


def test_doctor_where_nothing_can_be_written(terminal: Terminal) -> None:
    ran = terminal.run("doctor", "--data", "/proc/nowhere")

    assert ran.code == 1
    assert "[data_directory_not_writable]" in " ".join(ran.out.split())


# order ------------------------------------------------------------------------------------


def test_orders_are_listed(terminal: Terminal, demo: Running, made: dict[str, Any]) -> None:
    ran = terminal.run("order", "list", "--data", demo.data, "--stage", "deposited")

    assert ran.code == 0
    head, row = lines(ran.out)[1], next(x for x in lines(ran.out) if made["order_id"] in x)
    assert head.split() == ["order", "queue", "rank", "stage", "price", "held"]
    assert row.split()[:4] == [made["order_id"], "s7-cn", str(made["rank"]), "deposited"]
    assert row.endswith("5,000.00 CNY")


def test_a_quiet_list_has_numbers_alone(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    arguments = ("order", "list", "--quiet", "--queue", "s7-cn", "--data", demo.data)

    assert made["order_id"] in terminal.run(*arguments).out.splitlines()
    assert terminal.run(*arguments, "--limit", "1").out.count("\n") == 1
    assert terminal.run(*arguments, "--stage", "handed_over").out == ""


def test_a_list_says_when_there_may_be_more(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    ran = terminal.run("order", "list", "--limit", "1", "--data", demo.data)

    assert made["order_id"]
    assert lines(ran.out)[-1] == "The first 1; --limit shows more."


def test_a_list_without_orders_says_so(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("order", "list", "--queue", "y7-cn", "--data", demo.data)

    assert (ran.code, ran.out) == (0, "No order fits.\n")


def test_an_order_is_shown(terminal: Terminal, demo: Running, made: dict[str, Any]) -> None:
    ran = terminal.run("order", "show", made["order_id"], "--data", demo.data)

    assert ran.code == 0
    assert max(len(line) for line in lines(ran.out)) <= 80
    assert lines(ran.out)[:3] == [
        f"Order {made['order_id']}",
        "stage           deposited",
        f"rank            {made['rank']} in s7-cn",
    ]
    assert "times are of    Asia/Shanghai" in lines(ran.out)
    said = " ".join(ran.out.split())
    assert f"Rank {made['rank']} in the queue is yours" in said
    assert "2 provider_clearing customer_deposits 5,000.00 CNY" in said
    assert re.search(r"What falls due .* lock", said)
    assert "Settlement" not in said


@pytest.mark.parametrize(("name", "begins"), [("pack.pdf", b"%PDF-"), ("pack.json", b"{")])
def test_a_dispute_pack_is_written(
    terminal: Terminal,
    demo: Running,
    made: dict[str, Any],
    tmp_path: Path,
    name: str,
    begins: bytes,
) -> None:
    file = tmp_path / name

    ran = terminal.run("order", "pack", made["order_id"], "-o", file, "--data", demo.data)

    assert ran.code == 0, ran.err
    assert file.read_bytes().startswith(begins)
    assert " events, digest " in " ".join(ran.out.split())


def test_a_dispute_pack_needs_an_order_a_form_and_a_place(
    terminal: Terminal, demo: Running, made: dict[str, Any], tmp_path: Path
) -> None:
    asked = ("order", "pack", "--data", demo.data)
    unknown = terminal.run(*asked, "0" * 16, "-o", tmp_path / "a.pdf")
    formless = terminal.run(*asked, made["order_id"], "-o", tmp_path / "a.docx")
    nowhere = terminal.run(*asked, made["order_id"], "-o", tmp_path / "none" / "a.json")

    assert (unknown.code, "[order_unknown]" in unknown.err) == (1, True)
    assert (formless.code, "[pack_format_unknown]" in formless.err) == (2, True)
    assert (nowhere.code, "[file_not_writable]" in nowhere.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_an_order_is_shown_in_chinese(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    typed = made["order_id"][:8].lower() + "-" + made["order_id"][8:]

    ran = terminal.run("order", "show", typed, "--language", "zh-Hans", "--data", demo.data)

    assert ran.code == 0
    assert f"您在队列中的排号为{made['rank']}" in ran.out


def test_an_order_that_ended_shows_its_settlement(terminal: Terminal, demo: Running) -> None:
    left = demo.reserved("left")
    untouched = terminal.run("order", "show", left["order_id"], "--data", demo.data)
    demo.pays(left)
    demo.ask(f"/orders/{left['order_id']}/withdraw", left["token"], {}, idempotency_key="w")

    ran = terminal.run("order", "show", left["order_id"], "--data", demo.data)

    assert "No money has moved." in untouched.out
    said = " ".join(ran.out.split())
    assert "Settlement: cooling_off" in said
    assert re.search(r"Payouts to the buyer # kind state due until amount ─+ 1 refund", said)


def test_an_order_that_is_not_there(terminal: Terminal, demo: Running) -> None:
    ran = terminal.run("order", "show", "0000000000000000", "--data", demo.data)

    assert ran.code == 1
    assert ran.err == "There is no order 0000000000000000. [order_unknown]\n"


@pytest.mark.parametrize("command", [("order", "list"), ("order", "show", "X"), ("audit",)])
def test_a_mistyped_directory_is_no_new_installation(
    terminal: Terminal, tmp_path: Path, command: tuple[str, ...]
) -> None:
    mistyped = tmp_path / "daat"

    ran = terminal.run(*command, "--data", mistyped)

    assert ran.code == 2
    assert f"There is nothing of Earnest in {mistyped}." in ran.err
    assert not mistyped.exists()


# audit ------------------------------------------------------------------------------------


def test_an_audit_beside_the_server_is_clean(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    ran = terminal.run("audit", "--data", demo.data)

    assert made["order_id"]
    assert ran.code == 0
    assert max(len(line) for line in lines(ran.out)) <= 80
    assert re.search(r"^money_held_is_what_the_provider_says +0$", ran.out, re.MULTILINE)
    assert re.fullmatch(r"\d+ orders?, \d+ events?, \d+ postings?: clean", lines(ran.out)[-1])


def test_an_audit_for_machines(terminal: Terminal, demo: Running, made: dict[str, Any]) -> None:
    ran = terminal.run("audit", "--json", "--without-provider", "--data", demo.data)

    result = msgspec.json.decode(ran.out)
    assert made["order_id"]
    assert ran.code == 0
    assert result["faults"] == []
    assert result["orders"] > 0
    assert result["provider_compared"] is False


@pytest.fixture
def spoilt(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with fifty-one faults, and settings that name it."""
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute(
            "INSERT INTO earnest.deadline"
            " SELECT repeat('B', 16), 'ORDER-0000000' || n, 'lock', now()"
            " FROM generate_series(100, 150) AS n"
        )
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)
    return fresh_database_url


def test_an_audit_that_finds_faults_names_them_and_leaves_with_one(
    terminal: Terminal, spoilt: str, tmp_path: Path
) -> None:
    ran = terminal.run("audit", "--without-provider", "--data", tmp_path)

    assert spoilt
    assert ran.code == 1
    said = lines(ran.out)
    assert re.search(r"^nothing_without_its_order +51$", ran.out, re.MULTILINE)
    assert re.search(r"^money_held_is_what_the_provider_says +not asked$", ran.out, re.MULTILINE)
    assert said.count("... and 1 more; --json shows all.") == 1
    assert (
        "ORDER-0000000100  nothing_without_its_order: facts are stored of an order that has no row"
        in said
    )
    assert said[-1] == "0 orders, 0 events, 0 postings: 51 faults"


def test_an_audit_for_machines_names_every_fault(
    terminal: Terminal, spoilt: str, tmp_path: Path
) -> None:
    ran = terminal.run("audit", "--json", "--without-provider", "--data", tmp_path)

    assert spoilt
    assert ran.code == 1
    faults = msgspec.json.decode(ran.out)["faults"]
    assert len(faults) == 51
    assert {fault["rule"] for fault in faults} == {Rule.NOTHING_ORPHANED}


def test_an_audit_whose_provider_does_not_answer(
    terminal: Terminal, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("EARNEST_PROVIDER_URL", f"http://127.0.0.1:{free_ports()}")

    ran = terminal.run("audit", "--data", tmp_path)

    assert ran.code == 2
    assert "--without-provider" in ran.err


def test_an_order_that_cannot_be_read_says_so(
    terminal: Terminal, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARNEST_DATABASE_URL", fresh_database_url)
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute(
            "INSERT INTO earnest.orders (buyer_id, order_id, queue_id, rank, stage, sequence,"
            " terms_hash, catalogue_hash, price_minor, currency, reserved_at, changed_at, state)"
            " VALUES (repeat('B', 16), repeat('R', 16), 's7-cn', 1, 'locked', 1, 't', 'c', 1,"
            " 'CNY', now(), now(), '{}')"
        )

    ran = terminal.run("order", "show", "R" * 16, "--data", tmp_path)

    assert ran.code == 1
    assert ran.err.startswith(f"Order {'R' * 16} cannot be read: Object missing required field")
    assert ran.err.endswith("[order_unreadable]\n")


# queue ------------------------------------------------------------------------------------


def test_a_queue_and_a_place_are_shown(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    shown = terminal.run("queue", "show", "--data", demo.data)
    place = terminal.run("queue", "position", made["order_id"], "--data", demo.data)
    unknown = terminal.run("queue", "position", "x", "--data", demo.data)

    assert shown.code == 0
    assert any(line.startswith("s7-cn") for line in lines(shown.out))
    assert place.code == 0
    assert "for this configuration and region" in place.out
    assert unknown.code == 1
    assert "[order_unknown]" in unknown.err


def test_nobody_in_the_demo_was_overtaken_and_no_move_is_missing(
    terminal: Terminal, demo: Running, made: dict[str, Any]
) -> None:
    found = terminal.run("queue", "inversions", "--data", demo.data)
    rebuilt = terminal.run("queue", "rebuild", "--data", demo.data)

    assert made["order_id"]
    assert (found.code, found.out) == (0, "Nobody who waits was overtaken.\n")
    assert rebuilt.code == 0
    assert rebuilt.out.endswith(" orders looked at, 0 moves added.\n")
