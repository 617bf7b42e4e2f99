"""The page of one chart, made to be framed: complete as HTML, without a cookie or Streamlit.

Its only script tells the page around it its height (`tell_height.js`); without scripts nothing is missing. The
interactive page, which readers come to by a link, shows the same words around a figure that a script draws.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from dashboard.campaign.brand import Look
from dashboard.charts.chart import Chart
from dashboard.charts.plotly.draw import CONFIG
from dashboard.charts.plotly.scheme import dark_colours, dark_inks
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.styles import style_hashes
from dashboard.ground.base_urls import find_check_page
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import name_language, write_attributes
from dashboard.snapshot.attribution import attribute, cite
from dashboard.snapshot.receipts.receipt import Receipt
from dashboard.web.charts.page_height import NARROW, WIDE, list_above, list_below, name_citation, name_table
from dashboard.web.charts.words_font import write_face
from dashboard.web.head_tags import LONGEST_TITLE, Preview, name_page, say_key_messages, write_tags
from dashboard.web.http import hash_source
from dashboard.web.static import LIGHT_STYLE

TELLING = (Path(__file__).with_name("tell_height.js")).read_text(encoding="utf-8").strip()

SHOWN_FILES = ((N_("Picture"), "png"), (N_("Data (CSV)"), "csv"))
"""The files offered on a page: label and format."""


@dataclass(frozen=True)
class Links:
    """The links of a page; empty ones are left out.

    Attributes:
        canonical: The page's own whole address.
        picture: The whole address of the picture that other sites preview.
        index: The page with all charts.
        files: Other forms of the chart, (label, address) pairs.
        languages: The same in other languages, (language, address) pairs.
        alternates: The whole addresses of the page by language, for search engines.
        fonts: The folder of the font's file, with the slash at its end; or `words_font.INSIDE`.
    """

    canonical: str = ""
    live: str = ""
    picture: str = ""
    oembed: str = ""
    paper: str = ""
    interactive: str = ""
    back: str = ""
    index: str = ""
    files: tuple[tuple[str, str], ...] = ()
    languages: tuple[tuple[str, str], ...] = ()
    alternates: Mapping[str, str] = field(default_factory=dict)
    dataset: Mapping[str, Any] | None = None
    fonts: str = ""
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Scripts:
    """Addresses that the interactive page loads."""

    drawing: str
    plotly: str
    figure: str


def draw_page(chart: Chart, links: Links, title: str | None = None, policy: str = "") -> str:
    """Draw the HTML of a chart's page.

    `title` is the presenter's own; `policy` goes inside the page, for files that a plain web server sends.
    """
    wide, narrow = (draw_svg(chart, None, width=width) for width in (WIDE, NARROW))
    picture = f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
    return _page(chart, links, title, f"<figure>{picture}</figure>", policy)


def draw_interactive(chart: Chart, links: Links, scripts: Scripts, title: str | None = None) -> str:
    """Draw the HTML of a chart's interactive page; without scripts it says so and leads back."""
    t = translator(chart.lang)
    failed = t(N_("The interactive chart could not be loaded. The picture and the table show the same figures."))
    dark = {"colours": dark_colours(chart.spec.kind, chart.has_choices), "inks": dark_inks()}
    data = {"figure": scripts.figure, "plotly": scripts.plotly, "config": json.dumps(CONFIG), "failed": failed}
    data |= {"kind": chart.spec.kind, "dark": json.dumps(dark)}
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    state = escape(t(N_("The interactive chart is being loaded …")))
    body = (
        f'<figure role="img" aria-label="{escape(chart.alt)}" id="figure" {attributes}></figure>'
        f'<p id="state" role="status">{state}</p>'
        f"<noscript><p>{escape(failed)}</p></noscript>"
        f'<script src="{escape(scripts.drawing)}" defer></script>'
    )
    return _page(chart, links, title, body, "")


def write_styles(look: Look) -> str:
    """Write the element with the styles of the publisher's look; nothing for a plain one."""
    return f"<style>{look.styles}</style>" if look.styles else ""


def allow_look(styles: str) -> str:
    """Write what a page's content policy allows behind its own styles: those of a look, and its logo."""
    return f" {hash_source(styles)}; img-src data:" if styles else ""


@cache
def style_sources(fonts: str = "assets/", look: str = "") -> str:
    """Return the allowed styles for a page's content policy: its own, the look's and the pictures', by their hashes."""
    own_styles = [hash_source(look)] if look else []
    pictures = (f"'{source}'" for source in style_hashes())
    return " ".join([hash_source(LIGHT_STYLE), hash_source(write_face(fonts)), *own_styles, *pictures])


