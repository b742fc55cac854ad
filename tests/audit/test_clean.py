"""A database that only the desk wrote to is clean."""

from tests.audit.town import Town


def test_a_town_of_honest_lives_is_clean(town: Town) -> None:
    result = town.audited()

    assert result.faults == []
    assert result.is_clean
    assert result.provider_compared
    assert result.orders == 12
    assert result.events > 50
