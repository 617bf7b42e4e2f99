"""Commands that write files to hand out: `chart`, `extract`, `briefing` and `publish-public`.

Drawers of charts, decks and pages are loaded when needed: other commands do not wait for them.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlsplit

import typer

from dashboard.command_line import JsonOption
from dashboard.commands.console import (
    NO_FILTERS,
    Campaign,
    Filters,
    find_settings,
    open_campaign,
    print_done,
    read_query,
    refusals,
    takes_filters,
    warn_of_address,
    write_in_place,
)
from dashboard.errors import SelectionError, UserError
from dashboard.files.extracts import order
from dashboard.files.extracts.choice import FORMATS, Choice, read_file
from dashboard.files.extracts.table_files import write_alone
from dashboard.ground import page_addresses
from dashboard.ground.base_urls import is_local, is_whole, portable
from dashboard.ground.files import csv_styles
from dashboard.settings import FIELDS, Settings
from dashboard.snapshot import selection

Csv = Annotated[
    str | None,
    typer.Option(metavar="|".join(csv_styles.STYLES), help="CSV with commas, or semicolons and decimal commas."),
]

ENDINGS = ("html", "svg", "png", "csv", "json", "metadata.json", "pptx", "pdf", "xlsx")
"""The forms of a chart, those of `dashboard.web.charts.requests`; loading that would keep other commands waiting."""

_WIDTH = 30
"""Characters of the bar on a terminal."""


@takes_filters(compares=True)
def chart(
    chart_id: Annotated[str, typer.Argument(metavar="ID", help="The chart, such as completion-by-region.")],
    to: Annotated[Path, typer.Option(metavar="FILE", help=f"File to write: .{', .'.join(ENDINGS)}.")],
    campaign: Campaign = None,
    size: Annotated[str | None, typer.Option(help="Size of a picture: slide, social, square, column.")] = None,
    scale: Annotated[
        str | None, typer.Option(metavar="1|2|print", help="Pixels of a .png for each of its size; 300 dpi at 17 cm.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="A title of your own.")] = None,
    peers: Annotated[bool, typer.Option("--peers", help="Keep members that are not chosen, in grey.")] = False,
    expected: Annotated[
        bool, typer.Option("--expected", help="Let completion-over-time go on to the deadline, by what is expected.")
    ] = False,
    measure: Annotated[
        str | None, typer.Option(help="Show: completion, reporting, on_time, pace, completions.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Of the chart explore: the dimension.")] = None,
    second: Annotated[str | None, typer.Option("--and", help="Of the chart explore: a second dimension.")] = None,
    form: Annotated[
        str | None, typer.Option("--as", help="Of explore: bars, grid, curve, multiples, map, tiles, table.")
    ] = None,
    question: Annotated[str | None, typer.Option(help="Of the chart survey-answers: the question's code.")] = None,
    wave: Annotated[str | None, typer.Option(help="Of survey-answers: a wave, or each beside the others.")] = None,
    indicator: Annotated[
        str | None, typer.Option(help="Of promised numbers: what is added up; else the figure beside completion.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Of promised numbers: the unit, where there are several.")] = None,
    sort: Annotated[str | None, typer.Option(help="Sort by: rate, pace, reporting, actions, name, codelist.")] = None,
    filters: Filters = NO_FILTERS,
    csv: Csv = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the chart.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write one chart of a selection as picture, page, slide, PDF, workbook, data or description."""
    single = {"lang": lang, "size": size, "scale": scale, "title": title, "csv": csv}
    single |= {"sort": sort, "measure": measure, "peers": "1" if peers else None}
    single |= {"expected": "yes" if expected else None}
    single |= {"by": by, "and": second, "as": form, "question": question, "wave": wave}
    single |= {"indicator": indicator, "unit": unit}
    # Here, so that other commands do not wait for the drawing libraries.
    from dashboard.charts.options import find_spec
    from dashboard.web.charts import making
    from dashboard.web.charts.requests import read

    with refusals(as_json):
        find_spec(chart_id)
        file_format = _read_ending(to)
        settings, published = open_campaign(campaign)
        if file_format not in ("csv", "json"):
            warn_of_address(settings)
        settings = settings.model_copy(update={"base_url": portable(settings.base_url)})
        request = read(chart_id, file_format, read_query(filters, single), published)
        if file_format == "html":
            content = making.draw_single(published, request, settings)
        else:
            content = making.make(published, request, settings)
        write_in_place(to, lambda path: path.write_bytes(content))
        print_done(f"{to}: {len(content)} bytes.", as_json, published, file=to, bytes=len(content))


