"""The figures that a presenter's words may name, such as `{completion_rate}`: counts, rates and the day."""

import re

from dashboard.errors import SelectionError
from dashboard.i18n import N_
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
_TITLES = (
    (ACTIONS, N_("Actions")),
    (EVIDENCE, N_("Evidence")),
    (MILESTONES, N_("Milestones")),
    (RESULTS, N_("Numbers promised")),
    (CRITERIA_MET, N_("Commitments")),
)


def _find_group(name: str) -> str:
    """Find the title of a figure's group, in English."""
    count_id = RATES[name].parts[0] if name in RATES else name
    title = next((title for fact, title in _TITLES if count_id in fact.counts), N_("Days"))
    return N_("Rates") if name in RATES and count_id in ACTIONS.counts else title


GROUPS = {title: [name for name in FIGURES if _find_group(name) == title] for title in map(_find_group, FIGURES)}
"""The figures by the titles of their groups."""

NAME = re.compile(r"\{([a-z_]+)\}")


def check_figures(words: str) -> None:
    """Check that words name figures that there are.

    Raises:
        SelectionError: there is no figure of a name.
    """
    for name in NAME.findall(words):
        if name not in FIGURES:
            raise SelectionError(f"There is no figure {{{name}}}.", "charts", FIGURES, name)
