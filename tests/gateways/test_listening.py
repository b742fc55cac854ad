"""Taking an address: one socket or several, and clear words where it cannot be had."""

from __future__ import annotations

import socket

import pytest

from earnest.gateways import listening
from earnest.gateways.listening import AddressTaken, listening_socket, listening_sockets


def test_port_zero_takes_a_free_port() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        assert taken.getsockname()[1] > 0


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", "AF_INET"), ("::1", "AF_INET6")])
def test_the_address_says_which_family_it_is_of(host: str, family: str) -> None:
    with listening_socket(host, 0) as taken:
        assert taken.family is socket.AddressFamily[family]


def test_an_address_in_use_is_named_with_what_to_do() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTaken, match=rf"127.0.0.1:{port} .*address_in_use"):
            listening_socket("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000), ("no.such.host.invalid", 0)]
)
def test_an_address_that_is_not_this_machines_is_named(host: str, port: int) -> None:
    with pytest.raises(AddressTaken, match="address_unusable"):
        listening_socket(host, port)


def test_several_sockets_share_one_port_that_was_free() -> None:
    taken = listening_sockets("127.0.0.1", 0, 3)
    try:
        assert len({each.getsockname()[1] for each in taken}) == 1
        assert len(taken) == 3
    finally:
        for each in taken:
            each.close()


def test_an_address_in_use_is_not_shared_with_a_stranger() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTaken, match="address_in_use"):
            listening_sockets("127.0.0.1", port, 2)


def test_when_one_of_several_fails_none_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []
    really_taken = listening._taken  # noqa: SLF001 - the address is taken between two sockets

    def taken(host: str, port: int, *, is_shared: bool) -> socket.socket:
        if len(opened) == 2:
            raise AddressTaken("gone")
        opened.append(really_taken(host, port, is_shared=is_shared))
        return opened[-1]

    monkeypatch.setattr(listening, "_taken", taken)
    with pytest.raises(AddressTaken, match="gone"):
        listening_sockets("127.0.0.1", 0, 3)
    assert [each.fileno() for each in opened] == [-1, -1]
