"""What an action says of itself: its texts, and its facts, each of which leads to the page that shows it."""

from collections.abc import Iterator
from html import escape
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED
from dashboard.i18n import N_
from dashboard.ui.frame import ways
from dashboard.ui.frame.page import View
from dashboard.ui.frame.search_box import PAGE_OF
from dashboard.ui.pieces import action_list, messages

TEXTS = (
    ("description", N_("Description")),
    ("impact", N_("Expected impact")),
    ("communication", N_("Communication")),
    ("partners", N_("Partners")),
)
CODED_FACTS = (
    ("group", "group", "stakeholder_groups", N_("Stakeholder group")),
    ("category", "category", "categories", N_("Category")),
    ("themes", "theme", "themes", N_("Themes")),
    ("regions", "region", "regions", N_("Regions")),
    ("subregions", "subregion", "subregions", N_("Subregions")),
    ("countries", "country", "countries", N_("Countries")),
    ("groupings", "grouping", "groupings", N_("Groupings of countries")),
)
"""The name of a fact, the filter that its codes are of, their codelist, and its label."""
DATED_FACTS = (
    ("submitted_on", N_("Submitted on")),
    ("due_on", N_("Deadline")),
    ("reported_on", N_("Last report")),
    ("completed_on", N_("Completed on")),
)


def show_texts(view: View, facts: dict[str, Any]) -> None:
    """Draw the texts of an action, in its own language."""
    texts = [(view.t(label), facts[name]) for name, label in TEXTS if facts[name]]
    if not texts:
        messages.show_note(view.t("The submission has no further text."))
    language = facts["language"] or ""
    spoken = f' lang="{escape(language)}"' if language else ""
    text = "".join(
        f'<h3 class="card-title">{escape(label)}</h3><p class="text"{spoken}>{escape(value)}</p>'
        for label, value in texts
    )
    url = facts["url"] or ""
    if url.startswith(("http://", "https://")):
        text += (
            f'<p class="text"><a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(url)}</a></p>'
        )
    if text:
        st.html(f'<div class="texts">{text}</div>')


def show_facts(view: View, facts: dict[str, Any]) -> None:
    """Draw the facts of an action as a list of names and values."""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in _list_facts(view, facts))
    st.html(f'<h3 class="card-title">{escape(view.t("Facts"))}</h3><dl class="action-facts">{items}</dl>')


def _list_facts(view: View, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of facts, and their values as HTML."""
    t, lang = view.t, view.lang
    if facts["percent"] is not None:
        yield t("Percent done"), _draw_percent(formats.format_share(facts["percent"] / 100, lang), facts["percent"])
    for name, parameter, codelist, label in CODED_FACTS:
        codes = [facts[name]] if isinstance(facts[name], str) else list(facts[name] or ())
        if codes:
            yield t(label), link_codes(view, parameter, codelist, codes)
    for name, label in DATED_FACTS:
        if facts[name]:
            yield t(label), escape(formats.format_date(facts[name], lang))
    if facts["language"]:
        yield t("Language"), escape(formats.format_language(facts["language"], lang))


def link_codes(view: View, parameter: str, codelist: str, codes: list[str]) -> str:
    """The labels of codes in their codelist's order, each as the way to the page that is filtered by it, as HTML."""
    known = view.snapshot.codes.get(codelist, {})
    position = {code: place for place, code in enumerate(known)}
    ordered = sorted(codes, key=lambda code: (position.get(code, len(position)), code))
    return "; ".join(
        _link_code(view, parameter, code, code in known and known[code].labels[view.lang]) for code in ordered
    )


def _link_code(view: View, parameter: str, code: str, label: str | bool) -> str:
    if not label or code == UNCLASSIFIED:
        return escape(str(label or code))
    pairs = [(parameter, code), *action_list.kept_pairs(view)]
    return ways.render(str(label), ways.address(view.page_id, PAGE_OF[parameter], pairs))


def _draw_percent(words: str, percent: float) -> str:
    width = min(max(percent, 0), 100)
    return f'{escape(words)} <span class="bar" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
