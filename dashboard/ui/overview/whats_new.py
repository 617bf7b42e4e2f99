"""What is new since Monday: the fold with how much of each kind there is, and the ways to it."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import page_link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View


@dataclass(frozen=True)
class NewModel:
    """What the fold holds: the number of new entries of each kind, as a link to them, and the link to all entries."""

    counts: PageLink | str
    everything: PageLink


def make_title(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """What the fold is called."""
    return t("What is new since Monday, {day}", day=formats.format_date(_find_monday(snapshot, selection), t.language))


def _find_monday(snapshot: Snapshot, selection: Selection) -> date:
    day = selection.day(snapshot)
    return day - timedelta(days=day.weekday())


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> NewModel:
    """How much is new of each kind since the Monday before the day, and the ways to it and to all else."""
    window = Window(kinds=tuple(KINDS), since=_find_monday(snapshot, selection), coming=False)
    counts = count_latest(snapshot, selection, window)
    numbers = [t("{name}: {value}", name=t(KINDS[kind]), value=number) for kind, number in counts.items() if number]
    pairs = tuple(selection.query_pairs())
    summary = " · ".join(numbers)
    return NewModel(
        counts=PageLink(summary, "latest", (("since", "monday"), *pairs)) if summary else t("Nothing."),
        everything=PageLink(t("All that happened"), "latest", pairs),
    )


def show(view: View, selection: Selection) -> None:
    """Draw what the fold holds."""
    model = make_model(view.snapshot, selection, view.t)
    lines = (page_link.render(one, view.page_id) for one in (model.counts, model.everything))
    st.html("".join(f'<p class="about">{line}</p>' for line in lines))
