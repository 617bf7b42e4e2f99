"""The figures that answers change, each with its name, and what becomes of them in words."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from dashboard.answers.question import Effect
from dashboard.errors import Sentence, join, sentence
from dashboard.i18n import N_

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "actions": N_("Actions"),
        "reported": N_("Reported"),
        "completed": N_("Completed"),
        "unknown": N_("Unknown"),
        "unmatched_reports": N_("Reports without action"),
        "without_category": N_("Actions without category"),
        "without_theme": N_("Actions without theme"),
        "without_place": N_("Actions without place"),
        "questions": N_("Public questions"),
        "dates": N_("Dates that are read"),
        "percentages": N_("Percentages that are read"),
        "rejected": N_("Rejected rows"),
    }
)
"""Their names, in the order in which they are told."""


def read_effects(effects: Iterable[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """Effects as a snapshot has them, in the order in which figures are told."""
    return tuple(sorted((Effect(**one) for one in effects), key=lambda effect: list(FIGURES).index(effect.figure)))


def say_effects(effects: tuple[Effect, ...]) -> Sentence | None:
    """What becomes of figures, in words; None where nothing is counted."""
    parts = [
        sentence(
            N_("{figure}: {before} → {after}") if one.before != one.after else N_("{figure}: {after} as now"),
            figure=sentence(FIGURES[one.figure]),
            before=one.before,
            after=one.after,
        )
        for one in effects
    ]
    return join(parts, " · ") if parts else None
