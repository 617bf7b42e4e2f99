"""What is new since Monday, in a line with the way to it."""

from dataclasses import dataclass
from datetime import timedelta
from html import escape

import streamlit as st

from dashboard import formats
from dashboard.i18n import Translator
from dashboard.measures.latest import KINDS, Window, count_latest
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink


@dataclass(frozen=True)
class NewModel:
    """What the line says: the way to it as its title, how much is new of each kind, and the way to all else."""

    title: PageLink
    said: str
    everything: PageLink


def make_model(snapshot: Snapshot, selection: Selection, t: Translator) -> NewModel:
    """How much is new of each kind since the Monday before the day, and the ways to it and to all else."""
    lang, day = t.language, selection.day(snapshot)
    monday = day - timedelta(days=day.weekday())
    counts = count_latest(snapshot, selection, Window(kinds=tuple(KINDS), since=monday, coming=False))
    numbers = [
        t("{name}: {value}", name=t(KINDS[kind]), value=formats.format_count(number, lang))
        for kind, number in counts.items()
        if number
    ]
    pairs = tuple(selection.query_pairs())
    title = t("What is new since Monday, {day}", day=formats.format_date(monday, lang))
    return NewModel(
        title=PageLink(title, "latest", (("since", "monday"), *pairs)),
        said=" · ".join(numbers) or t("Nothing."),
        everything=PageLink(t("All that happened"), "latest", pairs),
    )


def draw(model: NewModel, page_id: str) -> None:
    """Draw the line on a page."""
    st.html(
        f'<h2 class="card-title">{model.title.render(page_id)}</h2><p class="about">{escape(model.said)}</p>'
        f'<p class="about">{model.everything.render(page_id)}</p>'
    )
