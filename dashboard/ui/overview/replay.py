"""The time machine: a slider that moves curve, ranking and map through the campaign, and the page where that is asked.

The browser fetches one answer (`dashboard.web.charts.replay`) when the slider is first touched; no frame asks for more.
The page itself stays at its day until the reader has the chosen one shown on it.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.languages import find_tag
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import figures, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_days
from dashboard.web.charts import replay
from dashboard.web.http import edition

KEY = "time-machine"
_HERE = Path(__file__)
_MOUNT = st.components.v2.component(
    "replay",
    html='<section class="time"></section><p class="said" role="status"></p>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)
WORDS = {
    "title": N_("The campaign day by day"),
    "slider": N_("Day of the campaign"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "keys": N_("Arrow keys: a day. Page keys, or Shift and an arrow: a week."),
    "show": N_("Show this day on the page"),
    "back": N_("Back to {day}"),
    "completed": N_("Known to be completed"),
    "reported": N_("Reported"),
    "unknown": N_("Unknown"),
    "elapsed": N_("Time elapsed"),
    "week": N_("In the week before"),
    "most": N_("{part_of_whole}; at most {upper}"),
    "of": N_("{part} of {whole}"),
    "moves": N_("reported · completed"),
    "value": N_("{day}: {completed} of {actions} known to be completed, at most {most}; {reported} reported."),
    "member": N_("{name}: {completed} of {actions} known to be completed, at most {most}."),
    "paused": N_("Paused."),
    "touch": N_("Point at a country or touch it for its figures on this day."),
    "failed": N_("The days could not be loaded. Move the slider to try again."),
}
"""What the browser says; it puts in the numbers."""


def show(view: View, selection: Selection) -> None:
    """Draw the slider; the charts that it moves stand in its browser part, and below it until it is touched."""
    first, last, end = replay.list_days(view.snapshot, selection)
    if first == last:
        return
    t, lang = view.t, view.lang
    followed = replay.follow(selection).in_order()
    day = selection.day(view.snapshot)
    data: dict[str, Any] = {
        "address": _write_address(view, followed),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "known": view.snapshot.last_date.isoformat(),
        "end": max(end, day).isoformat(),
        "day": day.isoformat(),
        "said": formats.format_date(day, lang),
        "lang": find_tag(lang),
        "marks": [
            {
                "day": mark.day.isoformat(),
                "first": mark.first_on.isoformat(),
                "label": mark.label,
                "about": t("{name}: {value}", name=mark.about, value=formats.format_date(mark.day, lang)),
            }
            for mark in campaign_days.list_days(view)
            if first <= mark.day
        ],
        "note": t("The actions that the filters choose on {day}, followed back.", day=formats.format_date(last, lang))
        if followed.statuses or followed.evidence else "",
        "words": {name: t(text) for name, text in WORDS.items()},
    }  # fmt: skip
    _MOUNT(key=KEY, data=data, on_day_change=_take)


def _write_address(view: View, followed: Selection) -> str:
    """Where the browser has the days of a selection from, for ever the same answer."""
    frozen = replace(followed, build=view.snapshot.build_id)
    query = f"{frozen.query_string()}&{replay.EDITION}={edition()[:12]}"
    return f"{link.site_path(view.page_id)}/charts/replay.json?{query}"


def _take() -> None:
    """Have the page stand at the chosen day; what is no day changes nothing. The latest day is the link's own."""
    snapshot = figures.reopen()
    try:
        day = date.fromisoformat(str(st.session_state[KEY].get("day")))
    except ValueError:
        link.hold()
        return
    link.change(as_of=None if day == snapshot.last_date else day)
