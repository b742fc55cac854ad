"""The office's pages: who may open which, what stands on them, and every command by its form.

Not here: the rules of the commands, and what a browser makes of the pages (`tests/browser`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import pytest

from earnest.core.order.actor import Role
from earnest.core.order.authority import AUTHORITY
from earnest.desk.views import Admission, BuyerProfile
from earnest.web.api.commands import asked_by_people
from earnest.web.identity import Access
from earnest.web.office import office_pages
from earnest.web.office.acting.fields import Field, FieldKind, minor_units, value_of
from earnest.web.office.acting.page import FORMS
from earnest.web.pages.forms import Form
from earnest.web.pages.page import Page
from tests.web.asking import Client
from tests.web.browsing import Browser
from tests.web.life import VIN, Life, begun
from tests.web.maker import LASTS, World, buyer_id, world

STAFF = ("sales", "planning", "delivery", "finance", "terms_editor", "admin", "auditor")
LEFT_OUT = {
    *("AllocateCar", "RecordCarTaken", "RecordPartialDelivery"),
    *("TakeSlot", "RecordSlotTaken"),
}
"""Commands of staff without a form: plan runs and fleets ask for them by program."""


def staff(here: World, *roles: str, name: str = "lin") -> Browser:
    """Somebody of the seller's with a browser."""
    who = Browser(here)
    token = here.house.tokens.for_staff(name, roles, here.clock.now(), LASTS)
    who.cookies["earnest_session"] = token
    return who


async def registered(here: World, name: str = "one") -> None:
    """Give a buyer a name, a telephone number and an address."""
    profile = BuyerProfile(
        buyer_id=buyer_id(name),
        name="Li Wen <b>",
        email="li@example.cn",
        phone="+86 138 0013 8000",
        language="zh-Hans",
        created_at=here.clock.now(),
    )
    admission = Admission(
        actor_id="staff:an", key="k", content_hash="c", admitted_at=here.clock.now()
    )
    await here.house.register.admit(admission, [profile])


def filled(page: Page, order_id: str) -> str:
    """The address of a page about this order."""
    path = page.path.replace("{order_id}", order_id).replace("{command}", "OpenCase")
    return re.sub(r"\{\w+\}", "1", path)


def may_open(page: Page, role: str) -> bool:
    """Who may open a page, in other words than the code's."""
    match page.access:
        case Access.PUBLIC:
            return True
        case Access.STAFF:
            return role != "buyer"
        case Access.EDITORS:
            return role == "terms_editor"
        case Access.OVERSEERS:
            return role in {"admin", "auditor", *(each.value for each in page.roles)}
        case Access.ACTORS:
            return role in {each.value for each in page.roles}
        case _:
            assert page.access is Access.OFFICE
            return role in {"auditor", *(each.value for each in page.roles)}


# Who may --------------------------------------------------------------------------------------


def test_every_page_of_the_office_opens_for_exactly_its_roles() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.done(here.buyer(), "open-case", subject="paint")
            people = {role: staff(here, role) for role in STAFF}
            people["buyer"] = Browser(here)
            people["buyer"].cookies["earnest_session"] = here.buyer_token()
            differing = []
            for page in office_pages():
                for role, who in people.items():
                    told = await who.get(filled(page, life.order_id))
                    is_open = told.status != 403
                    assert is_open or b'data-code="not_permitted"' in told.body
                    if is_open != may_open(page, role):
                        differing.append((page.name, role, told.status))

            assert differing == []

    asyncio.run(story())


def test_nobody_gets_in_without_signing_in() -> None:
    async def story() -> None:
        async with world() as here:
            order_id = await here.deposited()
            for page in office_pages():
                if page.access is not Access.PUBLIC:
                    told = await Browser(here).get(filled(page, order_id))
                    assert told.status == 303, page.name
                    assert told.headers["location"].startswith("/office/sign-in?to=")

    asyncio.run(story())


def test_a_form_of_a_role_that_may_not_changes_nothing() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            before = here.snapshot()
            for form in FORMS.values():
                for role in STAFF:
                    if role in {each.value for each in AUTHORITY[form.command]}:
                        continue
                    who = staff(here, role)
                    path = f"/office/orders/{life.order_id}/do/{form.command}"
                    if role in {"admin", "terms_editor"}:
                        assert (await who.get(path)).status == 403
                        continue
                    told = await who.send(path, {"form": "act", "key": f"{role}-{form.command}"})
                    assert told.status == 403, (form.command, role)
            assert here.snapshot() == before

    asyncio.run(story())


