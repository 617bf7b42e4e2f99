"""The content of each page, in three languages: words, figures, links, widgets and their values.

Not how it is laid out: columns and containers may be others while everything in them is the same.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access.rights import AccessClass
from dashboard.ground import page_addresses
from dashboard.ground.page_addresses import find_page
from dashboard.ui.frame.link import as_query
from tests.app.cheap_runs import run_cheaply
from tests.app.conftest import SCRIPT
from tests.charts_over_http import PAGES
from tests.outside.entries import Entries, digest, shorten
from tests.outside.masks import FILE_TOKEN, MADE_BY_PLACE
from tests.shipped import LANGUAGES


class View(NamedTuple):
    """A page that is opened by a link: its id, and the parameters besides the language."""

    page_id: str
    query: str = ""


FURTHER_VIEWS = (
    View("overview", "region=africa&theme=education&as_of=2021-07-20"),
    View("overview", "q=no+action+has+these+words"),
    View("overview", "region=atlantis"),
    View("regions", "region=americas&large=completion-by-region"),
    View("country", "country=GHA"),
    View("actions", "action=MSF-1"),
    View("stakeholders", "status=not_reported"),
    View("compare", "region=africa&vs.region=americas"),
    View("explore", "by=country&as=map"),
    View("briefing", "region=africa&charts=completion-by-region,completion-over-time"),
)
"""Beside each page as it is opened without a filter."""
VIEWS = (*(View(page_id) for page_id in PAGES.titles), *FURTHER_VIEWS)
BY_DAY = ("overview", "download", "quality")
"""Pages that are drawn by day too, each in one language."""
LAYOUT = ("flex_container", "horizontal", "vertical", "column", "container")
ASSETS = ("cssContent", "jsContent", "htmlContent")
"""The browser's part of a component: kept once, not on each page that has it."""


class Section(NamedTuple):
    """A page from one heading to the next: its first words, and all that is in it."""

    words: str
    content: list[str]


def open_view(view: View, lang: str) -> AppTest:
    """Open a page as a link opens it."""
    app = AppTest.from_file(SCRIPT, default_timeout=60)
    pairs = [*parse_qsl(view.query, keep_blank_values=True), ("lang", lang)]
    for name, values in as_query(page_addresses.choose(view.page_id, pairs)).items():
        app.query_params[name] = values
    if view.page_id != page_addresses.FRONT:
        app._page_hash = calc_hash(find_page(view.page_id))
    return app.run()


def is_for_staff(view: View) -> bool:
    """Whether readers do not see it."""
    return PAGES.access[view.page_id] != AccessClass.PUBLIC


def describe_pages(views: list[tuple[View, str]]) -> Entries:
    """Describe the sections of views in languages, and the browser's parts that they have."""
    run_cheaply()
    entries: Entries = {}
    for view, lang in views:
        assets: dict[str, str] = {}
        for number, section in enumerate(_list_sections(open_view(view, lang), assets)):
            name = f"{view.page_id}{f'?{view.query}' if view.query else ''} {number:02}"
            entries[name, lang] = digest("\n".join(section.content))
            if lang == LANGUAGES[0]:
                entries[name, "begins"] = section.words
        entries |= {(f"component {name}", "parts"): digest(content) for name, content in assets.items()}
    return entries


def list_views(*, by_day: bool) -> list[tuple[View, str]]:
    """Views with their languages: all, or those by day in a language each."""
    if not by_day:
        return [(view, lang) for view in VIEWS for lang in LANGUAGES]
    return [(View(page_id), LANGUAGES[place % len(LANGUAGES)]) for place, page_id in enumerate(BY_DAY)]


def _list_sections(app: AppTest, assets: dict[str, str]) -> list[Section]:
    assert [error.message for error in app.exception] == []
    sections = [Section("", [])]
    for kind, proto in _list_elements(app._tree):
        sent = _take_assets(_leave_out_ids(MessageToDict(proto)), assets)
        line = f"{kind} {json.dumps(sent, ensure_ascii=False, sort_keys=True)}"
        if re.search(r"<h[123]\b", line):
            sections.append(Section(shorten(_strip(str(sent.get("body", ""))), 60), []))
        sections[-1].content.append(line)
    return sections


def _list_elements(node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the elements of a page in order, with the kind of each, without those for layout only."""
    proto = getattr(node, "proto", None)
    if proto is not None and node.type not in LAYOUT:
        yield node.type, proto
    for child in getattr(node, "children", {}).values():
        yield from _list_elements(child)


def _leave_out_ids(sent: Any) -> Any:
    """Return the browser's input, with JSON inside it read, without the parts that chance or place makes."""
    if isinstance(sent, dict):
        return {name: _leave_out_ids(value) for name, value in sent.items() if name not in MADE_BY_PLACE}
    if isinstance(sent, list):
        return [_leave_out_ids(value) for value in sent]
    if isinstance(sent, str):
        if sent.startswith(("{", "[")):
            try:
                return _leave_out_ids(json.loads(sent))
            except ValueError:
                pass
        return FILE_TOKEN.sub("…", sent)
    return sent


def _take_assets(sent: dict[str, Any], assets: dict[str, str]) -> dict[str, Any]:
    """Return an element without the browser's part of it, which is noted."""
    if "componentName" in sent:
        assets[sent["componentName"]] = "\n".join(str(sent.get(name, "")) for name in ASSETS)
    return {name: value for name, value in sent.items() if name not in ASSETS}


def _strip(text: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", text))
