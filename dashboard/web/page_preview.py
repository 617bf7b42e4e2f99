"""Write what other sites show of a link to a page: what its main chart finds for the selection of the link.

A page without a chart of its own states its purpose in a sentence. A page that opens one thing (an action, a
stakeholder, a country) has that thing's name; a person who is not named in public appears under the text that stands
for the name, as everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.csv import hash_chart
from dashboard.files.briefings.saved import expand
from dashboard.files.extracts import package
from dashboard.files.extracts.choice import FORMATS, find_file, list_files
from dashboard.formats import clean, shorten
from dashboard.ground import page_addresses
from dashboard.i18n import N_, translator
from dashboard.mail.subscribers import ABOUT
from dashboard.measures import register
from dashboard.measures.latest import NEWS, read_kinds
from dashboard.settings import Settings
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import issue
from dashboard.snapshot.selection import PARAMETERS, VERSUS, Selection, parse
from dashboard.snapshot.selection_words import name_place
from dashboard.web.charts import oembed
from dashboard.web.charts.requests import COMPARE, FRONT_PAGE, ChartRequest
from dashboard.web.head_tags import (
    DEFAULT,
    LONGEST_TITLE,
    Download,
    Preview,
    Words,
    describe_dataset,
    say_key_messages,
    say_shortly,
    warn,
)
from dashboard.web.openings import find_opened

BRIEFING, DOWNLOAD = "briefing", "download"
LINES = {
    "latest": N_("Completed actions, milestones reached, events, stories and new actions, the latest first."),
    BRIEFING: N_("Charts of this selection to take away: slides, documents, pictures and code for web pages."),
    "download": N_("The actions of this selection with their reports, as Excel, CSV, Parquet and JSON."),
    "newsletter": ABOUT,
    "definitions": N_("What each figure means, how it is counted, and where the data comes from."),
    "help": N_("How to read the dashboard, what each page is for, and whom to ask."),
}
"""What pages are for that are not about one chart."""

_LISTING = "status-overview"
"""The chart that stands for pages which list what is selected."""
_OWN_OPTIONS = ("explore", "surveys")
"""Pages whose chart is all that they show, so that what is chosen of it belongs to their address."""
PAGE = "page"
"""The form of a receipt of a page of the dashboard."""


class PageLink(NamedTuple):
    """A link to a part of a page: its id, its title in English, and the parameters that count."""

    page_id: str
    title: str
    query: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PagePreview:
    """The contents of a page's head, and the filters of the links in its HTML, without the language."""

    preview: Preview
    query: str


def preview_page(snapshot: Snapshot, link: PageLink, settings: Settings) -> PagePreview:
    """Write what other sites show of a page. Asks the snapshot, so it takes milliseconds: call it from a thread.

    `settings`: with the dashboard's address as other sites are to see it.

    Raises:
        UserError: the link has a value that the page refuses, or the chart cannot be built.
    """
    query: dict[str, list[str]] = {}
    for name, value in link.query:
        query.setdefault(name, []).append(value)
    if link.page_id == BRIEFING:
        query = expand(settings.campaign, query, is_staff=False)
    selection = _read_selection(link.page_id, query, snapshot)
    opening, opened_id = find_opened(link.page_id, link.query) or (None, "")
    opened_name = opening.name(snapshot, opened_id, selection.lang) if opening else ""
    action_id = opened_id if opened_name and link.page_id == "actions" else ""
    chart_selection = Selection(lang=selection.lang, build=selection.build) if action_id else selection
    request = _request_chart(link, query, snapshot, chart_selection)
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    page_pairs = _own_pairs(link.page_id, query, request, action_id)
    base, lang = settings.base_url, selection.lang
    attribution = attribute(snapshot.campaign, lang)
    addresses: dict[str, str] = {
        code: _write(base, link.page_id, selection, page_pairs, code) for code in snapshot.languages
    }
    address = addresses[lang]
    preview = Preview(
        title=_fit(opened_name) or _name(snapshot, link, selection, chart),
        description=_describe(snapshot, link, selection, chart, action_id),
        site=attribution.campaign,
        lang=lang,
        canonical=address,
        languages=addresses | {DEFAULT: _write(base, link.page_id, selection, page_pairs, "")},
        picture=request.address(base, "png", size="social"),
        picture_alt=chart.alt,
        oembed=oembed.write_address(base, address) if link.page_id in oembed.PAGE_CHARTS else "",
        dataset=_describe_files(snapshot, selection, address, settings) if link.page_id == DOWNLOAD else None,
        author=attribution.publisher,
        licence=attribution.licence_url,
        receipt=issue(snapshot, address, PAGE, hash_chart(chart)),
    )
    return PagePreview(preview, urlencode([pair for pair in selection.first.query_pairs() if pair[0] != "lang"]))


