"""The figures that a presenter's words may name, such as `{completion_rate}`: counts, rates and the day."""

import re

from dashboard.errors import SelectionError
from dashboard.measures.definitions import DEFINITIONS, RATES
from dashboard.measures.facts import ACTIONS, CRITERIA_MET, EVIDENCE, MILESTONES, RESULTS

DAY = "as_of"
_OTHER_FIGURES = ("elapsed", "pace")
FACTS = {name: fact for fact in (ACTIONS, MILESTONES, EVIDENCE, RESULTS, CRITERIA_MET) for name in fact.counts}
FIGURES = (
    *(
        name
        for name in DEFINITIONS
        if name in FACTS or name in _OTHER_FIGURES or (name in RATES and RATES[name].denominator in FACTS)
    ),
    DAY,
)
"""The figures that words may name: counts and rates by their definitions, and the day."""


NAME = re.compile(r"\{([a-z_]+)\}")


def check_figures(words: str) -> None:
    """Check that words name figures that there are.

    Raises:
        SelectionError: there is no figure of a name.
    """
    for name in NAME.findall(words):
        if name not in FIGURES:
            raise SelectionError(f"There is no figure {{{name}}}.", "charts", FIGURES, name)
