"""Who moved since an earlier day, and how fast reports come in and actions become known to be completed."""

from dataclasses import replace
from datetime import date, timedelta
from html import escape

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.moved import Moved, moved
from dashboard.measures.over_time import over_time
from dashboard.measures.surveys import list_waves
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import header, link
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import html_tables, messages
from dashboard.web.charts.oembed import SINCE

USUAL_DAYS = 30
"""How far back is looked where no survey wave began before the day."""


def show(view: View, selection: Selection) -> None:
    """Draw the fold: both days side by side with what moved, and each month's gain; nothing on the first day.

    What it holds is counted when it is opened: following every action back to another day takes as long as the totals.
    """
    day, first = selection.day(view.snapshot), _first_day(view)
    if day <= first:
        return
    usual = _usual_day(view, day)
    since = _read_since(view, first, day, usual)
    title = view.t("Who moved since {day}, and how fast", day=formats.format_date(since, view.lang))
    fold = st.expander(title, expanded=link.page_parameter(SINCE) is not None, key="speed", on_change="rerun")
    if not fold.open:
        return
    with fold:
        change = moved(view.snapshot, selection, since)
        left, right = st.columns(2, gap="medium")
        with left:
            _show_choice(view, first, day, since, usual)
            st.html(_write_moves(view, change))
            messages.show_note(_say_speed(view, change))
            _show_ways_on(view, selection, change)
        with right:
            st.html(_write_months(view, selection))


def _first_day(view: View) -> date:
    first: date = view.snapshot.campaign["starts_on"]
    return first


def _usual_day(view: View, day: date) -> date:
    """The day before the latest survey wave began, else thirty days before; never before the campaign."""
    begun = [wave.first_on for wave in list_waves(view.snapshot, day) if _first_day(view) < wave.first_on <= day]
    return max(_first_day(view), begun[-1] - timedelta(days=1) if begun else day - timedelta(days=USUAL_DAYS))


def _read_since(view: View, first: date, day: date, usual: date) -> date:
    """The earlier day that the link states; where it is none, say so and take the usual one."""
    stated = link.page_parameter(SINCE)
    if stated is None:
        return usual
    try:
        since = date.fromisoformat(stated)
    except ValueError:
        since = day
    if first <= since < day:
        return since
    st.warning(
        view.t(
            "The link compares with a day that is not before this one: {value}. Shown is {day}.",
            value=f"`{messages.plain(stated[:20])}`", day=formats.format_date(usual, view.lang),
        )
    )  # fmt: skip
    return usual


def _show_choice(view: View, first: date, day: date, since: date, usual: date) -> None:
    link.keep("since", since)
    st.date_input(
        view.t("Who moved since"),
        min_value=first,
        max_value=day - timedelta(days=1),
        key="since",
        format="DD/MM/YYYY",
        width=200,
        on_change=_take,
        args=(usual,),
    )


def _take(usual: date) -> None:
    """Put the day into the link; the usual one is left out of it, and so is none."""
    value = st.session_state["since"]
    is_stated = isinstance(value, date) and value != usual
    link.change_page_parameter(SINCE, value.isoformat() if is_stated else None)


def _write_moves(view: View, change: Moved) -> str:
    """Both days side by side, and who moved between them, as a table."""
    t, lang = view.t, view.lang

    def count(number: int) -> str:
        return formats.format_count(number, lang)

    went = t("{n} newly", n=count(change.newly_completed))
    if change.fell_back:
        went = t("{moves}, {n} fell back", moves=went, n=count(change.fell_back))
    rows = [
        ("reported", change.reported, t("{n} for the first time", n=count(change.newly_reported))),
        ("completed", change.completed, went),
        (
            "unknown",
            change.unknown,
            t.plural("{n} remains unknown", "{n} remain unknown", change.still_unknown, n=count(change.still_unknown)),
        ),
    ]
    days = (formats.format_date(day, lang) for day in (change.since, change.day))
    of = t("Of {n} actions", n=count(change.total))
    columns = (html_tables.Column(of), *html_tables.figures(*days), html_tables.Column(t("Who moved"), is_words=True))
    return html_tables.render(
        columns, [(t(DEFINITIONS[name].name), count(was), count(now), moves) for name, (was, now), moves in rows]
    )


def _say_speed(view: View, change: Moved) -> str:
    """How many a week, in whole actions; fewer than one in words."""
    days = (change.day - change.since).days
    words = {
        name: _say_weekly(view, number, days)
        for name, number in (("reported", change.newly_reported), ("completed", change.newly_completed))
    }
    return view.t.plural(
        "Over this {n} day: first reports {reported}, newly completed {completed}.",
        "Over these {n} days: first reports {reported}, newly completed {completed}.",
        days,
        n=formats.format_count(days, view.lang),
        **words,
    )


def _say_weekly(view: View, number: int, days: int) -> str:
    weekly = formats.round_half_up(number * 7, days)
    if number and not weekly:
        return view.t("less than 1 a week")
    return view.t("{n} a week", n=formats.format_count(weekly, view.lang))


def _show_ways_on(view: View, selection: Selection, change: Moved) -> None:
    """The ways to the actions behind the counts: those that moved, and those that have been silent all the time."""
    if change.changed:
        earlier = selection.against(replace(selection, as_of=change.since))
        n = formats.format_count(change.changed, view.lang)
        _show_way(view, "compare", view.t("The actions that moved: {n}", n=n), earlier)
    if change.still_silent and not selection.statuses:
        # Without a report on the later day is without one on both.
        n = formats.format_count(change.still_silent, view.lang)
        silent = replace(selection, statuses=("not_reported",))
        _show_way(view, "actions", view.t("Still without a report: {n}", n=n), silent)


def _show_way(view: View, page_id: str, label: str, selection: Selection) -> None:
    query = link.as_query(selection.query_pairs())
    st.page_link(header.find(page_id).script, label=label, icon=":material/arrow_forward:", query_params=query)


def _write_months(view: View, selection: Selection) -> str:
    """What each month up to the day brought, as a table of bars."""
    curve = over_time(view.snapshot, selection)
    months = curve.groupby(curve["on_date"].dt.to_period("M"))[["reported", "completed"]].last()
    gained = months.diff().fillna(months.iloc[:1]).astype(int)
    most = max(int(gained.to_numpy().max()), 1)
    t = view.t
    names = (t("Month"), t("First reports"), t("Known to be completed"))
    head = "".join(f'<th scope="col" class="words">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(_name_month(month, view.lang))}</th>'
        f"{_bar(int(reported), most, view.lang)}{_bar(int(completed), most, view.lang)}</tr>"
        for month, reported, completed in gained.itertuples()
    )
    title = escape(t("What each month brought"))
    return (
        f'<div class="figures answers months" tabindex="0"><table aria-label="{title}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _name_month(month: pd.Period, lang: str) -> str:
    return f"{formats.format_month(month.start_time.date(), lang)} {month.year}"


def _bar(number: int, most: int, lang: str) -> str:
    share = f"{100 * max(number, 0) / most:.1f}%"
    return (
        f'<td class="share"><span class="track"><span style="width:{share}"></span></span>'
        f'<span class="value">{formats.format_count(number, lang)}</span></td>'
    )
