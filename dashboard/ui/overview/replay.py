"""The time machine: a slider that moves curve, ranking and map through the campaign, on the page that asks for it.

The browser fetches one answer (`dashboard.web.charts.replay`) when the slider is first touched; frames need no further
one. The page itself stays at its day until the reader chooses another.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_, Translator
from dashboard.languages import find_tag
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, figures, link
from dashboard.ui.pieces import day_choice
from dashboard.ui.pieces.day_choice import NamedDay
from dashboard.web.charts import replay
from dashboard.web.http import edition

KEY = "time-machine"
_HERE = Path(__file__)
_MOUNT = browser_part.register(
    "replay",
    _HERE,
    '<section class="time"></section><p class="said" role="status"></p>',
)
WORDS = {
    "title": N_("The campaign day by day"),
    "slider": N_("Day of the campaign"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "keys": N_("Arrow keys: a day. Page keys, or Shift and an arrow: a week."),
    "show": N_("Show this day on the page"),
    "back": N_("Back to {day}"),
    "completed": N_("Completed"),
    "reported": N_("Reported"),
    "unknown": N_("Unknown"),
    "elapsed": N_("Time elapsed"),
    "week": N_("In the week before"),
    "most": N_("{part_of_whole}, up to {upper}"),
    "of": N_("{part} of {whole}"),
    "moves": N_("reported · completed"),
    "value": N_("{day}: {completed} of {actions} completed, up to {most}; {reported} reported."),
    "member": N_("{name}: {completed} of {actions} completed, up to {most}."),
    "paused": N_("Paused."),
    "touch": N_("Point at a country or touch it for its figures on this day."),
    "failed": N_("The days could not be loaded. Move the slider to try again."),
}
"""What the browser says; it puts in the numbers."""


@dataclass(frozen=True)
class ReplayModel:
    """The data of the slider for the browser.

    Attributes:
        query: The parameters of the address that gives the days of the selection, for ever the same answer.
        last: The last day for which there is an answer.
        said: It in words.
        note: Which actions the slider follows, where the filters choose others on each day.
        sentence: The page's sentence on other days, with placeholders; none where it states no rate.
    """

    query: str
    first: date
    last: date
    end: date
    day: date
    said: str
    lang: str
    marks: tuple[dict[str, str], ...]
    note: str
    sentence: dict[str, str]
    words: dict[str, str]


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, sentence: dict[str, str] | None = None
) -> ReplayModel | None:
    """Make the data of the slider; None where there is one day alone.

    `sentence`: the page's sentence on other days.
    """
    first, last, end = replay.list_days(snapshot, selection)
    if first == last:
        return None
    lang, followed = t.language, replay.follow(selection).in_order()
    day = selection.day(snapshot)
    frozen = replace(followed, build=snapshot.build_id)
    note = t("The actions that the filters choose on {day}, followed back.", day=formats.format_date(last, lang))
    return ReplayModel(
        query=f"{frozen.query_string()}&{replay.EDITION}={edition()[:12]}",
        first=first,
        last=last,
        end=max(end, day),
        day=day,
        said=formats.format_date(day, lang),
        lang=find_tag(lang),
        marks=tuple(_make_mark(one) for one in day_choice.list_days(snapshot, t) if first <= one.day),
        note=note if followed.statuses or followed.evidence else "",
        sentence=sentence or {},
        words={name: t(text) for name, text in WORDS.items()},
    )


def _make_mark(one: NamedDay) -> dict[str, str]:
    return {
        "day": one.day.isoformat(),
        "first": one.first_on.isoformat(),
        "label": one.label if one.is_named else "",
    }


def draw(model: ReplayModel | None, page_id: str) -> None:
    """Draw the slider; the charts that it moves stand in its browser part, and below it until it is touched."""
    if model is None:
        return
    data = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(model).items()}
    data["address"] = f"{link.site_path(page_id)}/charts/replay.json?{model.query}"
    _MOUNT(key=KEY, data=data, on_day_change=_take)


def _take() -> None:
    """Show the page at the chosen day; ignore any other value."""
    snapshot = figures.reopen()
    try:
        day = day_choice.state_day(st.session_state[KEY].get("day"), snapshot.last_date)
    except ValueError:
        link.hold()
        return
    link.change(as_of=day)
