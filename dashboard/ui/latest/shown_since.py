"""Since when the list goes: everything, since Monday, since a day, since the reader's last visit, and by which day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import streamlit as st

from dashboard import formats
from dashboard.measures.latest import By
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link
from dashboard.ui.frame.page import View
from dashboard.ui.latest import last_visit
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
    """

    day: date | None
    by: By
    stated: str | None


def find_monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def read(view: View, selection: Selection) -> Since:
    """What the link asks for; what cannot be read is said and left out.

    Monday is that of the week in which the figures stand; by the day that entries became known, that of this week.
    """
    by = link.page_parameter(BY)
    if by not in (None, HAPPENED, KNOWN):
        paging.warn(view, BY, str(by))
        by = None
    stated = link.page_parameter(SINCE)
    now = _find_now(view, selection, by)
    if stated is None:
        day = None
    elif stated == MONDAY:
        day = find_monday(now)
    else:
        day = _read_day(view, stated)
    return Since(day, cast(By, by or HAPPENED), stated if day else None)


def _find_now(view: View, selection: Selection, by: str | None) -> date:
    """The day that is now: that of the figures, or where it counts what became known here, today."""
    return datetime.now(UTC).date() if by == KNOWN else selection.day(view.snapshot)


def _read_day(view: View, stated: str) -> date | None:
    try:
        return date.fromisoformat(stated)
    except ValueError:
        paging.warn(view, SINCE, stated)
        return None


def show(view: View, selection: Selection, since: Since) -> None:
    """Draw the choices; the way to what is new since the last visit is the browser's, which alone knows of it."""
    t = view.t
    choices = {"": t("Everything"), MONDAY: t("Since Monday"), DAY: t("Since a day")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="latest-choices"):
        link.keep(_SINCE_KEY, "" if since.day is None else MONDAY if since.stated == MONDAY else DAY)
        st.segmented_control(
            t("What is new"),
            list(choices),
            format_func=choices.__getitem__,
            key=_SINCE_KEY,
            required=True,
            on_change=_take_since,
            args=(_find_now(view, selection, since.by).isoformat(),),
            width="content",
        )
        if since.day is not None and since.stated != MONDAY:
            _show_day(view, since.day)
        by = {HAPPENED: t("The day it happened"), KNOWN: t("The day it became known here")}
        link.keep(_BY_KEY, since.by)
        st.segmented_control(
            t("Which day counts"),
            list(by),
            format_func=by.__getitem__,
            key=_BY_KEY,
            required=True,
            on_change=_take_by,
            width="content",
        )
    last_visit.show(view, since.day if since.by == KNOWN else None)


def _show_day(view: View, day: date) -> None:
    link.keep(_DAY_KEY, day)
    st.date_input(
        view.t("Since a day"),
        min_value=min(view.snapshot.campaign["first_date"], day),
        max_value=max(datetime.now(UTC).date(), day),
        key=_DAY_KEY,
        format="DD/MM/YYYY",
        on_change=_take_day,
        width=180,
        help=formats.format_date(day, view.lang),
    )


def _take_since(day: str) -> None:
    chosen = st.session_state[_SINCE_KEY]
    first_of_month = f"{day[:8]}01"
    _change(**{SINCE: {"": None, MONDAY: MONDAY}.get(chosen, first_of_month)})


def _take_day() -> None:
    day = st.session_state[_DAY_KEY]
    _change(**{SINCE: day.isoformat() if isinstance(day, date) else None})


def _take_by() -> None:
    _change(**{BY: KNOWN if st.session_state[_BY_KEY] == KNOWN else None})


def _change(**values: Any) -> None:
    link.change_page_parameters(**values, **{link.PAGE: None})
