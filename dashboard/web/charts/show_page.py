"""A screen for a hall: chosen charts in turn, as large as the screen, over the campaign's clock; without Streamlit.

The page is whole as HTML. Its own small script (`show_page.js`) turns the charts, asks for the published build, and
reloads the page when it is another one; while the server is away it goes on with its present content.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from dashboard.campaign.brand import Look, read_look
from dashboard.charts import clock
from dashboard.charts.chart import Chart, build_chart
from dashboard.charts.options import (
    ALL_PARAMETERS,
    find_id,
    name_charts,
    read_choices,
    write_choices,
)
from dashboard.charts.sides import COMPARED
from dashboard.charts.svg.draw import draw_screen
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.errors import SelectionError
from dashboard.files.briefings.order import MOST_CHARTS, Item, apply_choices
from dashboard.i18n import N_, translator
from dashboard.languages import write_attributes
from dashboard.measures.counts import headline
from dashboard.snapshot.attribution import attribute
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse
from dashboard.snapshot.selection_words import entitle
from dashboard.web import latest_build
from dashboard.web.charts.requests import ChartRequest
from dashboard.web.head_tags import DEFAULT, LONGEST_TITLE, Preview, say_key_messages, write_tags
from dashboard.web.http import hash_source
from dashboard.web.static import font_face

CHARTS = tuple(
    Item(i) for i in ("completion-over-time", "completion-by-region", "status-overview", "completion-by-theme")
)
"""The charts where the address names none."""

SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 5, 600
SCHEMES = ("dark", "light")
PARAMETERS = ("chart", "seconds", "scheme", *ALL_PARAMETERS)
STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").replace("\n", "")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Show:
    """The content of a screen: charts in their order, each for so many seconds, in one of `SCHEMES`."""

    charts: tuple[Item, ...]
    seconds: int
    scheme: str
    selection: Selection


def read_show(query: Mapping[str, Sequence[str]], snapshot: Snapshot) -> Show:
    """Read the screen of an address.

    Raises:
        SelectionError: a parameter is unknown, or a value is none of the allowed ones.
    """
    selection = parse(query, snapshot, (*PARAMETERS, *VERSUS)).in_order()
    charts = _read_charts(query, selection)
    if len(charts) > MOST_CHARTS:
        raise SelectionError("Too many charts.", "chart", (f"at most {MOST_CHARTS} charts",), str(len(charts)))
    scheme = (query.get("scheme") or ("",))[-1] or SCHEMES[0]
    if scheme not in SCHEMES:
        raise SelectionError(f"scheme={scheme!r} is not available.", "scheme", SCHEMES, scheme)
    seconds = _read_seconds((query.get("seconds") or ("",))[-1])
    return Show(charts, seconds, scheme, selection)


def _read_charts(query: Mapping[str, Sequence[str]], selection: Selection) -> tuple[Item, ...]:
    """Read the charts of an address, each with its choices."""
    usual = [item.chart_id for item in CHARTS if not selection.versus or item.chart_id in COMPARED]
    names = list(dict.fromkeys(name for name in query.get("chart", ()) if name)) or usual
    items = {name: Item(find_id(name)) for name in names}
    chosen, faults = apply_choices(items, read_choices(query), selection)
    if faults:
        raise faults[0]
    return tuple(chosen.values())


def write_query(show: Show) -> list[tuple[str, str]]:
    """Write the address's parameters, in a fixed order; leave out defaults."""
    names = name_charts(item.chart_id for item in show.charts)
    is_usual = [item.chart_id for item in show.charts] == [item.chart_id for item in CHARTS]
    pairs = [("chart", name) for name in names if not is_usual]
    pairs += write_choices({n: item.options.query_pairs() for n, item in zip(names, show.charts, strict=True)}).items()
    if show.seconds != SECONDS:
        pairs.append(("seconds", str(show.seconds)))
    if show.scheme != SCHEMES[0]:
        pairs.append(("scheme", show.scheme))
    return [*pairs, *show.selection.query_pairs()]


