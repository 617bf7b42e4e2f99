"""The page of one stakeholder: how far its actions are, what they are, and what has been reported about them."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.charts.options import Options
from dashboard.i18n import N_
from dashboard.measures import entry_words, latest, register, stakeholders
from dashboard.measures.counts import headline
from dashboard.measures.milestones import OUTCOME_PLACES
from dashboard.measures.register import join_labels
from dashboard.measures.stakeholders import Stakeholder
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link, staff, ways
from dashboard.ui.frame.page import View
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.pieces import action_list, chart_card, empty_selection, messages, paging, reader_list, status_mark
from dashboard.ui.pieces.headline import make_tiles, show_tiles
from dashboard.ui.pieces.reader_list import Column

PAGE_ROWS = 20
MOST_LINES = 30
"""How many reports and milestones are listed; extracts have all of them."""
LONGEST = 280
"""Letters of a report's text; the page of its action has all of it."""
OUTCOMES = {
    "milestones_reached": N_("Reached"),
    "milestones_missed": N_("Missed"),
    "milestones_unknown": N_("Not known"),
    "milestones_ahead": N_("Reached before due"),
    "milestones_coming": N_("Upcoming"),
    "milestones_undated": N_("Without a date"),
}
"""What became of a milestone, in words."""
_POSTS = latest.Window(kinds=("event", "story"))
COLUMNS = ("title", "status", "place", "themes", "due_on", "reported_on")


def find(view: View, selection: Selection) -> Stakeholder | None:
    """The only stakeholder that a selection names; None where it names none, or several."""
    if len(selection.stakeholders) != 1:
        return None
    return stakeholders.find(view.snapshot, selection.stakeholders[0])


def show(view: View, selection: Selection, one: Stakeholder) -> None:
    """Draw the page; its title is drawn already."""
    st.set_page_config(page_title=f"{one.names[view.lang]} · {view.t('Stakeholders')}")
    _show_about(view, one)
    total = headline(view.snapshot, selection)
    if total.actions == 0:
        empty_selection.show(view, selection)
    else:
        show_tiles(make_tiles(total, view.t))
        _show_actions(view, selection, total.actions)
        if total.reported:
            chart_card.show(view, "completion-over-time", selection, options=Options())
        _show_reports(view, selection)
        _show_milestones(view, selection)
        _show_posts(view, selection)
    if staff.may_open():
        _show_spellings(view, one)


def _show_head(text: str) -> None:
    """Draw the heading of a part of the page."""
    st.html(f'<h2 class="card-title apart">{escape(text)}</h2>')


def _show_about(view: View, one: Stakeholder) -> None:
    """What it is, and the ways to the others."""
    t = view.t
    groups = view.snapshot.codes.get("stakeholder_groups", {})
    parts = [escape(join_labels(one.groups, groups, view.lang))] if one.groups else []
    if one.is_person:
        parts.append(escape(t("A person, not named in public.")))
    others = [pair for pair in view.selection.query_pairs() if pair[0] != "stakeholder"]
    parts.append(ways.render(t("All stakeholders"), ways.address(view.page_id, "stakeholders", others)))
    st.html(f'<p class="about">{" · ".join(parts)}</p>')


def _show_actions(view: View, selection: Selection, total: int) -> None:
    t = view.t
    _show_head(t("Actions"))
    page, warning = paging.read(t, view.own.get(link.PAGE), PAGE_ROWS, total)
    if warning:
        st.warning(warning)
    frame = register.page(
        view.snapshot, selection, sort="reported_on", descending=True, limit=page.size, offset=page.offset
    )
    ways_on = paging.list_ways(view, page, total)
    if ways_on:
        numbers = paging.name_range(view.t, page, len(frame), total)
        reader_list.show_top(view, t("Actions {first} to {last} of {total}.", **numbers), pages=ways_on)
    action_list.show(view, action_list.make_list(view, frame, COLUMNS, selection.query_pairs()))
    paging.draw_ways(view, ways_on)
    with st.container(horizontal=True, key="stakeholder-ways"):
        pairs = tuple(selection.query_pairs())
        page_link.show(PageLink(t("Download"), "download", pairs, ":material/download:"))


def _show_reports(view: View, selection: Selection) -> None:
    t = view.t
    _show_head(t("Progress reports, the latest first"))
    frame = stakeholders.list_reports(view.snapshot, selection, MOST_LINES)
    if frame.empty:
        messages.show_note(t("No progress reported yet."))
        return
    columns = [
        Column("action", t("Action"), "name"),
        Column("reported_on", t("Reported on"), "short"),
        Column("status", t("Status"), "short"),
        Column("percent", t("Percent done"), "figure"),
        Column("text", t("Text")),
    ]
    reader_list.show(view, t("Progress reports"), columns, _write_reports(view, frame))
    _say_more(view, frame)


