"""The law of every jurisdiction, by its code.

Not here: the figures, which stand in the folder of each pack.
"""

from __future__ import annotations

from earnest.core.terms.packs.cn.law import LAW as CHINA
from earnest.core.terms.packs.de.law import LAW as GERMANY
from earnest.core.terms.packs.eu.law import LAW as EUROPE
from earnest.core.terms.packs.fr.law import LAW as FRANCE
from earnest.core.terms.packs.kr.law import LAW as KOREA
from earnest.core.terms.packs.law import Law
from earnest.core.terms.packs.uk.law import LAW as UNITED_KINGDOM
from earnest.core.terms.packs.us_ca.law import LAW as CALIFORNIA
from earnest.core.terms.packs.us_ftc.law import LAW as FEDERAL
from earnest.core.terms.packs.us_ny.law import LAW as NEW_YORK

LAWS: dict[str, Law] = {
    law.jurisdiction.value: law
    for law in (
        CHINA,
        EUROPE,
        GERMANY,
        FRANCE,
        UNITED_KINGDOM,
        FEDERAL,
        CALIFORNIA,
        NEW_YORK,
        KOREA,
    )
}
"""What settlement computes with, by the jurisdiction that a policy names."""
