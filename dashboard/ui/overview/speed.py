"""Show who moved since an earlier day, and the pace of reports and of completions.

The fold is counted when it is opened: following every action back to another day takes as long as the totals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.over_time import Moved, moved, over_time
from dashboard.measures.surveys import list_waves
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import day_choice, filter_bar, html_tables, messages
from dashboard.ui.pieces.filter_bar import Changes, Chip
from dashboard.ui.pieces.journey import say_moves
from dashboard.web.charts.oembed import SINCE

USUAL_DAYS = 30
"""How far back is looked where no survey wave began before the day."""


@dataclass(frozen=True)
class SpeedModel:
    """The fold.

    Attributes:
        is_stated: Whether the link has a day, so that the fold is open.
        chip: The chip that opens the choice of the day; the usual one is left out of the link.
        warning: A note that the link's day is no earlier day, as Markdown; else empty.
    """

    title: str
    is_stated: bool
    since: date
    chip: Chip
    warning: str


@dataclass(frozen=True)
class Month:
    """The gain of one month: its name, and the actions with a first report and those newly completed."""

    name: str
    reported: int
    completed: int


@dataclass(frozen=True)
class MovesModel:
    """The content of the fold.

    Attributes:
        links: The links to the actions that moved, and to those that have been silent all the time.
    """

    headings: tuple[str, str, str, str]
    rows: tuple[tuple[str, ...], ...]
    speed: str
    links: tuple[PageLink, ...]
    months_title: str
    months_headings: tuple[str, str, str]
    months: tuple[Month, ...]


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str]
) -> SpeedModel | None:
    """Make the fold, before it is opened; None on the first day."""
    first: date = snapshot.campaign["starts_on"]
    day = selection.day(snapshot)
    if day <= first:
        return None
    usual = _find_usual(snapshot, first, day)
    requested = parameters.get(SINCE)
    since, warning = usual, ""
    if requested is not None:
        since, warning = _read_since(requested, first, day, usual, t)
    day_words = formats.format_date(since, t.language)
    title = t("What changed since {day}", day=day_words)
    choice = replace(
        day_choice.make_model(snapshot, replace(selection, as_of=since), t),
        label=t("What changed since"), about="", first=first, last=day - timedelta(days=1), data_last=usual,
    )  # fmt: skip
    choice = replace(choice, named_days=tuple(one for one in choice.named_days if one.day < day))
    without = {"name": SINCE, "value": None} if since != usual else {}
    return SpeedModel(
        title, requested is not None, since, Chip("since", choice.label, day_words, without, day=choice), warning
    )


def _find_usual(snapshot: Snapshot, first: date, day: date) -> date:
    """Find the day before the latest survey wave began, else thirty days before; never before the campaign."""
    wave_starts = [wave.first_on for wave in list_waves(snapshot, day) if first < wave.first_on <= day]
    return max(first, wave_starts[-1] - timedelta(days=1) if wave_starts else day - timedelta(days=USUAL_DAYS))


def _read_since(requested: str, first: date, day: date, usual: date, t: Translator) -> tuple[date, str]:
    """Read the earlier day of the link; where it is invalid, the usual day and a warning."""
    try:
        since = date.fromisoformat(requested)
    except ValueError:
        since = day
    if first <= since < day:
        return since, ""
    warning = t(
        "The link compares with a day that is not before this one: {value}. Shown is {day}.",
        value=f"`{plain(requested[:20])}`",
        day=formats.format_date(usual, t.language),
    )
    return usual, warning


def make_moves(snapshot: Snapshot, selection: Selection, t: Translator, since: date) -> MovesModel:
    """Make the content of the fold."""
    change = moved(snapshot, selection, since)
    before, after = (formats.format_date(day, t.language) for day in (change.since, change.day))
    of = t("Of {n} actions", n=change.total)
    counts = {"reported": change.reported, "completed": change.completed, "unknown": change.unknown}
    return MovesModel(
        headings=(of, before, after, t("What changed")),
        rows=tuple(
            (t(DEFINITIONS[name].name), *(formats.format_count(n, t.language) for n in counts[name]), moves)
            for name, moves in say_moves(change, t).items()
        ),
        speed=_say_speed(change, t),
        links=tuple(_list_links(selection, change, t)),
        months_title=t("What each month brought"),
        months_headings=(t("Month"), t("First reports"), t("Completed")),
        months=_list_months(snapshot, selection, t.language),
    )


def _say_speed(change: Moved, t: Translator) -> str:
    """Write the number a week, in whole actions; fewer than one in words."""
    days = (change.day - change.since).days
    return t.plural(
        "Over this {n} day: first reports {reported}, newly completed {completed}.",
        "Over these {n} days: first reports {reported}, newly completed {completed}.",
        days,
        reported=_say_weekly(change.newly_reported, days, t),
        completed=_say_weekly(change.newly_completed, days, t),
    )


def _say_weekly(number: int, days: int, t: Translator) -> str:
    weekly = formats.round_half_up(number * 7, days)
    if number and not weekly:
        return t("less than 1 a week")
    return t("{n} a week", n=weekly)


def _list_links(selection: Selection, change: Moved, t: Translator) -> list[PageLink]:
    """List the links to the actions behind the counts: those that moved, and those that were silent all the time."""
    links = []
    if change.changed:
        label = t("Actions whose status changed: {n}", n=change.changed)
        earlier = selection.against(replace(selection, as_of=change.since))
        links.append(PageLink(label, "compare", tuple(earlier.query_pairs()), ":material/arrow_forward:"))
    if change.still_silent and not selection.statuses:
        # Without a report on the later day is without one on both.
        label = t("Still without a report: {n}", n=change.still_silent)
        silent = replace(selection, statuses=("not_reported",))
        links.append(PageLink(label, "actions", tuple(silent.query_pairs()), ":material/arrow_forward:"))
    return links


def _list_months(snapshot: Snapshot, selection: Selection, lang: str) -> tuple[Month, ...]:
    curve = over_time(snapshot, selection)
    months = curve.groupby(curve["on_date"].dt.to_period("M"))[["reported", "completed"]].last()
    gained = months.diff().fillna(months.iloc[:1]).astype(int)
    return tuple(
        Month(f"{formats.format_month(month.start_time.date(), lang)} {month.year}", int(one), int(two))
        for month, one, two in gained.itertuples()
    )


def draw(view: View, selection: Selection, model: SpeedModel | None) -> None:
    """Draw the fold: both days side by side with what moved, and each month's gain; nothing on the first day."""
    if model is None:
        return
    if model.warning:
        st.warning(model.warning)
    fold = st.expander(model.title, expanded=model.is_stated, key="speed", on_change="rerun")
    if not fold.open:
        return
    with fold:
        moves = make_moves(view.snapshot, selection, view.t, model.since)
        left, right = st.columns(2, gap="medium")
        with left:
            filter_bar.show_chips(view.t, "since", (model.chip,), _CHANGES)
            of, before, after, who = moves.headings
            columns = (*html_tables.figures(of, before, after), *html_tables.words(who))
            html_tables.show(columns, moves.rows)
            messages.show_note(moves.speed)
            for one in moves.links:
                page_link.show(one)
        with right:
            st.html(_write_months(moves, view.lang))


def _take(day: date | None) -> None:
    link.change_page_parameter(SINCE, None if day is None else day.isoformat())


_CHANGES = Changes(lambda *_: None, _take, link.change_page_parameter)


def _write_months(moves: MovesModel, lang: str) -> str:
    most = max(*(number for month in moves.months for number in (month.reported, month.completed)), 1)
    head = "".join(f'<th scope="col" class="words">{escape(name)}</th>' for name in moves.months_headings)
    rows = "".join(
        f'<tr><th scope="row">{escape(month.name)}</th>'
        f"{_write_bar(month.reported, most, lang)}{_write_bar(month.completed, most, lang)}</tr>"
        for month in moves.months
    )
    title = escape(moves.months_title)
    return (
        f'<div class="figures answers months" tabindex="0"><table aria-label="{title}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _write_bar(number: int, most: int, lang: str) -> str:
    share = f"{100 * max(number, 0) / most:.1f}%"
    return (
        f'<td class="share"><span class="track"><span style="width:{share}"></span></span>'
        f'<span class="value">{formats.format_count(number, lang)}</span></td>'
    )
