"""The list of charts as a page for people: complete as HTML, without a script, a cookie or Streamlit."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import get_args
from urllib.parse import urlencode

from dashboard import formats
from dashboard.charts.catalogue import CATALOGUE, Kind
from dashboard.charts.chart import build_chart
from dashboard.charts.svg.draw import draw_on_page
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.i18n import N_, translator
from dashboard.languages import name_language, write_attributes
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, describe
from dashboard.web.charts import embed_page
from dashboard.web.charts.page_height import NARROW
from dashboard.web.charts.requests import ChartRequest
from dashboard.web.head_tags import DEFAULT, Preview, name_page, say_finding, write_tags
from dashboard.web.openapi.operation import HEADING
from dashboard.web.static import font_face

OWN_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
FILES = ("png", "svg", "csv")


def draw_index(snapshot: Snapshot, selection: Selection, base_url: str) -> str:
    """The HTML of the list: every chart of the selection, drawn, in the selection's language.

    Args:
        snapshot: Whose figures.
        selection: The filters, and the language.
        base_url: Where the dashboard is, for what other sites show of the list.
    """
    t, lang = translator(selection.lang), selection.lang
    title = escape(str(snapshot.campaign[f"title_{lang}"]))
    words = " · ".join(
        t(N_("{name}: {value}"), name=name, value=value)
        for name, value in describe(selection, snapshot, t, lambda day: formats.format_date(day, lang))
    )
    sample = f'<p class="sample">{escape(t(N_("The data is fictional.")))}</p>' if snapshot.is_sample else ""
    query = escape(selection.query_string())
    ways = (
        (t(N_("Open the dashboard")), f"./?{query}"),
        (t(N_("The actions as Excel")), f"extracts/actions.xlsx?{query}"),
        (t(HEADING), f"openapi?lang={lang}"),
    )
    links = "".join(f'<li><a href="{address}">{escape(label)}</a></li>' for label, address in ways)
    charts = "".join(_draw_charts(snapshot, selection))
    languages = "".join(_list_languages(selection, snapshot.languages))
    return (
        f'<!doctype html><html {write_attributes(lang)}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{_write_head(snapshot, selection, base_url)}'
        f"<style>{_style()}</style></head><body><main>"
        f'<nav aria-label="{escape(t(N_("Language")))}"><ul>{languages}</ul></nav>'
        f'<h1>{title}</h1>{sample}<p class="note">{escape(words)}</p>'
        f'<ul class="charts">{charts}</ul><nav aria-label="{escape(t(N_("More")))}"><ul>{links}</ul></nav>'
        f"</main></body></html>\n"
    )


def _write_head(snapshot: Snapshot, selection: Selection, base_url: str) -> str:
    """The title of the list, and what other sites show of it: the finding and the picture of its first chart."""
    t, lang = translator(selection.lang), selection.lang
    stated = attribute(snapshot.campaign, lang)
    site = stated.campaign
    first = ChartRequest(next(iter(CATALOGUE)), "html", selection, snapshot.build_id)
    chart = build_chart(snapshot, first.chart_id, selection)
    addresses: dict[str, str] = {
        code: f"{base_url}/charts?{replace(selection, lang=code).query_string()}" for code in snapshot.languages
    }
    query = urlencode([pair for pair in selection.query_pairs() if pair[0] != "lang"])
    preview = Preview(
        title=t(N_("Charts")),
        description=say_finding(chart),
        site=site,
        lang=lang,
        canonical=addresses[lang],
        languages=addresses | {DEFAULT: f"{base_url}/charts{query and f'?{query}'}"},
        picture=first.address(base_url, "png", size="social"),
        picture_alt=chart.alt,
        author=stated.publisher,
        licence=stated.licence_url,
    )
    return f"<title>{escape(name_page(preview.title, site))}</title>{write_tags(preview)}"


@cache
def write_policy() -> str:
    """What the page may load, as a content policy: its own style and this server's font."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; font-src 'self'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return font_face() + embed_page.STYLE + OWN_STYLE + "".join(page_style_sheet(kind) for kind in get_args(Kind))


def _list_languages(selection: Selection, languages: Sequence[str]) -> Iterator[str]:
    for lang in languages:
        name = escape(name_language(lang))
        if lang == selection.lang:
            yield f'<li><b aria-current="true">{name}</b></li>'
        else:
            query = escape(replace(selection, lang=lang).query_string())
            yield f'<li><a href="charts?{query}" lang="{lang}" hreflang="{lang}">{name}</a></li>'


def _draw_charts(snapshot: Snapshot, selection: Selection) -> Iterator[str]:
    for chart_id in CATALOGUE:
        request = ChartRequest(chart_id, "html", selection, snapshot.build_id)
        chart = build_chart(snapshot, chart_id, selection)
        addresses = {name: escape(f"charts/{request.name(name)}?{request.query(name)}") for name in ("html", *FILES)}
        files = ", ".join(f'<a href="{addresses[name]}">{name.upper()}</a>' for name in FILES)
        yield (
            f'<li><h2><a href="{addresses["html"]}">{escape(chart.title)}</a></h2>'
            f"<p>{escape(chart.caption.finding)}</p><div>{draw_on_page(chart, NARROW)}</div>"
            f'<p class="note">{files}</p></li>'
        )
