"""Since when the list goes: everything, since Monday, since a day, since the reader's last visit, and by which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.latest import By
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.latest import last_visit
from dashboard.ui.latest.last_visit import VisitModel
from dashboard.ui.pieces import paging

SINCE, BY = "since", "by"
MONDAY, DAY = "monday", "day"
HAPPENED, KNOWN = "happened", "known"
_SINCE_KEY, _DAY_KEY, _BY_KEY = "latest-since", "latest-day", "latest-by"


@dataclass(frozen=True)
class Since:
    """What the link asks for.

    Attributes:
        day: The first day; None for everything.
        by: Which of an entry's two days counts.
        stated: How the link says it: a word, a day, or nothing.
        now: The day that is now: that of the figures, or where it counts what became known here, today.
        warnings: What the link asks for and is not known, as Markdown.
    """

    day: date | None
    by: By
    stated: str | None
    now: date
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayChoice:
    """The choice of a day: which it is, in words, the first and the last one that can be chosen."""

    label: str
    day: date
    said: str
    first: date
    last: date


@dataclass(frozen=True)
class SinceModel:
    """The choices.

    Attributes:
        label: What the first one is called.
        choices: Everything, since Monday, since a day.
        chosen: Which of them.
        day: The choice of the day, where it is one.
        by_label: What the other one is called.
        by_choices: By which of an entry's two days.
        by: Which of them.
        now: The day that is now.
        visit: The way to what is new since the last visit.
    """

    label: str
    choices: dict[str, str]
    chosen: str
    day: DayChoice | None
    by_label: str
    by_choices: dict[str, str]
    by: By
    now: date
    visit: VisitModel


def find_monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def read(parameters: Mapping[str, str], day: date, today: date, t: Translator) -> Since:
    """What the link asks for; what cannot be read is said and left out.

    Monday is that of the week in which the figures stand; by the day that entries became known, that of this week.

    Args:
        parameters: The page's own parameters of its link.
        day: The day of the figures.
        today: Today.
        t: The reader's language.
    """
    warnings, by, stated = [], parameters.get(BY, HAPPENED), parameters.get(SINCE)
    if by not in (HAPPENED, KNOWN):
        warnings.append(paging.say_unknown(t, BY, by))
        by = HAPPENED
    now = today if by == KNOWN else day
    since = None
    if stated == MONDAY:
        since = find_monday(now)
    elif stated is not None:
        try:
            since = date.fromisoformat(stated)
        except ValueError:
            warnings.append(paging.say_unknown(t, SINCE, stated))
    return Since(since, cast(By, by), stated if since else None, now, tuple(warnings))


def make_model(
    snapshot: Snapshot,
    selection: Selection,
    since: Since,
    parameters: Mapping[str, str],
    today: date,
    t: Translator,
) -> SinceModel:
    """The choices; the way to what is new since the last visit is the browser's, which alone knows of it."""
    chosen = "" if since.day is None else MONDAY if since.stated == MONDAY else DAY
    day = None
    if since.day is not None and chosen == DAY:
        first, last = min(snapshot.campaign["first_date"], since.day), max(today, since.day)
        day = DayChoice(t("Since a date"), since.day, formats.format_date(since.day, t.language), first, last)
    return SinceModel(
        label=t("What is new"),
        choices={"": t("Everything"), MONDAY: t("Since Monday"), DAY: t("Since a date")},
        chosen=chosen,
        day=day,
        by_label=t("Which date counts"),
        by_choices={HAPPENED: t("Date of the event"), KNOWN: t("Date published here")},
        by=since.by,
        now=since.now,
        visit=last_visit.make_model(selection, parameters, since.day if since.by == KNOWN else None, t),
    )


def state_since(chosen: str, now: date) -> str | None:
    """How the link says what is chosen; where a day is to be chosen, the list goes since the first of the month."""
    return {"": None, MONDAY: MONDAY}.get(chosen, now.replace(day=1).isoformat())


def draw(model: SinceModel, page_id: str) -> None:
    """Draw the choices."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="latest-choices"):
        link.keep(_SINCE_KEY, model.chosen)
        st.segmented_control(
            model.label,
            list(model.choices),
            format_func=model.choices.__getitem__,
            key=_SINCE_KEY,
            required=True,
            on_change=_take_since,
            args=(model.now,),
            width="content",
        )
        if model.day is not None:
            _show_day(model.day)
        link.keep(_BY_KEY, model.by)
        st.segmented_control(
            model.by_label,
            list(model.by_choices),
            format_func=model.by_choices.__getitem__,
            key=_BY_KEY,
            required=True,
            on_change=_take_by,
            width="content",
        )
    last_visit.draw(model.visit, page_id)


def _show_day(choice: DayChoice) -> None:
    link.keep(_DAY_KEY, choice.day)
    st.date_input(
        choice.label,
        min_value=choice.first,
        max_value=choice.last,
        key=_DAY_KEY,
        format="DD/MM/YYYY",
        on_change=_take_day,
        width=180,
        help=choice.said,
    )


def _take_since(now: date) -> None:
    _change(**{SINCE: state_since(st.session_state[_SINCE_KEY], now)})


def _take_day() -> None:
    day = st.session_state[_DAY_KEY]
    _change(**{SINCE: day.isoformat() if isinstance(day, date) else None})


def _take_by() -> None:
    _change(**{BY: KNOWN if st.session_state[_BY_KEY] == KNOWN else None})


def _change(**values: Any) -> None:
    link.change_page_parameters(**values, **{link.PAGE: None})