@cache
def script_source() -> str:
    """Return the page's only script for its content policy, by its hash."""
    return hash_source(TELLING)


def _page(chart: Chart, links: Links, title: str | None, body: str, policy: str) -> str:
    above, below = ("".join(line.html for line in lines) for lines in (list_above(chart, title), list_below(chart)))
    face = f"<style>{write_face(links.fonts)}</style>" if links.fonts else ""
    return (
        f'<!doctype html><html {write_attributes(chart.lang)}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"{_head(chart, links, title, policy)}{face}<style>{LIGHT_STYLE}</style>{write_styles(chart.look)}</head>"
        f"<body><main>{chart.look.draw_logo(chart.lang)}{above}{body}{_table(chart)}{below}"
        f"{_citation(chart, links, title)}{_links(chart, links)}</main>"
        f"<script>{TELLING}</script></body></html>\n"
    )


def _head(chart: Chart, links: Links, own_title: str | None, policy: str) -> str:
    attribution = attribute(chart.campaign, chart.lang)
    site, title = attribution.campaign, chart.caption.entitle(own_title, LONGEST_TITLE)
    preview = Preview(
        title=title,
        description=say_key_messages(chart),
        site=site,
        lang=chart.lang,
        canonical=links.canonical,
        languages=links.alternates,
        picture=links.picture,
        picture_alt=chart.alt,
        oembed=links.oembed,
        paper=links.paper,
        dataset=links.dataset,
        kind="article",
        author=attribution.publisher,
        licence=attribution.licence_url,
        receipt=links.receipt,
    )
    parts = [f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'] if policy else []
    return "".join([*parts, f"<title>{escape(name_page(title, site))}</title>", write_tags(preview)])


def _table(chart: Chart) -> str:
    headings, rows = chart.cells()
    if not rows:
        return ""
    name = escape(name_table(chart))
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    return (
        f'<details><summary>{name}</summary><div class="scroll" role="region" tabindex="0" aria-label="{name}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(_rows(rows))}</tbody></table></div></details>"
    )


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for first, *rest in rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        yield f'<tr><th scope="row" dir="auto">{escape(first)}</th>{cells}</tr>'


def _citation(chart: Chart, links: Links, title: str | None) -> str:
    """Write the citation of the chart, with links to its publisher and its licence, folded away."""
    attribution = attribute(chart.campaign, chart.lang)
    name = chart.caption.entitle(title)
    words = cite(chart.campaign, chart.lang, name, chart.total.day, links.canonical or links.live)
    ways = (
        (attribution.publisher, attribution.url, ""),
        (attribution.licence, attribution.licence_url, " license"),
        (translator(chart.lang)(N_("Check this file")), find_check_page(links.canonical), ""),
    )
    anchors = " · ".join(
        f'<a href="{escape(address)}" target="_blank" rel="noopener{rel}">{escape(label)}</a>'
        for label, address, rel in ways
        if label and address
    )
    heading = escape(name_citation(chart.lang))
    return f"<details><summary>{heading}</summary><p>{escape(words)}</p>{anchors and f'<p>{anchors}</p>'}</details>"


def _links(chart: Chart, links: Links) -> str:
    t = translator(chart.lang)
    entries = list(_name_links(t, links))
    if not entries:
        return ""
    items = "".join(
        f'<li><a href="{escape(address)}"{attributes}>{escape(label)}</a></li>'
        for label, address, attributes in entries
    )
    return f'<nav aria-label="{escape(t(N_("More about this chart")))}"><ul>{items}</ul></nav>'


def name_links(lang: str) -> list[str]:
    """Return the words of the links on a page of this server, in their order."""
    links = Links(interactive="#", live="#", files=SHOWN_FILES)
    return [label for label, *_ in _name_links(translator(lang), links)]


def _name_links(t: Translator, links: Links) -> Iterator[tuple[str, str, str]]:
    """Yield label, address and further attributes of each link."""
    new = ' target="_blank" rel="noopener"'
    if links.interactive:
        yield t(N_("Explore interactively")), links.interactive, ""
    if links.back:
        yield t(N_("Back to the picture")), links.back, ""
    if links.live:
        yield t(N_("Open in the dashboard")), links.live, new
    if links.index:
        yield t(N_("All charts")), links.index, ""
    for label, address in links.files:
        yield t(label), address, new
    for lang, address in links.languages:
        yield name_language(lang), address, f' lang="{lang}" hreflang="{lang}"'
