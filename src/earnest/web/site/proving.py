"""/prove: showing who one is, where a person may hold only so many cars of an edition.

Not here: what is kept of it, which is a digest (`people/proving.py`), and the limit itself.
"""

from __future__ import annotations

from earnest.web.api.proofs import Taken
from earnest.web.identity import Access
from earnest.web.pages.doors import place_within
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.visit import Visit


async def show(visit: Visit) -> Answer:
    """A telephone or an identity number, whichever the edition asks for."""
    values = {"is_sent": visit.form.name == "code"}
    return Shown(template="site/prove.html", values=values)


async def submit(visit: Visit) -> Answer:
    """Send a code, or believe who shows it, or ask the register."""
    form, to = visit.form, place_within(visit.query.get("to", ""))
    phone = {"phone": form.get("phone")}
    if form.name == "phone":
        await visit.ask("sendProofCode", Taken, phone)
        return Shown(template="site/prove.html", values={"is_sent": True})
    if form.name == "code":
        await visit.ask("provePhone", Taken, phone | {"code": form.get("code")})
    else:
        number = {"name": form.get("name"), "number": form.get("number")}
        await visit.ask("proveIdentityNumber", Taken, number)
    return Moved(to)


def pages() -> list[Page]:
    """The pages of this module."""
    return [Page(path="/prove", name="prove", access=Access.BUYER, show=show, submit=submit)]