def test_an_order_that_is_none_is_not_found_by_anybody() -> None:
    async def story() -> None:
        async with world() as here:
            await here.deposited()
            for page in office_pages():
                if "{order_id}" in page.path:
                    for order_id in ("0000000000000000", "none"):
                        told = await staff(here, "sales").get(filled(page, order_id))
                        assert (told.status, page.name) == (404, page.name)

    asyncio.run(story())


def test_only_rooms_that_are_open_are_linked() -> None:
    async def story() -> None:
        async with world() as here:
            linked = {}
            for role in STAFF:
                body = (await staff(here, role).get("/office")).body.decode()
                rooms = re.search(r'<nav class="rooms".*?</nav>', body, re.DOTALL)
                found = re.findall(r'href="(/office/\w+)"', rooms[0]) if rooms else []
                linked[role] = found
                for path in found:
                    assert (await staff(here, role).get(path)).status == 200, (role, path)
            assert "/office/cases" in linked["finance"]
            assert "/office/cases" not in linked["planning"]
            assert "/office/orders" not in linked["admin"]

    asyncio.run(story())


# Orders ---------------------------------------------------------------------------------------


def test_orders_are_found_by_number_car_name_telephone_and_address() -> None:
    async def story() -> None:
        async with world() as here:
            await registered(here)
            life, other = await begun(here), await begun(here, "two")
            await life.until_locked()
            await life.until_built()
            who = staff(here, "sales")

            async def found(query: str) -> set[str]:
                body = (await who.get(f"/office/orders?{query}")).body.decode()
                return set(re.findall(r'line-name" href="/office/orders/(\w+)"', body))

            both = {life.order_id, other.order_id}
            assert await found("") == both
            for text in (life.order_id, VIN, VIN.lower(), "li+wen", "8000", "LI%40example.cn"):
                assert (text, await found(f"text={text}")) == (text, {life.order_id})
            assert await found("text=nobody") == set()
            assert await found("text=li+wen&stage=locked") == set()
            assert await found("stage=locked") == {other.order_id}
            assert await found("queue_id=s7-cn") == both
            assert (await who.get("/office/orders?stage=none")).status == 400
            assert (await who.get("/office/orders?cursor=none")).status == 400
            body = (await who.get("/office/orders")).body
            assert b"Li Wen &lt;b&gt;" in body

    asyncio.run(story())


def test_planners_see_no_names_and_find_cars() -> None:
    async def story() -> None:
        async with world() as here:
            await registered(here)
            life = await begun(here)
            await life.until_locked()
            await life.until_built()
            who = staff(here, "planning")
            for path in ("/office/orders", f"/office/orders?text={VIN}"):
                body = (await who.get(path)).body
                assert life.order_id.encode() in body
                assert b"Li Wen" not in body
            body = (await who.get(f"/office/orders/{life.order_id}")).body
            assert b"Li Wen" not in body
            assert b"8000" not in body

    asyncio.run(story())


def test_an_order_shows_its_life_and_offers_what_its_reader_may_do_now() -> None:
    async def story() -> None:
        async with world() as here:
            await registered(here)
            life = await begun(here)
            sales, finance = staff(here, "sales"), staff(here, "finance")
            path = f"/office/orders/{life.order_id}"
            body = (await sales.get(path)).body.decode()
            assert "Your deposit of ¥5,000.00 arrived." in body
            assert "/do/OpenCase" in body
            assert "/do/ReleasePayout" not in body
            assert "/do/HandOver" not in body
            auditor = (await staff(here, "auditor").get(path)).body.decode()
            assert "/do/" not in auditor
            await life.done(here.buyer(), "withdraw")
            assert "Withdrawn" in (await finance.get(path)).body.decode()

    asyncio.run(story())


def test_a_command_is_asked_by_its_form_once_and_a_refusal_is_explained() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            who = staff(here, "sales")
            path = f"/office/orders/{life.order_id}/do/OpenCase"
            refused = await who.send(path, {"form": "act", "key": "a", "subject": " "})
            assert refused.status == 422
            assert b'data-code="subject_missing"' in refused.body
            fields = {"form": "act", "key": "b", "subject": "The paint"}
            for _ in range(2):
                done = await who.send(path, fields)
                assert done.headers["location"] == f"/office/orders/{life.order_id}?done=OpenCase"
            assert len((await life.shown())["cases"]) == 1
            stale = await who.send(path, {**fields, "key": "c", "sequence": "1"})
            assert b'data-code="sequence_stale"' in stale.body
            unknown = await who.get(f"/office/orders/{life.order_id}/do/Reserve")
            assert unknown.status == 404
            shown = await who.get(f"/office/orders/{life.order_id}?done=OpenCase")
            assert b"Done: Open a case" in shown.body

    asyncio.run(story())


