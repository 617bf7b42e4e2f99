"""The five criteria, the rules that decide each, and the patterns that they look for.

The rules are SQL (`dashboard/queries/commitments.sql`): a build runs them over all actions, and a form over the one
commitment that is being written. The model are the SMART criteria, as the Nutrition Accountability Framework applies
them to commitments.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from dashboard.engines import lend
from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.i18n import N_
from dashboard.paths import QUERIES

CRITERIA = {
    "specific": N_("Specific"),
    "measurable": N_("Measurable"),
    "achievable": N_("Achievable"),
    "relevant": N_("Relevant"),
    "time_bound": N_("Time-bound"),
}
"""The criteria in their order, in the reader's words."""
REASONS = {
    "states_action": N_("It says what is done, and for whom or where."),
    "no_action": N_("No action with an object is stated: what is done?"),
    "no_beneficiary_or_place": N_("Nobody for whom, no place and no sector is stated."),
    "has_target": N_("A number with a target is promised."),
    "states_number": N_("A number is stated."),
    "states_finish_line": N_("A finish line is stated that can be checked."),
    "no_number_or_finish_line": N_("No number or finish line is stated."),
    "has_milestones": N_("It has milestones."),
    "has_partners": N_("Partners are named."),
    "names_partner": N_("Somebody is named with whom it is done."),
    "names_means": N_("A budget or other means are named."),
    "names_steps": N_("Steps are named."),
    "names_programme": N_("An existing programme is named that it builds on."),
    "no_steps_or_means": N_("No steps, partners, means or existing programme are named."),
    "has_theme": N_("It has a theme of the campaign."),
    "names_subject": N_("It is about child labour, forced labour, or the schooling or protection of children."),
    "names_theme": N_("It names a theme of the campaign."),
    "no_subject": N_("Neither child labour nor a theme of the campaign is named."),
    "has_due_day": N_("It has a deadline of its own."),
    "states_day": N_("A day, month, quarter or year is stated."),
    "after_deadline": N_("The deadline is after the campaign’s."),
    "no_day": N_("No day, month, quarter or year is stated."),
}
"""The rules, by the ids that stand in the snapshot, in the reader's words."""

RULES = QUERIES / "commitments.sql"
_PATTERNS = Path(__file__).parent / "patterns.toml"
_MONTHS = {
    "jan": 1, "ene": 1, "feb": 2, "fev": 2, "mar": 3, "apr": 4, "avr": 4, "abr": 4, "may": 5, "mai": 5, "jun": 6,
    "juin": 6, "jul": 7, "juil": 7, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "nov": 11, "dec": 12,
    "dic": 12,
}  # fmt: skip
"""What the names of the months begin with, without accents."""
_SHORTEST_THEME = 4
"""The fewest letters of a word that names a theme: shorter ones, such as *thé*, are words of another language too."""


class Commitment(NamedTuple):
    """A commitment that is being written; names as in the form."""

    title: str = ""
    description: str = ""
    partners: str = ""
    due_on: date | None = None
    has_place: bool = False
    has_theme: bool = False
    has_milestones: bool = False
    has_target: bool = False


class Finding(NamedTuple):
    """Whether a commitment meets a criterion; names as in the table `commitment_criteria`."""

    criterion: str
    is_met: bool
    reason: str
    words: str | None


@cache
def _read_lists() -> dict[str, dict[str, list[str]]]:
    """Read the lists of patterns, by their names and languages."""
    return tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))


def list_readable() -> tuple[str, ...]:
    """List the languages that have patterns; a text that is stated to be in another one is not judged."""
    languages = (language for texts in _read_lists().values() for language in texts)
    return tuple(language for language in dict.fromkeys(languages) if language != "all")


@cache
def _read_patterns() -> Mapping[str, str]:
    """Read the patterns, those of all languages as one, by the names of their lists."""
    lists = _read_lists()
    within = {
        (name, language): "|".join(patterns) for name, texts in lists.items() for language, patterns in texts.items()
    }

    def join(name: str, language: str) -> str:
        text = within[name, language]
        for inner_name in lists:
            if f"{{{inner_name}}}" in text:
                text = text.replace(f"{{{inner_name}}}", join(inner_name, language))
        return text if language == "all" else rf"\b(?:{text})\b"

    return {name: "|".join(join(name, language) for language in texts) for name, texts in lists.items()}


def list_patterns(themes: Iterable[Code], start: date, deadline: date) -> dict[str, Any]:
    """List what the rules look for in a campaign: the parameter `patterns` of their SQL.

    `themes`: the campaign's codelist, whose labels and aliases are a subject of it.
    `start`, `deadline`: the first day of the campaign, and the last one to complete an action.
    """
    words = {
        word
        for code in themes
        if code.code != UNCLASSIFIED
        for word in (*code.labels.values(), *code.aliases)
        if len(word) >= _SHORTEST_THEME
    }
    alternatives = "|".join(sorted(map(_escape, words)))
    return {
        **_read_patterns(),
        "theme": rf"\b(?:{alternatives})\b" if words else r"^\b$",
        "months": list(_MONTHS),
        "month_numbers": list(_MONTHS.values()),
        "start": start,
        "deadline": deadline,
    }


@lru_cache(maxsize=4_096)  # twice a campaign's
def _escape(word: str) -> str:
    """Write a word as a pattern finds it in a text without accents."""
    letters = unicodedata.normalize("NFKD", word.replace("’", "'"))
    return re.escape("".join(letter for letter in letters if not unicodedata.combining(letter)).lower())


def judge(commitments: Sequence[Commitment], patterns: Mapping[str, Any]) -> list[list[Finding]]:
    """Say of each commitment, in their order, which criteria it meets and why."""
    columns = {
        "text": [f"{one.title}\n{one.description}" for one in commitments],
        "partners": [one.partners or None for one in commitments],
        "due_on": [one.due_on for one in commitments],
        **{
            name: [getattr(one, name) for one in commitments]
            for name in ("has_place", "has_theme", "has_milestones", "has_target")
        },
    }
    findings: list[list[Finding]] = [[] for _ in commitments]
    with lend(is_changed=True) as engine:
        unnested = ", ".join(f"unnest(${name}) as {name}" for name in columns)
        engine.execute(
            f"create table commitments as select generate_subscripts($text, 1) as commitment_no, {unnested}", columns
        )
        engine.execute(RULES.read_text(encoding="utf-8"), {"patterns": patterns})
        for number, *finding in engine.execute("select * from commitment_findings order by all").fetchall():
            findings[number - 1].append(Finding(*finding))
    order = list(CRITERIA)
    return [sorted(rows, key=lambda row: order.index(row.criterion)) for rows in findings]
