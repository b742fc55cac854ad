"""What a demo leaves for others, its documents, and its clock."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from earnest.core.catalogue.configuration import Quote, quote
from earnest.core.order.actor import STAFF
from earnest.demo.advance import ClockRefused, advance_demo, present_of_demo
from earnest.demo.maker import QUEUES, demo_catalogue, demo_offers, demo_terms
from earnest.demo.stage import (
    PEOPLE,
    DemoFile,
    DemoNotRunning,
    PersonUnknown,
    read_demo_file,
    token_of,
)
from tests.demo.running import Running, free_ports
from tests.web.maker import SELECTION


def test_both_queues_are_on_sale_under_the_published_documents() -> None:
    terms, catalogue = demo_terms(), demo_catalogue()

    offers = demo_offers(terms, catalogue)

    assert [offer.queue_id for offer in offers] == [queue.queue_id for queue in QUEUES]
    assert {offer.terms_hash for offer in offers} == {terms.terms_hash}
    assert {offer.catalogue_hash for offer in offers} == {catalogue.catalogue_hash}
    assert {model.model_line for model in catalogue.models} == {each.model_line for each in QUEUES}
    assert isinstance(quote(catalogue, SELECTION), Quote)


def test_every_text_of_the_demo_is_there_in_both_languages() -> None:
    terms, catalogue = demo_terms(), demo_catalogue()

    named = [clause.texts for clause in terms.clauses]
    for model in catalogue.models:
        named += [model.names]
        named += [choice.names for choice in model.choices]
        named += [option.names for option in model.options]
        named += [rule.names for rule in model.rules]

    assert {tuple(sorted(each)) for each in named} == {("en", "zh-Hans")}


def test_the_people_of_the_demo_cover_every_role() -> None:
    roles = {role for _, held in PEOPLE.values() for role in held}

    assert roles == {"admin", "auditor", "terms_editor", *STAFF}
    assert len({staff_id for staff_id, _ in PEOPLE.values()}) == len(PEOPLE)


def test_a_directory_without_a_demo_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(DemoNotRunning, match=f"earnest serve --demo --data {tmp_path}"):
        read_demo_file(tmp_path)


def test_a_demo_file_that_is_broken_says_so(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")

    with pytest.raises(DemoNotRunning, match="No demo was found"):
        read_demo_file(tmp_path)


def test_nobody_has_the_token_of_a_stranger() -> None:
    file = DemoFile(url="", sandbox_url="", tokens={"admin": "a", "sales": "b"})

    assert token_of(file, "sales") == "b"
    with pytest.raises(PersonUnknown, match="There are: admin, sales"):
        token_of(file, "boss")


def test_both_clocks_move_together(demo: Running) -> None:
    before = asyncio.run(present_of_demo(demo.file))

    after = asyncio.run(advance_demo(demo.file, 3600))

    assert (after - before).total_seconds() >= 3600
    assert demo.ask("/demo/clock", "admin")["offset_seconds"] >= 3600


def test_a_clock_that_is_not_ours_stays(demo: Running) -> None:
    tokens = demo.file.tokens | {"admin": demo.file.tokens["sales"]}
    stranger = msgspec.structs.replace(demo.file, tokens=tokens)

    with pytest.raises(ClockRefused, match="answered 403"):
        asyncio.run(advance_demo(stranger, 3600))


def test_a_demo_that_has_stopped_says_how_to_start_it() -> None:
    nowhere = f"http://127.0.0.1:{free_ports()}"
    stopped = DemoFile(url=nowhere, sandbox_url=nowhere, tokens={"admin": "token"})

    with pytest.raises(DemoNotRunning, match=r"Start it again .* \[demo_not_running\]"):
        asyncio.run(present_of_demo(stopped))
