"""All packs: which rules hold in a jurisdiction, and on which others it builds.

Not here: the rules themselves, and what is found when a document breaks one (`terms/lint`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from earnest.core.terms.packs.cn.breach import BREACH
from earnest.core.terms.packs.cn.consumer import CONSUMER
from earnest.core.terms.packs.cn.contract import CONTRACT
from earnest.core.terms.packs.cn.trade import TRADE
from earnest.core.terms.packs.de.rules import RULES as DE_RULES
from earnest.core.terms.packs.eu.rules import RULES as EU_RULES
from earnest.core.terms.packs.fr.rules import RULES as FR_RULES
from earnest.core.terms.packs.kr.rules import RULES as KR_RULES
from earnest.core.terms.packs.rule import Rule
from earnest.core.terms.packs.uk.rules import RULES as UK_RULES
from earnest.core.terms.packs.us_ca.rules import RULES as US_CA_RULES
from earnest.core.terms.packs.us_ftc.rules import RULES as US_FTC_RULES
from earnest.core.terms.packs.us_ny.rules import RULES as US_NY_RULES
from earnest.core.terms.sections.ordering import Jurisdiction


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one jurisdiction, and the jurisdictions whose rules hold there as well."""

    rules: tuple[Rule, ...]
    builds_on: tuple[Jurisdiction, ...] = ()


REGISTRY: Mapping[Jurisdiction, Pack] = {
    Jurisdiction.CN: Pack(rules=(*CONTRACT, *BREACH, *CONSUMER, *TRADE)),
    Jurisdiction.EU: Pack(rules=EU_RULES),
    Jurisdiction.DE: Pack(rules=DE_RULES, builds_on=(Jurisdiction.EU,)),
    Jurisdiction.FR: Pack(rules=FR_RULES, builds_on=(Jurisdiction.EU,)),
    Jurisdiction.UK: Pack(rules=UK_RULES),
    Jurisdiction.US_FTC: Pack(rules=US_FTC_RULES),
    Jurisdiction.US_CA: Pack(rules=US_CA_RULES, builds_on=(Jurisdiction.US_FTC,)),
    Jurisdiction.US_NY: Pack(rules=US_NY_RULES, builds_on=(Jurisdiction.US_FTC,)),
    Jurisdiction.KR: Pack(rules=KR_RULES),
}

RULES: Mapping[str, Rule] = {
    rule.rule_id: rule for pack in REGISTRY.values() for rule in pack.rules
}
"""Every rule by its id."""


@cache
def rules_of(jurisdiction: Jurisdiction) -> Mapping[str, Rule]:
    """The rules that hold in a jurisdiction by id: its own, then those it builds on."""
    pack = REGISTRY[jurisdiction]
    packs = (pack, *(REGISTRY[other] for other in pack.builds_on))
    return {rule.rule_id: rule for each in packs for rule in each.rules}
