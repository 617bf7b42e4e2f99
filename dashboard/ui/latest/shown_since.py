"""The first day of the list: everything, since Monday, since a day, since the last visit, and by which day.

Only the reader's browser knows the last visit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.languages import find_tag
from dashboard.measures.latest import By
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_table, paging
from dashboard.ui.pieces.list_table import Chip

SINCE, BY = "since", "by"
MONDAY, DAY = "monday", "day"
HAPPENED, KNOWN = "happened", "known"
_MOUNT_VISIT = browser_part.register(
    "last_visit", Path(__file__).with_name("last_visit"), "<p><a hidden></a> <span></span></p>"
)


@dataclass(frozen=True)
class VisitModel:
    """The browser's data: its link's parameters, the first day of the list, and its words."""

    query: str
    lang: str
    since: str
    words: dict[str, str]


def make_visit(selection: Selection, parameters: Mapping[str, str], since: date | None, t: Translator) -> VisitModel:
    """Make the link to the news since the last visit.

    `since`: the first day of the list, if it goes by the days on which entries became known.
    """
    pairs = [pair for pair in parameters.items() if pair[0] not in ("since", "by", "entry", link.PAGE)]
    return VisitModel(
        query=urlencode([*selection.query_pairs(), *pairs]),
        lang=find_tag(t.language),
        since=since.isoformat() if since else "",
        words={
            "since": t("New since my last visit, {day}", day="{day}"),
            "first": t("This browser had not opened this page before today."),
            "note": t("The date of your visit is kept in this browser only."),
        },
    )


def draw_visit(model: VisitModel, page_id: str) -> None:
    """Draw the link, or a note that this is the first visit."""
    site = link.site_path(page_id)
    places = {"path": f"{site}/{page_id}", "store": f"dashboard-visit:{site}"}
    data = {"query": model.query, "lang": model.lang, "shown": model.since, "words": model.words}
    _MOUNT_VISIT(key="last-visit", data=places | data)


@dataclass(frozen=True)
class Since:
    """The link's choice.

    Attributes:
        day: The first day; None for everything.
        by: The one of an entry's two days that counts.
        link_value: Its value in the link: a word, a day, or nothing.
        now: The present day: that of the figures, or, by the days on which entries became known here, today.
        warnings: The link's unknown values, as Markdown.
    """

    day: date | None
    by: By
    link_value: str | None
    now: date
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayChoice:
    """The choice of a day: the day, in words, the first and the last one possible."""

    label: str
    day: date
    sentence: str
    first: date
    last: date


@dataclass(frozen=True)
class SinceModel:
    """The choices."""

    choices: tuple[Chip, ...]
    day: DayChoice | None
    by: tuple[Chip, ...]
    visit: VisitModel


def find_monday(day: date) -> date:
    """Find the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def read(parameters: Mapping[str, str], day: date, today: date, t: Translator) -> Since:
    """Read the link; report and skip unreadable values.

    Monday is that of the week of the figures; by the day that entries became known, that of this week.

    `day`: the day of the figures.
    `today`: today.
    """
    warnings, by, requested = [], parameters.get(BY, HAPPENED), parameters.get(SINCE)
    if by not in (HAPPENED, KNOWN):
        warnings.append(paging.say_unknown(t, BY, by))
        by = HAPPENED
    now = today if by == KNOWN else day
    since = None
    if requested == MONDAY:
        since = find_monday(now)
    elif requested is not None:
        try:
            since = date.fromisoformat(requested)
        except ValueError:
            warnings.append(paging.say_unknown(t, SINCE, requested))
    return Since(since, cast(By, by), requested if since else None, now, tuple(warnings))


def make_model(view: View, since: Since, today: date) -> SinceModel:
    """Make the choices; the link to the news since the last visit is the browser's, which alone knows of it.

    The choice of a day begins with the first of the month.
    """
    t = view.t
    chosen = "" if since.day is None else MONDAY if since.link_value == MONDAY else DAY
    day = None
    month_start = since.now.replace(day=1).isoformat()
    if since.day is not None and chosen == DAY:
        first, last = min(view.snapshot.campaign["first_date"], since.day), max(today, since.day)
        day = DayChoice(t("Since a date"), since.day, formats.format_date(since.day, t.language), first, last)
        month_start = since.day.isoformat()
    days = (("", None, t("Everything")), (MONDAY, MONDAY, t("Since Monday")), (DAY, month_start, t("Since a date")))
    which = ((HAPPENED, None, t("Date of the event")), (KNOWN, KNOWN, t("Date published here")))
    return SinceModel(
        tuple(_make_chip(view, SINCE, value, words, is_on=name == chosen) for name, value, words in days),
        day,
        tuple(_make_chip(view, BY, value, words, is_on=name == since.by) for name, value, words in which),
        make_visit(view.selection, view.parameters, since.day if since.by == KNOWN else None, t),
    )


def _make_chip(view: View, parameter: str, value: str | None, words: str, *, is_on: bool) -> Chip:
    way = PageLink(words, view.page_id, view.page_pairs(**{parameter: value, link.PAGE: None}))
    return Chip(f"{parameter}-{value}", way, "", is_on, is_lifted=False)


def draw(view: View, model: SinceModel) -> None:
    """Draw the choices."""
    t = view.t
    since = list_table.draw_chips(view, t("What is new"), model.choices)
    by = list_table.draw_chips(view, t("Which date counts"), model.by)
    st.html(f'<div class="list-top">{since}{by}</div>')
    if (choice := model.day) is not None:
        st.date_input(
            choice.label,
            min_value=choice.first,
            max_value=choice.last,
            format="DD/MM/YYYY",
            width=180,
            help=choice.sentence,
            label_visibility="collapsed",
            **link.bind("latest-day", SINCE, choice.day, None, date.isoformat, instead={link.PAGE: None}),
        )
