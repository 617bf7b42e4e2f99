"""`python -m dashboard briefing`: a deck, PDF, document, workbook or ZIP as on the page Briefing, for a scheduler.

What writes it is loaded when it is needed: other commands do not wait for it.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import parse_qsl, quote, urlsplit

import typer

from dashboard.command_line import JsonOption
from dashboard.commands.console import (
    NO_FILTERS,
    Campaign,
    Filters,
    find_settings,
    print_done,
    read_query,
    refusals,
    takes_filters,
    warn_of_address,
    write_in_place,
)
from dashboard.errors import SelectionError, UserError
from dashboard.ground import page_addresses
from dashboard.ground.base_urls import is_local, is_whole

if TYPE_CHECKING:
    from dashboard.settings import Settings

WITH_DECK = ("pptx", "zip")
"""The formats that hold slides."""

_WIDTH = 30
"""Characters of the bar on a terminal."""


@takes_filters(compares=True)
def briefing(
    to: Annotated[Path, typer.Option(metavar="FILE", help="File to write: .pptx, .pdf, .html, .xlsx, .zip.")],
    charts: Annotated[
        list[str] | None,
        typer.Option("--chart", metavar="ID[:TITLE]", help="A chart, in this order; repeated. Default: five."),
    ] = None,
    link: Annotated[
        str, typer.Option(metavar="URL", help="The link of the page Briefing; other options change what it says.")
    ] = "",
    title: Annotated[str | None, typer.Option(help="The briefing's own title; default: the campaign's.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A .potx or .pptx whose design is used; default: the campaign's."),
    ] = None,
    size: Annotated[str | None, typer.Option(help="Of pictures in a .zip: slide, social, square, column.")] = None,
    campaign: Campaign = None,
    filters: Filters = NO_FILTERS,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the briefing.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a briefing of several charts, as the page Briefing does, with the newest figures."""
    single = {"lang": lang, "heading": title, "size": size, "charts": _join(charts)}
    with refusals(as_json):
        _write(campaign, to, template, link, _read_link(link) | read_query(filters, single), as_json)


def _read_link(link: str) -> dict[str, list[str]]:
    """The parameters of a link of the page Briefing, of today or of former times."""
    _, pairs = page_addresses.read(page_addresses.find_page("briefing"), parse_qsl(urlsplit(link).query))
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


def _join(charts: list[str] | None) -> str | None:
    """Charts as one parameter of a link; the same chart may be there twice with other titles."""
    if not charts:
        return None
    from dashboard.charts.options import name_charts

    parts = [chart.partition(":") for chart in charts]
    names = name_charts(chart_id for chart_id, _, _ in parts)
    titles = (quote(title, safe="") for _, _, title in parts)
    return ",".join(f"{name}:{title}" if title else name for name, title in zip(names, titles, strict=True))


def _write(
    campaign: Path | None, to: Path, template: Path | None, link: str, query: dict[str, list[str]], as_json: bool
) -> None:
    from dashboard.briefings.order import BRIEFING_FORMATS, find_template, read_briefing
    from dashboard.briefings.pack import write_request
    from dashboard.processes.progress import tell_to
    from dashboard.snapshot import kept_builds

    file_format = to.suffix.lower().lstrip(".")
    if file_format not in BRIEFING_FORMATS:
        allowed = tuple(f".{name}" for name in BRIEFING_FORMATS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    if template is not None:
        _check_template(template, file_format)
    settings = _lead_to(find_settings(campaign), link)
    warn_of_address(settings)
    snapshot = kept_builds.find(settings, query)
    request = read_briefing(query, snapshot)
    design = template or find_template(settings.campaign)

    def write(path: Path) -> int:  # this process serves nobody else, so it needs no worker
        write_request(snapshot, request, file_format, path, settings.base_url, design)
        return path.stat().st_size

    is_shown = sys.stderr.isatty()
    if is_shown:
        tell_to(_show_progress)
    try:
        size = write_in_place(to, write)
    finally:
        if is_shown:
            print(file=sys.stderr)  # what is said next begins a line
    sentence = f"{to}: {len(request.charts)} charts, {size} bytes."
    print_done(sentence, as_json, snapshot, file=to, charts=len(request.charts), bytes=size)


def _lead_to(settings: "Settings", link: str) -> "Settings":
    """The settings with the dashboard that links lead to: where others cannot open theirs, that of the page's link."""
    if is_local(settings.base_url) and is_whole(link):
        base = link.partition("?")[0].rstrip("/")
        for name in (page_addresses.find_page("briefing"), "briefing"):
            base = base.removesuffix(f"/{name}")
        return settings.model_copy(update={"base_url": base})
    return settings


def _check_template(template: Path, file_format: str) -> None:
    """Say so before the work begins where a template cannot be used."""
    if file_format not in WITH_DECK:
        raise SelectionError(f"A template does not go with .{file_format}.", "to", tuple(f".{f}" for f in WITH_DECK))
    if not template.is_file():
        raise SelectionError(f"There is no template {template}.", "template", ("a .potx or .pptx file",), str(template))
    from dashboard.briefings.slides.templates import open_template

    try:
        open_template(template)
    except UserError as error:
        raise UserError(
            f"The template {template} cannot be read as a PowerPoint presentation.",
            "Open it in PowerPoint and save it as a presentation (.pptx) without a password.",
        ) from error


def _show_progress(share: float) -> None:
    """A bar in one line of the terminal."""
    done = round(share * _WIDTH)
    print(f"\r[{'#' * done}{' ' * (_WIDTH - done)}] {share:4.0%}", end="", file=sys.stderr, flush=True)
