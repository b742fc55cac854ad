"""Tokens: what is signed is read back, and nothing else gets in.

PyJWT, which wrote the tokens, is asked as a second opinion. Not here: what the roles may do.
"""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.core.order.actor import Actor, Role
from earnest.core.values.ids import BuyerId
from earnest.people.caller import Caller, Privilege
from earnest.people.tokens import AUDIENCE, SigningKey, TokenRejected, Tokens

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BUYER = BuyerId("0123456789ABCDEF")
OLD = SigningKey("2025", b"an old key, thirty-two bytes long")
NEW = SigningKey("2026", b"the new key, thirty-two bytes long")


def code_of(tokens: Tokens, token: str, now: datetime = NOW) -> str:
    with pytest.raises(TokenRejected) as rejected:
        tokens.verify(token, now)
    return rejected.value.code


def forged(header: dict[str, object], claims: dict[str, object], secret: bytes) -> str:
    """A token with any header, rightly signed."""
    return jwt.encode(claims, secret, "HS256", headers=header)


def claims(**changed: object) -> dict[str, object]:
    """The claims of a buyer's token, with some changed."""
    return {
        "sub": f"buyer:{BUYER}",
        "roles": ["buyer"],
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + HOUR).timestamp()),
        "aud": AUDIENCE,
    } | changed


def test_a_buyer_is_known_by_the_token() -> None:
    tokens = Tokens([NEW])

    caller = tokens.verify(tokens.for_buyer(BUYER, NOW, HOUR), NOW)

    assert caller == Caller(
        actor=Actor("buyer:0123456789ABCDEF", frozenset({Role.BUYER})),
        privileges=frozenset(),
        expires_at=int((NOW + HOUR).timestamp()),
        buyer_id=BUYER,
    )
    assert not caller.may_read_all


def test_staff_are_known_with_roles_and_privileges() -> None:
    tokens = Tokens([NEW])

    caller = tokens.verify(tokens.for_staff("lin", ["finance", "auditor"], NOW, HOUR), NOW)

    assert caller == Caller(
        actor=Actor("staff:lin", frozenset({Role.FINANCE})),
        privileges=frozenset({Privilege.AUDITOR}),
        expires_at=int((NOW + HOUR).timestamp()),
    )
    assert caller.may_read_all


def test_an_admin_alone_reads_no_orders() -> None:
    tokens = Tokens([NEW])

    assert not tokens.verify(tokens.for_staff("root", ["admin"], NOW, HOUR), NOW).may_read_all


@pytest.mark.parametrize("role", ["buyer", "timer", "provider", "emperor"])
def test_nobody_gets_a_role_that_people_do_not_have(role: str) -> None:
    tokens = Tokens([NEW])
    planted = forged({"kid": "2026"}, claims(sub="staff:lin", roles=[role]), NEW.secret)

    with pytest.raises(ValueError, match="staff act as"):
        tokens.for_staff("lin", [role], NOW, HOUR)
    assert code_of(tokens, planted) == "token_invalid"


def test_a_token_ends_at_its_instant() -> None:
    tokens = Tokens([NEW])
    token = tokens.for_buyer(BUYER, NOW, HOUR)

    assert tokens.verify(token, NOW + HOUR - timedelta(seconds=1)).buyer_id == BUYER
    assert code_of(tokens, token, NOW + HOUR) == "token_expired"


def test_keys_rotate_without_signing_anybody_out() -> None:
    before = Tokens([OLD]).for_buyer(BUYER, NOW, HOUR)
    rotated = Tokens([NEW, OLD])

    assert rotated.verify(before, NOW).buyer_id == BUYER
    assert jwt.get_unverified_header(rotated.for_buyer(BUYER, NOW, HOUR))["kid"] == "2026"
    assert code_of(Tokens([NEW]), before) == "token_invalid"


def test_the_same_arguments_give_the_same_token() -> None:
    assert Tokens([NEW]).for_buyer(BUYER, NOW, HOUR) == Tokens([NEW]).for_buyer(BUYER, NOW, HOUR)


@pytest.mark.parametrize(
    ("header", "changed"),
    [
        ({"kid": "2031"}, {}),
        ({"kid": "2026", "crit": ["exp"]}, {}),
        ({"kid": "2026"}, {"aud": "elsewhere"}),
        ({"kid": "2026"}, {"sub": "buyer:short"}),
        ({"kid": "2026"}, {"sub": "staff:"}),
        ({"kid": "2026"}, {"sub": "provider:sandbox", "roles": ["provider"]}),
        ({"kid": "2026"}, {"roles": ["buyer", "finance"]}),
        ({"kid": "2026"}, {"roles": "buyer"}),
        ({"kid": "2026"}, {"exp": "tomorrow"}),
    ],
)
def test_a_token_that_contradicts_itself_is_invalid(
    header: dict[str, object], changed: dict[str, object]
) -> None:
    token = forged(header, claims(**changed), NEW.secret)

    assert code_of(Tokens([NEW]), token) == "token_invalid"


def test_another_algorithm_is_invalid() -> None:
    token = jwt.encode(claims(), NEW.secret * 2, "HS512", headers={"kid": "2026"})

    assert code_of(Tokens([SigningKey("2026", NEW.secret * 2)]), token) == "token_invalid"


def test_an_unsigned_token_is_invalid() -> None:
    header = urlsafe_b64encode(json.dumps({"alg": "none", "kid": "2026", "typ": "JWT"}).encode())
    body = urlsafe_b64encode(json.dumps(claims()).encode())
    unsigned = f"{header.decode().rstrip('=')}.{body.decode().rstrip('=')}."

    assert code_of(Tokens([NEW]), unsigned) == "token_invalid"


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "ä.b.c", "x" * 5_000, "\ud800"])
def test_what_is_not_a_token_is_invalid(text: str) -> None:
    assert code_of(Tokens([NEW]), text) == "token_invalid"


TOKEN = Tokens([NEW]).for_buyer(BUYER, NOW, HOUR)


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("AZaz09-_.="))
def test_a_changed_letter_breaks_the_token(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if changed != TOKEN:
        assert code_of(Tokens([NEW]), changed) == "token_invalid"


@given(
    st.dictionaries(
        st.sampled_from(["sub", "roles", "iat", "exp", "aud"]),
        st.none() | st.integers() | st.text() | st.lists(st.text()),
    )
)
def test_whatever_is_taken_here_is_taken_by_the_library_too(changed: dict[str, object]) -> None:
    try:
        token = forged({"kid": "2026"}, claims(**changed), NEW.secret)
        Tokens([NEW]).verify(token, NOW)
    except (TokenRejected, TypeError, UnicodeEncodeError):
        return
    jwt.decode(
        token,
        NEW.secret,
        ["HS256"],
        audience=AUDIENCE,
        options={"verify_exp": False, "verify_iat": False},
    )


def test_a_short_secret_is_refused_and_never_shown() -> None:
    with pytest.raises(ValueError, match="generate one"):
        SigningKey("weak", b"short")
    assert repr(NEW) == "SigningKey('2026')"


def test_keys_need_ids_of_their_own() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Tokens([])
    with pytest.raises(ValueError, match="an id of its own"):
        Tokens([NEW, SigningKey("2026", OLD.secret)])