def _read_ending(to: Path) -> str:
    endings = [ending for ending in ENDINGS if to.name.lower().endswith(f".{ending}")]
    if not endings:
        allowed = tuple(f".{ending}" for ending in ENDINGS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    return max(endings, key=len)  # .metadata.json ends in .json too


@takes_filters()
def extract(
    campaign: Campaign = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="File to write (.xlsx, .csv, .parquet, .json, .zip, .xml); default: named here."
        ),
    ] = None,
    table: Annotated[str | None, typer.Option(metavar="TABLE", help="Table to write; default: actions.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option(metavar="NAMES", help="Columns, in this order; with commas, or repeated.")
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TABLES", help="Further tables as sheets of .xlsx; those of .zip. With commas, or repeated."
        ),
    ] = None,
    filters: Filters = NO_FILTERS,
    csv: Csv = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the labels.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the register of actions or another table, filtered, to a file."""
    with refusals(as_json):
        choice = _read_choice(to, table, columns or (), include or (), csv)
        settings, published = open_campaign(campaign)
        chosen = selection.parse(read_query(filters, {"lang": lang}), published)
        target = to or Path(order.name_extract(published, chosen, choice))
        rows = write_in_place(target, lambda path: write_alone(published, chosen, choice, path, settings.base_url))
        is_of_actions = choice.file_format == "xml" or (choice.file_format != "zip" and choice.tables() == ("actions",))
        unit = "actions" if is_of_actions else "rows"
        print_done(f"{target}: {rows} {unit}.", as_json, published, file=target, rows=rows)


def _read_choice(
    to: Path | None, table: str | None, columns: Sequence[str], include: Sequence[str], csv: str | None
) -> Choice:
    """Check what to write, before anything is opened.

    Raises:
        SelectionError: there is no such table, format, column or CSV, or they do not go together.
    """
    file = Choice(table or Choice.table, "xlsx" if to is None else to.suffix.lower().lstrip("."))
    if file.file_format not in FORMATS:
        allowed = tuple(f".{name}" for name in FORMATS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    if table and file.file_format == "zip":
        raise SelectionError(
            "A ZIP holds every table, or those of --include; --table does not go with it.", "to", (".csv", ".xlsx")
        )
    if table and file.file_format == "xml":
        raise SelectionError("An IATI file holds the actions; --table does not go with it.", "to", (".csv", ".xlsx"))
    return read_file(file, {"columns": columns, "include": include, csv_styles.PARAMETER: [csv or ""]})


@takes_filters(compares=True)
def briefing(
    to: Annotated[Path, typer.Option(metavar="FILE", help="File to write: .pptx, .docx, .pdf, .html, .xlsx, .zip.")],
    charts: Annotated[
        list[str] | None,
        typer.Option(
            "--chart", metavar="ID[:TITLE]", help="A chart or text~:WORDS, in order; repeated. Default: five."
        ),
    ] = None,
    link: Annotated[
        str, typer.Option(metavar="URL", help="The link of the page Briefing; other options change what it says.")
    ] = "",
    saved: Annotated[
        str, typer.Option(metavar="NAME", help="A saved briefing, as its link names it; other options change it.")
    ] = "",
    title: Annotated[str | None, typer.Option(help="The briefing's own title; default: the campaign's.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A .potx, .pptx, .dotx or .docx for the design; default: the campaign's."),
    ] = None,
    size: Annotated[str | None, typer.Option(help="Of pictures in a .zip: slide, social, square, column.")] = None,
    notes: Annotated[bool, typer.Option("--with-notes", help="Give a .docx the talking points as well.")] = False,
    campaign: Campaign = None,
    filters: Filters = NO_FILTERS,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the briefing.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a briefing of several charts, as the page Briefing does, with the newest figures."""
    single = {
        "lang": lang,
        "heading": title,
        "size": size,
        "charts": _join(charts),
        "with_notes": "1" if notes else None,
    }
    with refusals(as_json):
        _write_briefing(campaign, to, template, link, saved, read_query(filters, single), as_json)


