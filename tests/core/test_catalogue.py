"""Catalogue and quote: what can be chosen together, and what it costs to the cent."""

from __future__ import annotations

import msgspec

from earnest.core.catalogue.configuration import Configuration, PriceLine, Quote, quote
from earnest.core.catalogue.model import Catalogue, Model, Rule, RuleKind
from earnest.core.values.outcome import Rejected
from earnest.core.values.reason import Reason
from tests.core.world import AURORA, CATALOGUE, yuan


def _asked(*options: str, model: Model = AURORA) -> Quote | Rejected:
    catalogue = Catalogue(version="test", models=(model,))
    return quote(catalogue, Configuration(model.code, options))


def _with_rule(rule: Rule) -> Model:
    return msgspec.structs.replace(AURORA, rules=(rule,))


def test_a_quote_shows_every_line_and_their_sum() -> None:
    assert _asked("wheels_21", "titanium") == Quote(
        configuration=Configuration("aurora", ("titanium", "wheels_21")),
        lines=(
            PriceLine("aurora", yuan(299_900)),
            PriceLine("titanium", yuan(7_000)),
            PriceLine("wheels_21", yuan(12_000)),
        ),
        price=yuan(318_900),
    )


def test_the_order_in_which_options_were_clicked_means_nothing() -> None:
    assert _asked("grey", "wheels_19") == _asked("wheels_19", "grey")


def test_a_choice_with_any_number_of_answers_needs_none_and_takes_several() -> None:
    several = _asked("titanium", "wheels_19", "night", "tow_bar")

    assert isinstance(several, Quote)
    assert yuan(320_900) == several.price


def test_the_first_thing_that_is_wrong_is_named() -> None:
    assert _asked("grey", "grey") == Rejected(Reason.OPTION_REPEATED)
    assert _asked("pink") == Rejected(Reason.OPTION_UNKNOWN, {"option": "pink", "model": "aurora"})
    assert _asked("grey") == Rejected(Reason.CHOICE_MISSING, {"choice": "wheels"})
    assert _asked("grey", "titanium", "wheels_19") == Rejected(
        Reason.CHOICE_DOUBLE, {"choice": "paint", "options": "grey, titanium"}
    )
    assert quote(CATALOGUE, Configuration("borealis", ())) == Rejected(
        Reason.MODEL_UNKNOWN, {"model": "borealis"}
    )


def test_a_requirement_is_met_by_any_of_the_others() -> None:
    model = _with_rule(
        Rule(option="night", kind=RuleKind.REQUIRES, others=("titanium", "tow_bar"), names={})
    )

    assert isinstance(_asked("titanium", "wheels_19", "night", model=model), Quote)
    assert isinstance(_asked("grey", "wheels_19", "night", "tow_bar", model=model), Quote)
    assert _asked("grey", "wheels_19", "night", model=model) == Rejected(
        Reason.OPTION_REQUIRES, {"option": "night", "others": "titanium, tow_bar"}
    )


def test_an_exclusion_names_what_it_found() -> None:
    model = _with_rule(
        Rule(option="night", kind=RuleKind.EXCLUDES, others=("grey", "tow_bar"), names={})
    )

    assert isinstance(_asked("titanium", "wheels_19", "night", model=model), Quote)
    assert _asked("grey", "wheels_19", "night", model=model) == Rejected(
        Reason.OPTION_EXCLUDES, {"option": "night", "others": "grey"}
    )


def test_the_digest_of_a_catalogue_follows_from_all_of_it() -> None:
    dearer = msgspec.structs.replace(
        CATALOGUE, models=(msgspec.structs.replace(AURORA, price=yuan(299_901)),)
    )
    again = msgspec.json.decode(msgspec.json.encode(CATALOGUE), type=Catalogue)

    assert CATALOGUE.catalogue_hash == again.catalogue_hash
    assert CATALOGUE.catalogue_hash != dearer.catalogue_hash