def test_what_ends_an_order_shows_the_settlement_first() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            who = staff(here, "sales")
            path = f"/office/orders/{life.order_id}/do/RefusePerformance"
            body = (await who.get(path)).body.decode()
            assert "¥10,000.00" in body
            assert "double return" in body

    asyncio.run(story())


def test_every_command_of_the_staff_has_a_form_with_its_fields() -> None:
    people = {
        command.__name__
        for command in asked_by_people()
        if AUTHORITY[command.__name__] & (set(Role) - {Role.BUYER, Role.TIMER, Role.PROVIDER})
    }

    assert set(FORMS) == people - LEFT_OUT


def test_a_car_is_tendered_inspected_paid_and_handed_over_by_forms() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.until_locked()
            planning, delivery = staff(here, "planning"), staff(here, "delivery", name="fan")
            await act(planning, life, "Schedule", {"slot-plant": "one", "slot-week": "2024-W35"})
            window = {"promise-begins": "2024-11-01", "promise-ends": "2024-11-30"}
            await act(planning, life, "RevisePromise", {**window, "cause": "A late supplier."})
            assert (await life.shown())["promise"] == {
                "begins": "2024-11-01T00:00:00+08:00",
                "ends": "2024-12-01T00:00:00+08:00",
            }
            await act(planning, life, "RecordBuilt", {"vin": VIN})
            await act(delivery, life, "Ship", {"destination": "Haikou"})
            fields = {
                "vin": VIN,
                "place": "Haikou",
                "appointments": "2024-08-01 10:00-12:00\n\n2024-08-02 10:00–12:00",
            }
            await act(delivery, life, "Tender", fields)
            tender = (await life.shown())["tender"]
            assert tender["appointments"][1] == {
                "begins": "2024-08-02T10:00:00+08:00",
                "ends": "2024-08-02T12:00:00+08:00",
            }
            body = (
                await delivery.get(f"/office/orders/{life.order_id}/do/RecordInspection")
            ).body.decode()
            items = re.findall(r'name="checklist-item" value="([^"]+)"', body)
            inspected = {
                "result": "accepted_with_remarks",
                "checklist-item": items,
                "checklist-ok": items[1:],
                "checklist-remark-0": "A scratch",
                "remarks": "A scratch on the left door",
                "buyer_signature": "sha256:signed",
            }
            await act(delivery, life, "RecordInspection", inspected)
            await life.until_paid()
            handed = {"vin": VIN, "signatures": "sha256:signed"}
            path = f"/office/orders/{life.order_id}/do/HandOver"
            shown = (await delivery.get(path)).body.decode()
            documents = re.search(r'name="documents"[^>]*>([^<]+)<', shown)
            assert documents is not None
            await act(delivery, life, "HandOver", {**handed, "documents": documents[1]})
            assert (await life.shown())["stage"] == "handed_over"

    asyncio.run(story())


async def act(
    who: Browser, life: Life, command: str, fields: Mapping[str, str | Sequence[str]]
) -> None:
    """Fill a command's form in and send it; it must be accepted."""
    path = f"/office/orders/{life.order_id}/do/{command}"
    told = await who.send(path, {"form": "act", "key": f"key-{command}", **fields})
    assert told.status == 303, told.body.decode()


def test_an_agreement_is_recorded_in_the_shape_that_its_number_has() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            who = staff(here, "sales")
            path = f"/office/orders/{life.order_id}/do/ProposeAgreement"
            said = {"form": "act", "text": "As we said.", "origin": "chat"}
            for key, field, value, status in (
                ("a", "balance_due_days", "30", 303),
                ("b", "price_reduction", "1,000.50", 303),
                ("c", "forfeiture_waived", "yes", 303),
                ("d", "delivery_until", "2024-10-01T00:00", 303),
                ("e", "balance_due_days", "soon", 400),
                ("f", "nothing", "1", 400),
            ):
                named = {"overrides-field": field, "overrides-value": value, "key": key}
                told = await who.send(path, {**said, **named})
                assert (field, told.status) == (field, status)
            agreements = (await life.shown("/contract"))["agreements"]
            values = {
                each["overrides"][0]["field"]: each["overrides"][0]["value"] for each in agreements
            }
            assert values == {
                "balance_due_days": 30,
                "price_reduction": {"amount": 100_050, "currency": "CNY"},
                "forfeiture_waived": True,
                "delivery_until": "2024-10-01T00:00:00+08:00",
            }

    asyncio.run(story())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3000", 300_000),
        ("3,000.50", 300_050),
        ("0.001", "0.001"),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1e30", "1e30"),
        ("many", "many"),
    ],
)
def test_sums_are_read_as_people_write_them(text: str, expected: int | str) -> None:
    assert minor_units(text) == expected


