"""/office/account: one's own second factor, passkeys, sessions, and tokens for programs.

Not here: what administrators do about others (`people.py`).
"""

from __future__ import annotations

from earnest.people.sessions import SessionKind
from earnest.web.api.me import FactorShown, Myself, RecoveryCodes, SessionList
from earnest.web.api.passkeys import PasskeyAsked, PasskeyList
from earnest.web.api.tokens import TokenMade
from earnest.web.identity import Access
from earnest.web.office import rooms
from earnest.web.office.acting.fields import day_after
from earnest.web.office.signing_in import ACCOUNT, whole_session
from earnest.web.office.words import ROLES
from earnest.web.pages.browsers import browser_of
from earnest.web.pages.page import Answer, Moved, Page, Shown
from earnest.web.pages.sessions import forget
from earnest.web.pages.visit import Visit
from earnest.web.problems import Headers

SIGN_IN = "/office/sign-in"


async def show(visit: Visit) -> Answer:
    """One's own account."""
    me = await visit.ask("showMyself", Myself)
    sessions = (await visit.ask("listMySessions", SessionList)).sessions
    this = next((each for each in sessions if each.is_this), None)
    is_browser = this is not None and this.kind is SessionKind.BROWSER
    is_waiting = me.needs_second_factor and not me.has_second_factor and not me.roles_of_session
    wants_factor = is_waiting or "set-up" in visit.query or visit.form.name == "confirm"
    # Whoever has shown the mailed code alone shows a factor that is set, and changes none.
    is_half = me.has_second_factor and bool(me.roles) and not me.roles_of_session
    may_change = me.is_kept and is_browser and not is_half
    # Nor does whoever has a passkey and no role, whose session never showed it.
    may_set_up = may_change and not me.has_codes and bool(me.roles_of_session or not me.passkeys)
    factor = None
    if wants_factor and may_set_up:
        factor = await visit.ask("beginSecondFactor", FactorShown)
    asked = await visit.ask("askForPasskey", PasskeyAsked) if may_change else None
    return rooms.shown(
        visit,
        "account.html",
        me=me,
        factor=factor,
        may_set_up=may_set_up,
        is_browser=is_browser,
        is_waiting=is_waiting,
        is_half=is_half,
        held=await visit.ask("listMyPasskeys", PasskeyList),
        asked=asked,
        suggested=browser_of(visit.headers),
        sessions=[each for each in sessions if each.kind is SessionKind.BROWSER],
        tokens=[each for each in sessions if each.kind is SessionKind.PROGRAM],
        role_words=ROLES,
    )


async def submit(visit: Visit) -> Answer:
    """Do one of the forms of the page."""
    match visit.form.name:
        case "confirm":
            return await _confirm(visit)
        case "remove":
            await visit.ask("removeSecondFactor", Myself, _factor_in(visit))
            return Moved(ACCOUNT)
        case "passkey-add":
            return await _add_passkey(visit)
        case name if name.startswith("passkey-remove"):
            body = {"passkey_id": visit.form.get("passkey_id"), **_factor_in(visit)}
            await visit.ask("removePasskey", PasskeyList, body)
            return Moved(ACCOUNT)
        case "token":
            return await _make_token(visit)
        case "end-all":
            await visit.ask("endAllMySessions", SessionList)
            return Moved(SIGN_IN, forget(visit))
        case _:
            session_id = visit.form.get("session_id")
            await visit.ask("endMySession", SessionList, {"session_id": session_id})
            is_this = session_id == visit.by.session_id
            return Moved(SIGN_IN, forget(visit)) if is_this else Moved(ACCOUNT)


async def _confirm(visit: Visit) -> Answer:
    """The recovery codes, this once; whoever waited for it has every role from now on."""
    body = _factor_in(visit)
    codes = (await visit.ask("confirmSecondFactor", RecoveryCodes, body)).codes
    headers: Headers = []
    if not visit.by.role_names:
        headers = await whole_session(visit, "second factor set up")
    return Shown(template="office/recovery_codes.html", values={"codes": codes}, headers=headers)


async def _add_passkey(visit: Visit) -> Answer:
    """The page with the passkey on it; whoever waited for it has every role from now on."""
    body = {
        "name": visit.form.get("passkey_name"),
        "answer": visit.form.get("answer"),
        **_factor_in(visit),
    }
    await visit.ask("addPasskey", PasskeyList, body)
    if visit.by.role_names:
        return Moved(ACCOUNT)
    return Moved(ACCOUNT, await whole_session(visit, "passkey added"))


def _factor_in(visit: Visit) -> dict[str, str]:
    """A code, the answer of a passkey, or both, as a form gives them."""
    return {"code": visit.form.get("code"), "shown": visit.form.get("shown")}


async def _make_token(visit: Visit) -> Answer:
    """The token, this once."""
    body = {
        "name": visit.form.get("name"),
        "roles": visit.form.all("role"),
        "ends_at": day_after(visit.form.get("last")),
    }
    made = await visit.ask("makeToken", TokenMade, body, key=visit.form.key)
    return rooms.shown(visit, "token_made.html", made=made, name=body["name"])


def pages() -> list[Page]:
    """The pages of this module."""
    return [
        Page(path=ACCOUNT, name="office-account", access=Access.STAFF, show=show, submit=submit)
    ]