def _read_selection(page_id: str, query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> Selection:
    """Read the selection of a link; both sides of it on the page that compares."""
    filters = {name: values for name, values in query.items() if name in (*PARAMETERS, *VERSUS)}
    selection = parse(filters, snapshot, VERSUS).in_order()
    return selection if page_id == COMPARE else selection.first


def _request_chart(
    link: PageLink, query: dict[str, list[str]], snapshot: Snapshot, selection: Selection
) -> ChartRequest:
    """Request the chart that stands for a page, with the link's choices."""
    if link.page_id not in oembed.PAGE_CHARTS:
        chart_id = _LISTING if link.page_id in ("actions", "stakeholders") else oembed.PAGE_CHARTS[FRONT_PAGE]
        return ChartRequest(chart_id, "html", selection, snapshot.build_id)
    chart_id, parameters = oembed.read_page(link.page_id, query)
    if link.page_id != COMPARE:
        parameters = {name: values for name, values in parameters.items() if name not in VERSUS}
    return oembed.read_address(chart_id, parameters, snapshot)


def _own_pairs(
    page_id: str, query: dict[str, list[str]], request: ChartRequest, action_id: str
) -> list[tuple[str, str]]:
    """List the parameters beside the selection that change what a page shows, and so belong to its address."""
    if action_id:
        return [("action", action_id)]
    if page_id == "latest":
        kinds = read_kinds(query.get("kind", ()))
        return [] if kinds == NEWS else [("kind", ",".join(kinds))]
    if page_id in _OWN_OPTIONS:
        return request.options.query_pairs()
    is_chosen = page_id == COMPARE and bool(request.selection.versus and any(query.get("chart", ())))
    return [("chart", request.chart_id)] if is_chosen else []


def _write(base: str, page_id: str, selection: Selection, page_pairs: Sequence[tuple[str, str]], lang: str) -> str:
    """Write the address of a page in a language; without one, in the language that the campaign chooses."""
    pairs = [pair for pair in replace(selection, lang=lang).query_pairs() if pair[1] or pair[0] != "lang"]
    return page_addresses.write(base, page_id, [*pairs, *page_pairs])


def _name(snapshot: Snapshot, link: PageLink, selection: Selection, chart: Chart) -> str:
    """Name the page with what is selected; the front page without a selection has the campaign's title."""
    t = translator(selection.lang)
    place = name_place(snapshot, selection, has_day=True)
    title, colon = t(link.title), t(": ")
    if link.page_id in _OWN_OPTIONS:
        place = chart.caption.entitle("", LONGEST_TITLE - len(title) - len(colon))
    if not place:
        return str(snapshot.campaign[f"title_{selection.lang}"]) if link.page_id == FRONT_PAGE else title
    return shorten(f"{title}{colon}{place}", LONGEST_TITLE)


def _fit(opened_name: str) -> str:
    """Join the name of what is open with the page's; leave the page's out where there is no room for both."""
    return (
        opened_name if len(opened_name) <= LONGEST_TITLE else shorten(opened_name.rpartition(" · ")[0], LONGEST_TITLE)
    )


def _describe(snapshot: Snapshot, link: PageLink, selection: Selection, chart: Chart, action_id: str) -> str:
    """Describe what the page shows in a sentence or two; a warning that figures are fictional comes first."""
    t, sentences = translator(selection.lang), warn(selection.lang, is_fictional=snapshot.is_sample)
    action = register.details(snapshot, action_id, selection.day(snapshot)) if action_id else None
    if action is not None:
        stakeholder_names = [
            code.labels[selection.lang] for code in snapshot.find_stakeholders([action.facts["stakeholder_id"]])
        ]
        sentences += [
            f"{t(N_('{name}: {value}'), name=t(N_('Stakeholder')), value=name)}." for name in stakeholder_names
        ]
        sentences.append(clean(action.facts["description"] or ""))
    elif link.page_id in LINES:
        sentences.append(t(LINES[link.page_id]))
    else:
        return say_key_messages(chart)
    return say_shortly(sentences)


def _describe_files(snapshot: Snapshot, selection: Selection, page: str, settings: Settings) -> dict[str, object]:
    """Describe the open files of the selection as a data set."""
    described = package.describe_package(snapshot, selection, settings.base_url, on_the_web=True)
    query = selection.query_string()
    downloads = [
        Download(name, FORMATS[file.file_format], f"{settings.base_url}/extracts/{name}?{query}")
        for name in list_files()
        if (file := find_file(name)) is not None
    ]
    words = Words(described["title"], described["description"], selection.lang)
    return describe_dataset(
        snapshot,
        words,
        page,
        downloads,
        selection.day(snapshot),
        campaign=settings.campaign,
        base_url=settings.base_url,
        is_frozen=bool(selection.build),
    )