def draw_show(snapshot: Snapshot, show: Show, today: date, base_url: str = "") -> str:
    """Draw the HTML of the screen.

    While the campaign runs, the clock shows `today`; before and after it, the day of the figures.
    """
    selection, campaign = show.selection, snapshot.campaign
    t, lang, look = translator(selection.lang), selection.lang, read_look(snapshot.path.parent.parent)
    title = escape(str(campaign[f"title_{lang}"]))
    charts = [build_chart(snapshot, item.chart_id, selection, item.options) for item in show.charts]
    slides = "".join(
        f'<section class="slide" aria-label="{escape(chart.caption.full_title)}">{draw_screen(chart)}</section>'
        for chart in charts
    )
    day = selection.as_of or (today if clock.is_running(campaign, today) else selection.day(snapshot))
    totals = headline(snapshot, replace(selection, as_of=day))
    elapsed = escape(t(N_("Time elapsed")))
    data = {"seconds": str(show.seconds), "build": "" if selection.build else snapshot.build_id}
    data |= {"latest": latest_build.PATH.removeprefix("/"), "words": json.dumps({"lost": t(_LOST), "play": t(_PLAY)})}
    head = _write_head(snapshot, show, charts[0], base_url)
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    return (
        f'<!doctype html><html {write_attributes(lang)} class="{show.scheme}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{head}'
        f"<style>{_style(look)}</style></head><body {attributes}><main><h1>{title}</h1>{slides}</main>"
        f'<footer>{look.draw_logo(lang)}<div id="clock"><b>{escape(clock.say_day(t, totals))}</b>'
        f'<progress max="{totals.days_total}" value="{totals.day_number}" aria-label="{elapsed}"></progress>'
        f"<span>{escape(clock.say_deadline(t, totals, campaign))}</span></div>"
        f'<p role="status"></p><div id="buttons" hidden>{_draw_buttons(lang)}</div></footer>'
        f"<script>{SCRIPT}</script></body></html>\n"
    )


def _write_head(snapshot: Snapshot, show: Show, first: Chart, base_url: str) -> str:
    """Write the screen's title, and its preview for other sites: the finding and the picture of its first chart."""
    attribution = attribute(first.campaign, first.lang)

    def write(lang: str) -> str:
        pairs = write_query(replace(show, selection=replace(show.selection, lang=lang)))
        query = urlencode([pair for pair in pairs if pair != ("lang", "")])
        return f"{base_url}/show{query and f'?{query}'}"

    request = ChartRequest(
        show.charts[0].chart_id, "html", show.selection, snapshot.build_id, options=show.charts[0].options
    )
    title = entitle(attribution.campaign, first.caption.place_and_day, LONGEST_TITLE)
    preview = Preview(
        title=title,
        description=say_key_messages(first),
        site=attribution.campaign,
        lang=first.lang,
        canonical=write(first.lang),
        languages={lang: write(lang) for lang in snapshot.languages} | {DEFAULT: write("")},
        picture=request.address(base_url, "png", size="social"),
        picture_alt=first.alt,
        author=attribution.publisher,
        licence=attribution.licence_url,
    )
    return f"<title>{escape(title)}</title>{write_tags(preview)}"


_LOST = N_("The server does not answer; these are the last figures.")
_PLAY = N_("Continue")
_BUTTONS = {
    "back": ("←", N_("Previous chart")),
    "pause": ("❚❚", N_("Stop here")),
    "next": ("→", N_("Next chart")),
    "full": ("⤢", N_("Full screen")),
}


def _draw_buttons(lang: str) -> str:
    t = translator(lang)
    return "".join(
        f'<button type="button" id="{name}" aria-label="{escape(t(label))}" title="{escape(t(label))}">{sign}</button>'
        for name, (sign, label) in _BUTTONS.items()
    )


def write_policy(look: Look) -> str:
    """Write the page's content policy: its own style and script, and the answers of this server."""
    style, script = hash_source(_style(look)), hash_source(SCRIPT)
    logo = "img-src data:; " if look.logo else ""
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; {logo}connect-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'"
    )


def _style(look: Look) -> str:
    """Return the style sheet; the publisher's look stands at the clock, for charts fill the rest."""
    colours = f":root{{--bar:{look.colour}}}:root.dark{{--bar:{look.on_dark}}}" if look.colour else ""
    line = f"footer{{border-top:6px solid {look.accent}}}" if look.accent else ""
    logo = ".logo{height:6vh;max-width:20vw;object-fit:contain;background:#fff}" if look.logo else ""
    return f"{_write_style()}{colours}{line}{logo}"


@cache
def _write_style() -> str:
    return font_face() + STYLE + page_style_sheet()


def _read_seconds(text: str) -> int:
    if not text:
        return SECONDS
    if not text.isascii() or not text.isdigit() or not LEAST_SECONDS <= int(text[:9]) <= MOST_SECONDS:
        allowed = (f"{LEAST_SECONDS}–{MOST_SECONDS}",)
        raise SelectionError(f"seconds={text!r} is not available.", "seconds", allowed, text)
    return int(text)
