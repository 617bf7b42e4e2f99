"""An action's milestones along the days: what was reached, missed, is coming, and where the day shown lies among them.

A list in the order of the days, for every reader the same: what became of each is said in a word, a shape and a colour.
"""

from collections.abc import Iterator
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.formats import format_date
from dashboard.i18n import N_
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import messages

OUTCOMES = {
    "reached": N_("Reached"),
    "missed": N_("Deadline missed"),
    "unknown": N_("Not known"),
    "coming": N_("Still to come"),
    "undated": N_("Without a date"),
}
"""What became of a milestone, in words; `unknown` where nothing was told of it since it was due."""


def show(view: View, milestones: pd.DataFrame, day: date, language: str) -> None:
    """Draw the milestones of an action, as `register.details` has them for the day; `language`: of their labels."""
    t = view.t
    heading = messages.part(t("Milestones"))
    if milestones.empty:
        st.html(heading + messages.note(t("No milestones were submitted.")))
        return
    reached = int((milestones["outcome"] == "reached").sum())
    words = t("{n} of {total} reached by {day}.", n=reached, total=len(milestones), day=format_date(day, view.lang))
    items = _items(view, milestones, day, f' lang="{escape(language)}"' if language else "")
    st.html(f'{heading}<p class="about">{escape(words)}</p><ol class="timeline">{"".join(items)}</ol>')


def _items(view: View, milestones: pd.DataFrame, day: date, spoken: str) -> Iterator[str]:
    """The milestones and the day shown, each in its place, as HTML."""
    words = escape(view.t("The day shown: {day}", day=format_date(day, view.lang)))
    now = f'<li class="now" aria-current="date">{words}</li>'
    for row in milestones.to_dict("records"):
        if now and (_is_none(row["on_date"]) or _day(row["on_date"]) > day):
            yield now
            now = ""
        yield _item(view, row, day, spoken)
    yield now


def _item(view: View, row: dict[Any, Any], day: date, spoken: str) -> str:
    outcome = row["outcome"]
    said = f'<span class="outcome">{escape(view.t(OUTCOMES[outcome]))}</span> {_say_days(view, row, day)}'
    what = f'<p class="what"{spoken}>{escape(row["label"])}</p>'
    return f'<li class="{escape(outcome)}"><p class="when">{said}</p>{what}</li>'


def _say_days(view: View, row: dict[Any, Any], day: date) -> str:
    """When it was reached or is due, and how much earlier or later than it should."""
    t, lang = view.t, view.lang
    due = None if _is_none(row["due_on"]) else _day(row["due_on"])
    parts = []
    if row["outcome"] == "reached":
        reached = _day(row["reached_on"])
        parts.append(_time(reached, t("on {day}", day=format_date(reached, lang))))
        late = (reached - due).days if due else 0
        if late > 0:
            parts.append(escape(t.plural("{n} day late", "{n} days late", late)))
    if due:
        parts.append(_time(due, t("due on {day}", day=format_date(due, lang))))
    if row["outcome"] == "coming" and due:
        parts.append(escape(t.plural("in {n} day", "in {n} days", (due - day).days)))
    if row["outcome"] in ("missed", "unknown") and due:
        parts.append(escape(t.plural("{n} day ago", "{n} days ago", (day - due).days)) if due < day else "")
    if row["outcome"] == "unknown":
        parts.append(escape(t("nothing has been reported since")))
    return " · ".join(part for part in parts if part)


def _time(day: date, words: str) -> str:
    return f'<time datetime="{day.isoformat()}">{escape(words)}</time>'


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _is_none(value: Any) -> bool:
    return bool(pd.isna(value))