def _read_link(link: str) -> dict[str, list[str]]:
    """Read the parameters of a link of the page Briefing, of today or of former times."""
    _, pairs = page_addresses.read(page_addresses.find_page("briefing"), parse_qsl(urlsplit(link).query))
    query: dict[str, list[str]] = {}
    for name, value in pairs:
        query.setdefault(name, []).append(value)
    return query


def _join(charts: list[str] | None) -> str | None:
    """Join charts into one parameter of a link; the same chart may be there twice with other titles."""
    if not charts:
        return None
    from dashboard.charts.options import name_charts

    parts = [chart.partition(":") for chart in charts]
    names = name_charts(chart_id for chart_id, _, _ in parts)
    titles = (quote(title, safe="") for _, _, title in parts)
    return ",".join(f"{name}:{title}" if title else name for name, title in zip(names, titles, strict=True))


def _write_briefing(
    campaign: Path | None,
    to: Path,
    template: Path | None,
    link: str,
    saved: str,
    options: dict[str, list[str]],
    as_json: bool,
) -> None:
    from dashboard.files.briefings.order import BRIEFING_FORMATS, find_templates, read_briefing
    from dashboard.files.briefings.pack import write_request
    from dashboard.files.briefings.saved import PARAMETER, expand
    from dashboard.ground.processes.progress import tell_to
    from dashboard.snapshot import kept_builds

    file_format = to.suffix.lower().lstrip(".")
    if file_format not in BRIEFING_FORMATS:
        allowed = tuple(f".{name}" for name in BRIEFING_FORMATS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    designs = {} if template is None else _check_template(template, file_format)
    settings = _lead_to(find_settings(campaign), link)
    warn_of_address(settings)
    linked = _read_link(link) | ({PARAMETER: [saved]} if saved else {})
    query = expand(settings.campaign, linked, is_staff=True) | options
    snapshot = kept_builds.find(settings, query)
    request = read_briefing(query, snapshot)
    templates = find_templates(settings.campaign) | designs

    def write(path: Path) -> tuple[str, ...]:  # this process serves nobody else, so it needs no worker
        return write_request(snapshot, request, file_format, path, settings.base_url, templates).doubtful

    is_shown = sys.stderr.isatty()
    if is_shown:
        tell_to(_show_progress)
    try:
        doubtful = write_in_place(to, write)
    finally:
        if is_shown:
            print(file=sys.stderr)  # the next message begins a line
    if doubtful:
        print(f"Not in these figures, but in your words: {', '.join(doubtful)}.", file=sys.stderr)
    charts = len({(item.chart_id, item.options) for item in request.items if item.chart_id})
    size = to.stat().st_size
    done = {"file": to, "charts": charts, "bytes": size, "doubtful": list(doubtful)}
    print_done(f"{to}: {charts} charts, {size} bytes.", as_json, snapshot, **done)


def _lead_to(settings: Settings, link: str) -> Settings:
    """Return the settings with the dashboard for links: that of the page's link, where others cannot open theirs."""
    if is_local(settings.base_url) and is_whole(link):
        base = link.partition("?")[0].rstrip("/")
        for name in (page_addresses.find_page("briefing"), "briefing"):
            base = base.removesuffix(f"/{name}")
        return settings.model_copy(update={"base_url": base})
    return settings


def _check_template(template: Path, file_format: str) -> dict[str, Path]:
    """Say so before the work begins where a template cannot be used; return it by the format that it is for."""
    from dashboard.files.briefings.design.word_template import open_document_template
    from dashboard.files.briefings.order import tell_template
    from dashboard.files.briefings.slides.templates import open_template

    kind = tell_template(template)
    if file_format not in (kind, "zip"):
        raise SelectionError(f"This template does not go with .{file_format}.", "to", (f".{kind}", ".zip"))
    if not template.is_file():
        allowed = ("a .potx, .pptx, .dotx or .docx file",)
        raise SelectionError(f"There is no template {template}.", "template", allowed, str(template))
    try:
        (open_template if kind == "pptx" else open_document_template)(template)
    except UserError as error:
        program = "PowerPoint presentation" if kind == "pptx" else "Word document"
        raise UserError(
            f"The template {template} cannot be read as a {program}.",
            f"Save it again as a {program} (.{kind}) without a password.",
        ) from error
    return {kind: template}


def _show_progress(share: float) -> None:
    """Draw a bar in one line of the terminal."""
    done = round(share * _WIDTH)
    print(f"\r[{'#' * done}{' ' * (_WIDTH - done)}] {share:4.0%}", end="", file=sys.stderr, flush=True)


def publish_public(
    to: Annotated[
        str,
        typer.Argument(metavar="DIR|URL", help="Folder or object store (s3://…); only its own files are replaced."),
    ],
    campaign: Campaign = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address under which a web server will show the folder.")
    ] = "",
    langs: Annotated[
        list[str] | None, typer.Option(metavar="LANGS", help="Languages, with commas or repeated; default: all.")
    ] = None,
    charts_only: Annotated[bool, typer.Option("--charts-only", help="Leave out the open tables.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="Write a few files to show and to copy, which need no server.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write charts, open tables, feeds and their lists as files for a plain web server."""
    from rich.console import Console

    from dashboard.web.public_files import publishing
    from dashboard.web.public_files.demo import DemoSide
    from dashboard.web.public_files.files_of_build import PublicSide

    with refusals(as_json):
        settings, published = open_campaign(campaign)
        languages = [code.strip() for value in langs or () for code in value.split(",") if code.strip()]
        for code in languages:
            if code not in published.languages:
                raise SelectionError(f"--langs {code!r} is not a language here.", "langs", published.languages, code)
        chosen = list(dict.fromkeys(languages)) or list(published.languages)
        base_url = base_url.rstrip("/")
        if demo:
            side: PublicSide = DemoSide(
                published, chosen, settings.model_copy(update={"base_url": FIELDS["DASHBOARD_BASE_URL"].default})
            )
        else:
            _say_where(settings, base_url)
            side = PublicSide(published, chosen, settings, base_url, has_data=not charts_only)
        with Console(stderr=True).status("Drawing …") as status:
            done = publishing.publish(
                side, publishing.open_place(to, settings), lambda files: status.update(f"{files} files drawn …")
            )
        sentences = [f"{to}: {done.files} files, {done.changed} of them new or changed, {done.removed} removed."]
        sentences += (
            f"Build {build} is no longer there: a person has been erased since, and it could not be looked through."
            for build in done.erased
        )
        counts = {"files": done.files, "written": done.changed, "removed": done.removed, "erased": done.erased}
        print_done("\n".join(sentences), as_json, published, to=to, **counts)


def _say_where(settings: Settings, base_url: str) -> None:
    """Say on stderr where links lead, where the settings name no dashboard that others can open."""
    if not is_local(settings.base_url):
        return
    warn_of_address(settings)
    if base_url:
        print(f"Other links lead to the files below {base_url}.", file=sys.stderr)
    else:
        print("Links between the files are relative; pictures have none. State --base-url.", file=sys.stderr)
