"""The search of the header: one box for actions, stakeholders, countries, themes and pages; each result is a link.

It runs by itself, so that a search does not draw the page anew. What a result opens keeps the day and the language.
"""

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.errors import UserError
from dashboard.formats import format_count, shorten
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.search import Found, Hit, search
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import figures, link
from dashboard.ui.frame.markdown import plain

PAGE_OF = {
    "region": "regions",
    "subregion": "regions",
    "grouping": "regions",
    "country": "country",
    "category": "categories",
    "theme": "themes",
    "group": "groups",
}
"""The page that shows a code of each dimension."""
_HELP = N_("Find actions, stakeholders, countries, themes and pages")
_LONGEST = 80


class Site(NamedTuple):
    """A page that may be found: its title in the reader's language, and its script."""

    title: str
    script: Path


Sites = Mapping[str, Site]
"""Pages by their ids."""


def show(t: Translator, page_id: str, sites: Sites, selection: Selection) -> None:
    """Draw the button that opens the search.

    Args:
        t: The words of the reader's language.
        page_id: The page that is open.
        sites: The pages that results lead to; those that the reader may open have a title.
        selection: What is shown now.
    """
    # A new box for each view, so that it is closed and empty when a result has been opened.
    key = f"search-{page_id}-{abs(hash(link.query_string()))}"
    with st.popover(t("Search"), icon=":material/search:", key=f"{key}-box", help=t(_HELP)):
        _show_box(key, sites, selection)


@st.fragment
def _show_box(key: str, sites: Sites, selection: Selection) -> None:
    t = translator(selection.lang)
    # Not kept from the page's own run, so that no session holds an old snapshot open.
    try:
        snapshot = figures.choose(current(), selection.build, is_newest=False)
    except UserError as error:  # the page says more, when it is drawn again
        st.caption(t(error.what))
        return
    text = st.text_input(t(_HELP), key=key, type="search", max_chars=200, placeholder=t("Words, a name or an id"))
    found = search(snapshot, text or "", t.language)
    if found is None:
        return
    kept = Selection(as_of=selection.as_of, build=selection.build, lang=t.language).query_pairs()

    def show_links(title: str, page_id: str, links: Iterable[tuple[str, list[tuple[str, str]]]]) -> None:
        for number, (label, pairs) in enumerate(links):
            if number == 0 and title:
                st.html(f'<h2 class="card-title">{escape(title)}</h2>')
            st.page_link(sites[page_id].script, label=label, query_params=link.as_query([*pairs, *kept]))

    for parameter, codes in found.codes.items():
        links = [(plain(code.labels[t.language]), [(parameter, code.code)]) for code in codes]
        show_links(t(DIMENSIONS[parameter].label), PAGE_OF[parameter], links)
    makers = _list_makers(t, found, (text or "").strip())
    show_links(_head(t, t("Stakeholders"), found.stakeholders, found.all_stakeholders), "stakeholders", makers)
    actions = [(_name_action(hit), [("action", hit.id)]) for hit in found.actions]
    show_links(_head(t, t("Actions"), found.actions, found.all_actions), "actions", actions)
    if found.all_actions > len(found.actions):
        label = t("Show all {n} actions", n=format_count(found.all_actions, t.language))
        show_links("", "actions", [(label, [("q", (text or "").strip())])])
    pages = _find_pages(sites, snapshot, text or "")
    for number, page_id in enumerate(pages):
        show_links(t("Pages") if number == 0 else "", page_id, [(plain(sites[page_id].title), [])])
    if not (found.codes or makers or actions or pages):
        st.caption(t("Nothing has all of these words. Fewer words find more."))


def _list_makers(t: Translator, found: Found, text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The labels and parameters of the links to stakeholders; of more than fit, the last one leads to all."""
    links = [(plain(hit.name), [("stakeholder", hit.id)]) for hit in found.stakeholders]
    if found.all_stakeholders > len(links):
        label = t("Show all {n} stakeholders", n=format_count(found.all_stakeholders, t.language))
        links.append((label, [("name", text)]))
    return links


def _head(t: Translator, title: str, shown: tuple[Hit, ...], found: int) -> str:
    """The heading of a kind of results; where there are more, it says of how many these are the first."""
    if found <= len(shown):
        return title
    counts = {"shown": format_count(len(shown), t.language), "found": format_count(found, t.language)}
    return t("{title} ({shown} of {found})", title=title, **counts)


def _name_action(hit: Hit) -> str:
    parts = (shorten(hit.name, _LONGEST), shorten(hit.note, _LONGEST), hit.id)
    return plain(" · ".join(part for part in parts if part))


def _find_pages(sites: Sites, snapshot: Snapshot, text: str) -> list[str]:
    """The pages whose titles have all of the words."""
    words = snapshot.search_words(text)
    titled = {page_id: site.title for page_id, site in sites.items() if site.title}
    frame = snapshot.query("folded", {"texts": list(titled.values())})
    folded = dict(zip(frame["words"], frame["folded"], strict=True))
    return [page_id for page_id, title in titled.items() if all(word in folded[title] for word in words)]