def _write_reports(view: View, frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    for row in frame.to_dict("records"):
        text = "" if pd.isna(row["narrative"]) else formats.shorten(row["narrative"], LONGEST)
        language = "" if pd.isna(row["narrative_language"]) else f' lang="{escape(row["narrative_language"])}"'
        yield {
            "action": _link_action(view, row),
            "reported_on": _day(view, row["reported_on"]),
            "status": status_mark.render(view, row["status"], row["status_code"]),
            "percent": "" if pd.isna(row["percent"]) else formats.format_share(row["percent"] / 100, view.lang),
            "text": f"<span{language}>{escape(text)}</span>" if text else "",
        }


def _show_milestones(view: View, selection: Selection) -> None:
    t = view.t
    _show_head(t("Milestones"))
    frame = stakeholders.list_milestones(view.snapshot, selection, MOST_LINES)
    if frame.empty:
        messages.show_note(t("No milestones were submitted."))
        return
    columns = [
        Column("label", t("Milestone"), "name"),
        Column("outcome", t("Outcome")),
        Column("due_on", t("Due on"), "short"),
        Column("reached_on", t("Reached on"), "short"),
        Column("action", t("Action")),
    ]
    reader_list.show(view, t("Milestones"), columns, _write_milestones(view, frame))
    _say_more(view, frame)


def _write_milestones(view: View, frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    words = {OUTCOME_PLACES[name]: word for name, word in OUTCOMES.items()}
    for row in frame.to_dict("records"):
        language = "" if pd.isna(row["language"]) else f' lang="{escape(row["language"])}"'
        yield {
            "label": f"<span{language}>{escape(row['label'])}</span>",
            "outcome": escape(view.t(words[row["outcome_no"]])),
            "due_on": _day(view, row["due_on"]) or escape(view.t("without a date")),
            "reached_on": _day(view, row["reached_on"]),
            "action": _link_action(view, row),
        }


def _show_posts(view: View, selection: Selection) -> None:
    """The events and stories that its actions are linked to, the newest first; each once, in the reader's language."""
    t = view.t
    _show_head(t("Events and stories"))
    total = sum(latest.count_latest(view.snapshot, selection, _POSTS).values())
    if not total:
        messages.show_note(t("No event or story is linked to these actions."))
        return
    frame = latest.list_latest(view.snapshot, selection, _POSTS, limit=MOST_LINES)
    columns = [
        Column("title", t("Title"), "name"),
        Column("kind", t("Kind"), "short"),
        Column("on_date", t("Date"), "short"),
        Column("action", t("Action")),
    ]
    reader_list.show(view, t("Events and stories"), columns, _write_posts(view, frame))
    _say_more(view, frame.assign(found=total))


def _write_posts(view: View, frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    for row in frame.to_dict("records"):
        language = f'lang="{escape(row["language"])}"' if isinstance(row["language"], str) else ""
        pairs = [("entry", row["entry_id"]), *action_list.kept_pairs(view)]
        action = {"action_id": row["action_id"], "title": row["action_title"], "language": None}
        yield {
            "title": ways.render(row["title"], ways.address(view.page_id, "latest", pairs), language),
            "kind": escape(view.t(entry_words.ONE[row["kind"]])),
            "on_date": _day(view, row["on_date"]),
            "action": _link_action(view, action) if isinstance(row["action_id"], str) else "",
        }


def _show_spellings(view: View, one: Stakeholder) -> None:
    """For staff: under which spellings it submitted; a person's are not in the snapshot."""
    t = view.t
    if len(one.spellings) < 2 and not one.is_person:
        return
    _show_head(t("Merged spellings"))
    if one.is_person:
        messages.show_note(t("The spellings of a person's name are kept privately."))
        return
    items = "".join(f"<li>{escape(spelling)}</li>" for spelling in one.spellings)
    st.html(f"<ul>{items}</ul>")
    pairs = (("lang", view.lang), ("section", "decide"))
    page_link.show(PageLink(t("Decide which are the same"), "quality", pairs))


def _link_action(view: View, row: Mapping[Any, Any]) -> str:
    title = view.t("Untitled action") if pd.isna(row["title"]) else str(row["title"])
    language = "" if pd.isna(row["language"]) or pd.isna(row["title"]) else f'lang="{escape(row["language"])}"'
    pairs = [*action_list.kept_pairs(view), ("action", row["action_id"])]
    return ways.render(title, ways.address(view.page_id, "actions", pairs), language)


def _day(view: View, value: Any) -> str:
    return "" if pd.isna(value) else formats.format_short_date(pd.Timestamp(value).date(), view.lang)


def _say_more(view: View, frame: pd.DataFrame) -> None:
    """How many lines there are where not all are listed."""
    found = int(frame["found"].iloc[0])
    if found > len(frame):
        shown, total = (formats.format_count(number, view.lang) for number in (len(frame), found))
        messages.show_note(view.t("{shown} of {total}; an extract has all of them.", shown=shown, total=total))
