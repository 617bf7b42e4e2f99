"""The list of charts as a page for people: complete as HTML, without a script, a cookie or Streamlit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from dashboard import formats
from dashboard.campaign.brand import read_look
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart, list_beside
from dashboard.charts.svg.draw import draw_on_page
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.i18n import N_, translator
from dashboard.languages import name_language, write_attributes
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.selection_words import describe, entitle
from dashboard.web.charts.embed_page import allow_look, write_styles
from dashboard.web.charts.page_height import NARROW
from dashboard.web.charts.requests import ChartRequest
from dashboard.web.charts.words_font import write_face
from dashboard.web.head_tags import DEFAULT, LONGEST_TITLE, Preview, name_page, say_key_messages, write_tags
from dashboard.web.http import hash_source
from dashboard.web.operation import HEADING
from dashboard.web.static import LIGHT_STYLE, font_face

OWN_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
FILES = ("png", "svg", "csv")


@dataclass(frozen=True)
class IndexLinks:
    """The links of the list, as seen from its own place.

    Attributes:
        more_links: The links below the charts: label in English, and address.
        alternates: The whole addresses of the list by language, and by `DEFAULT`, for other sites.
        picture: The whole address of the picture for other sites.
        fonts: The folder of the embeds' font; without it the list has the server's own.
        policy: Whether the page states its own content policy, since a plain web server will not.
        charts: The ids of the charts, where they are not all.
        before, after: HTML before the charts and behind them.
    """

    chart: Callable[[ChartRequest, str], str]
    languages: Mapping[str, str]
    more_links: Sequence[tuple[str, str]]
    alternates: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""
    fonts: str = ""
    policy: bool = False
    charts: Sequence[str] = ()
    before: str = ""
    after: str = ""


def link_served(snapshot: Snapshot, selection: Selection, base_url: str) -> IndexLinks:
    """Return the links of the list that the server answers at `/charts`."""
    query = selection.query_string()
    languages = {code: f"charts?{replace(selection, lang=code).query_string()}" for code in snapshot.languages}
    plain = urlencode([pair for pair in selection.query_pairs() if pair[0] != "lang"])
    first = ChartRequest(next(iter(CATALOGUE)), "html", selection, snapshot.build_id)
    return IndexLinks(
        chart=lambda request, form: f"charts/{request.name(form)}?{request.query(form)}",
        languages=languages,
        more_links=(
            (N_("Open the dashboard"), f"./?{query}"),
            (N_("The actions as Excel"), f"extracts/actions.xlsx?{query}"),
            (HEADING, f"openapi?lang={selection.lang}"),
        ),
        alternates={code: f"{base_url}/{address}" for code, address in languages.items()}
        | {DEFAULT: f"{base_url}/charts{plain and f'?{plain}'}"},
        picture=first.address(base_url, "png", size="social"),
    )


def draw_index(snapshot: Snapshot, selection: Selection, to: IndexLinks) -> str:
    """Draw the HTML of the list: every chart of the selection, in the selection's language."""
    t, lang, look = translator(selection.lang), selection.lang, read_look(snapshot.path.parent.parent)
    title = escape(str(snapshot.campaign[f"title_{lang}"]))
    words = " · ".join(
        t(N_("{name}: {value}"), name=name, value=value)
        for name, value in describe(selection, snapshot, t, lambda day: formats.format_date(day, lang))
    )
    sample = f'<p class="sample">{escape(t(N_("The data is fictional.")))}</p>' if snapshot.is_sample else ""
    links = "".join(f'<li><a href="{escape(address)}">{escape(t(label))}</a></li>' for label, address in to.more_links)
    charts = "".join(_draw_charts(snapshot, selection, to))
    languages = "".join(_list_languages(lang, to))
    policy = (
        f'<meta http-equiv="Content-Security-Policy" content="{escape(write_policy(to.fonts, look.styles))}">'
        if to.policy
        else ""
    )
    return (
        f'<!doctype html><html {write_attributes(lang)}><head><meta charset="utf-8">{policy}'
        f'<meta name="viewport" content="width=device-width">{_write_head(snapshot, selection, to)}'
        f"<style>{_style(to.fonts)}</style>{write_styles(look)}</head><body><main>{look.draw_logo(lang)}"
        f'<nav aria-label="{escape(t(N_("Language")))}"><ul>{languages}</ul></nav>'
        f'<h1>{title}</h1>{sample}<p class="note">{escape(words)}</p>{to.before}'
        f'<ul class="charts">{charts}</ul>{to.after}<nav aria-label="{escape(t(N_("More")))}"><ul>{links}</ul></nav>'
        f"</main></body></html>\n"
    )


def _write_head(snapshot: Snapshot, selection: Selection, to: IndexLinks) -> str:
    """Write the title of the list, and its preview for other sites: the finding and the picture of its first chart."""
    t, lang = translator(selection.lang), selection.lang
    attribution = attribute(snapshot.campaign, lang)
    site = attribution.campaign
    chart = build_chart(snapshot, next(iter(CATALOGUE)), selection)
    preview = Preview(
        title=entitle(t(N_("Charts")), chart.caption.place_and_day, LONGEST_TITLE),
        description=say_key_messages(chart),
        site=site,
        lang=lang,
        canonical=to.alternates.get(lang, ""),
        languages=to.alternates,
        picture=to.picture,
        picture_alt=chart.alt,
        author=attribution.publisher,
        licence=attribution.licence_url,
    )
    return f"<title>{escape(name_page(preview.title, site))}</title>{write_tags(preview)}"


@cache
def write_policy(fonts: str = "", look: str = "") -> str:
    """Write the page's content policy: its own style, the publisher's and its font."""
    style = f"style-src {hash_source(_style(fonts))}{allow_look(look)}"
    return f"default-src 'none'; {style}; font-src 'self'; base-uri 'none'; form-action 'none'"


@cache
def _style(fonts: str = "") -> str:
    face = write_face(fonts) if fonts else font_face()
    return face + LIGHT_STYLE + OWN_STYLE + page_style_sheet()


def _list_languages(lang: str, to: IndexLinks) -> Iterator[str]:
    for code, address in to.languages.items():
        name = escape(name_language(code))
        if code == lang:
            yield f'<li><b aria-current="true">{name}</b></li>'
        else:
            yield f'<li><a href="{escape(address)}" lang="{code}" hreflang="{code}">{name}</a></li>'


def _draw_charts(snapshot: Snapshot, selection: Selection, to: IndexLinks) -> Iterator[str]:
    for chart_id in to.charts or (*CATALOGUE, *list_beside(snapshot, selection)):
        request = ChartRequest(chart_id, "html", selection, snapshot.build_id)
        chart = build_chart(snapshot, chart_id, selection)
        addresses = {name: escape(to.chart(request, name)) for name in ("html", *FILES)}
        files = ", ".join(f'<a href="{addresses[name]}">{name.upper()}</a>' for name in FILES)
        yield (
            f'<li><h2><a href="{addresses["html"]}">{escape(chart.title)}</a></h2>'
            f"<p>{escape(chart.caption.finding)}</p><div>{draw_on_page(chart, NARROW)}</div>"
            f'<p class="note">{files}</p></li>'
        )
