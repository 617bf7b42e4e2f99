"""The search of the header: one box for actions, stakeholders, countries, themes and pages; each result is a link.

It runs by itself, so that a search does not draw the page anew. What a result opens keeps the day and the language.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboard.errors import UserError
from dashboard.formats import format_count, shorten
from dashboard.i18n import N_, Translator, translator
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.search import Found, Hit, search
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import figures, link, page_link
from dashboard.ui.frame.page_link import PageLink

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


@dataclass(frozen=True)
class ResultGroup:
    """What is found of one kind: its heading, and the ways to it."""

    title: str
    links: tuple[PageLink, ...]


@dataclass(frozen=True)
class SearchModel:
    """What a search finds; where it is nothing, what is said instead."""

    groups: tuple[ResultGroup, ...]
    nothing: str


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, titles: Mapping[str, str], text: str
) -> SearchModel | None:
    """What a search finds; None before words are looked for.

    Args:
        snapshot: The data.
        selection: What is shown now; day, build and language go along.
        t: The reader's language.
        titles: The titles of the pages that the reader may open, by their ids.
        text: The words that are looked for.
    """
    found = search(snapshot, text, t.language)
    if found is None:
        return None
    kept = tuple(Selection(as_of=selection.as_of, build=selection.build, lang=t.language).query_pairs())
    pages = _find_pages(titles, snapshot, text)
    groups = [*_group_found(found, text.strip(), t, kept)]
    groups += [ResultGroup(t("Pages"), tuple(PageLink(titles[page_id], page_id, kept) for page_id in pages))]
    shown = tuple(group for group in groups if group.links)
    return SearchModel(shown, "" if shown else t("Nothing contains all of these words. Try fewer words."))


def _group_found(found: Found, text: str, t: Translator, kept: tuple[tuple[str, str], ...]) -> Iterator[ResultGroup]:
    """Codes, stakeholders and actions; of more than are shown the last way leads to all."""
    for parameter, codes in found.codes.items():
        links = (PageLink(one.labels[t.language], PAGE_OF[parameter], ((parameter, one.code), *kept)) for one in codes)
        yield ResultGroup(t(DIMENSIONS[parameter].label), tuple(links))
    makers = [PageLink(hit.name, "stakeholders", (("stakeholder", hit.id), *kept)) for hit in found.stakeholders]
    if found.all_stakeholders > len(makers):
        label = t("Show all {n} stakeholders", n=format_count(found.all_stakeholders, t.language))
        makers.append(PageLink(label, "stakeholders", (("name", text), *kept)))
    yield ResultGroup(_head(t, t("Stakeholders"), found.stakeholders, found.all_stakeholders), tuple(makers))
    actions = [PageLink(_name_action(hit), "actions", (("action", hit.id), *kept)) for hit in found.actions]
    if found.all_actions > len(actions):
        label = t("Show all {n} actions", n=format_count(found.all_actions, t.language))
        actions.append(PageLink(label, "actions", (("q", text), *kept)))
    yield ResultGroup(_head(t, t("Actions"), found.actions, found.all_actions), tuple(actions))


def _head(t: Translator, title: str, shown: tuple[Hit, ...], found: int) -> str:
    """The heading of a kind of results; where there are more, it says of how many these are the first."""
    if found <= len(shown):
        return title
    counts = {"shown": format_count(len(shown), t.language), "found": format_count(found, t.language)}
    return t("{title} ({shown} of {found})", title=title, **counts)


def _name_action(hit: Hit) -> str:
    parts = (shorten(hit.name, _LONGEST), shorten(hit.note, _LONGEST), hit.id)
    return " · ".join(part for part in parts if part)


def _find_pages(titles: Mapping[str, str], snapshot: Snapshot, text: str) -> list[str]:
    """The pages whose titles have all of the words."""
    words = snapshot.search_words(text)
    frame = snapshot.query("folded", {"texts": list(titles.values())})
    folded = dict(zip(frame["words"], frame["folded"], strict=True))
    return [page_id for page_id, title in titles.items() if all(word in folded[title] for word in words)]


def show(t: Translator, page_id: str, titles: Mapping[str, str], selection: Selection) -> None:
    """Draw the button that opens the search.

    Args:
        t: The words of the reader's language.
        page_id: The page that is open.
        titles: The titles of the pages that the reader may open, by their ids.
        selection: What is shown now.
    """
    # A new box for each view, so that it is closed and empty when a result has been opened.
    key = f"search-{page_id}-{abs(hash(link.query_string()))}"
    with st.popover(t("Search"), icon=":material/search:", key=f"{key}-box", help=t(_HELP)):
        _show_box(key, titles, selection)


@st.fragment
def _show_box(key: str, titles: Mapping[str, str], selection: Selection) -> None:
    t = translator(selection.lang)
    # Not kept from the page's own run, so that no session holds an old snapshot open.
    try:
        snapshot = figures.choose(current(), selection.build, is_newest=False)
    except UserError as error:  # the page says more, when it is drawn again
        st.caption(t(error.what))
        return
    text = st.text_input(t(_HELP), key=key, type="search", max_chars=200, placeholder=t("Words, a name or an id"))
    model = make_model(snapshot, selection, t, titles, text or "")
    if model is None:
        return
    for group in model.groups:
        st.html(f'<h2 class="card-title">{escape(group.title)}</h2>')
        for one in group.links:
            page_link.show(one)
    if model.nothing:
        st.caption(model.nothing)
