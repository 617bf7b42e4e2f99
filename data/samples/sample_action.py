"""What a fictional action is made of, and the words it is told with."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

Material = dict[str, Any]

ACTION_DEADLINE = date(2021, 12, 30)


@dataclass(frozen=True)
class Fate:
    """What truly becomes of an action; the surveys see it only where somebody answers."""

    status: str
    completed_on: date | None = None
    started_on: date | None = None


@dataclass(frozen=True)
class Action:
    """One fictional action as its stakeholder would tell it."""

    stakeholder: str
    group: str
    lang: str
    region: str
    countries: tuple[str, ...]
    sector: str
    category: str
    themes: tuple[str, ...]
    title: str
    description: str
    impact: str
    communication: str
    partners: str
    submitted_at: datetime
    contact: int
    milestones: tuple[str, ...]
    numbers: dict[str, int] = field(hash=False)
    fate: Fate = Fate("in_progress")
    due_on: date = ACTION_DEADLINE
    answers: tuple[str, ...] = ()  # the waves in which it is reported on


def load_material() -> Material:
    """The words of `material.toml`."""
    with (Path(__file__).parent / "material.toml").open("rb") as handle:
        return tomllib.load(handle)