def test_a_field_that_may_be_empty_is_left_out() -> None:
    field = Field(name="price", label="Price", kind=FieldKind.SUM, is_required=False)
    window = Field(name="promise", label="Window", kind=FieldKind.WINDOW)
    days = Form(fields={"promise-begins": ["soon"], "promise-ends": ["later"]})

    assert value_of(field, Form(), "CNY") is None
    assert value_of(window, days, "CNY") == {"begins": "soon", "ends": "later"}


# Cases ----------------------------------------------------------------------------------------


def test_a_case_is_answered_by_one_and_decided_by_another() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.done(here.buyer(), "open-case", subject="The paint <script>")
            chen, gu = staff(here, "sales", name="chen"), staff(here, "finance", name="gu")
            inbox = (await chen.get("/office/cases")).body.decode()
            assert "The paint &lt;script&gt;" in inbox
            path = f"/office/cases/{life.order_id}/1"
            assert f'href="{path}"' in inbox
            answer = {"form": "answer", "key": "a", "answer": "We paint it again."}
            assert (await chen.send(path, answer)).status == 303
            body = (await chen.get(path)).body.decode()
            assert "We paint it again." in body
            assert "so somebody else has to decide it" in body
            decide = {"form": "decide", "outcome": "for_buyer", "reasons": "The sample differs."}
            refused = await chen.send(path, {**decide, "key": "b"})
            assert b'data-code="second_person_missing"' in refused.body
            assert (await gu.send(path, {**decide, "key": "c"})).status == 303
            assert (await life.shown())["cases"][0]["outcome"] == "for_buyer"
            assert b"No case is open." in (await gu.get("/office/cases")).body
            assert (await gu.get(f"/office/cases/{life.order_id}/2")).status == 404

    asyncio.run(story())


def test_evidence_is_filed_and_kept_as_a_file_and_the_pack_as_well() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            await life.done(here.buyer(), "open-case", subject="paint")
            who = staff(here, "sales")
            path = f"/office/cases/{life.order_id}/1"
            seal = await who.seal(path)
            boundary = "x-y-z"
            fields = {
                "form": "file",
                "seal": seal,
                "key": "f",
                "kind": "document",
                "description": "A note",
            }
            parts = [
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                for name, value in fields.items()
            ]
            parts.append(
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.html"'
                "\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n"
                f"--{boundary}--\r\n"
            )
            headers = {
                "content_type": f"multipart/form-data; boundary={boundary}",
                "cookie": "; ".join(f"{name}={value}" for name, value in who.cookies.items()),
            }
            told = await here_post(here, path, "".join(parts).encode(), headers)
            assert told == 303
            kept = await who.get(f"/office/orders/{life.order_id}/evidence/1")
            assert kept.body == b"<script>alert(1)</script>"
            assert kept.headers["content-type"] == "text/plain"
            assert kept.headers["content-disposition"].startswith("attachment;")
            assert "sandbox" in kept.headers["content-security-policy"]
            assert (await who.get(f"/office/orders/{life.order_id}/evidence/2")).status == 404
            pack = await who.get(f"/office/orders/{life.order_id}/dispute-pack?format=json")
            assert pack.json["order_id"] == life.order_id
            wrong = await who.get(f"/office/orders/{life.order_id}/dispute-pack?format=exe")
            assert wrong.status == 400

    asyncio.run(story())


async def here_post(here: World, path: str, body: bytes, headers: dict[str, str]) -> int:
    """Post a body as it is."""
    return (await Client(here.front).post(path, body, **headers)).status


# Work -----------------------------------------------------------------------------------------


def test_what_waits_stands_on_the_first_page_with_its_clock() -> None:
    async def story() -> None:
        async with world() as here:
            life = await begun(here)
            who = staff(here, "finance")
            assert b"Nothing: every case and request is answered" in (await who.get("/office")).body
            await life.done(here.buyer(), "withdraw")
            body = (await who.get("/office")).body.decode()
            assert "Refund is due" in body
            assert "1 day left" in body
            here.pass_time(days=3)
            assert "overdue" in (await who.get("/office")).body.decode()
            assert b"What waits" not in (await staff(here, "planning").get("/office")).body

    asyncio.run(story())
