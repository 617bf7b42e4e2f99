"""The command line of the dashboard: some commands write files, `newsletter` and `silent` send mails."""

if __name__ == "__main__":
    from dashboard import stopping

    stopping.begin()  # before all else is loaded, which takes a second

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from dashboard.paths import say_missing

if MISSING := say_missing():
    sys.exit(MISSING)

import typer

from dashboard.command_line import JsonOption, Program, VersionOption, in_order
from dashboard.commands import access, audit, briefing, link_list, newsletter, proof, public_side, serve, silent
from dashboard.commands.console import (
    NO_FILTERS,
    Campaign,
    Filters,
    open_campaign,
    print_done,
    read_query,
    refusals,
    takes_filters,
    warn_of_address,
    write_in_place,
)
from dashboard.errors import SelectionError
from dashboard.extracts import csv_styles, order
from dashboard.extracts.choice import FORMATS, Choice, read_file
from dashboard.extracts.table_files import write_alone
from dashboard.faults import told_at_last
from dashboard.ground.base_urls import portable
from dashboard.logs.begin import logged_command
from dashboard.snapshot import selection

Csv = Annotated[
    str | None,
    typer.Option(metavar="|".join(csv_styles.STYLES), help="CSV with commas, or semicolons and decimal commas."),
]


COMMANDS = (
    "serve",
    "extract",
    "chart",
    "briefing",
    "publish-public",
    "publish-embeds",
    "newsletter",
    "silent",
    "receipt",
    "proof",
    "roles",
    "links",
    "hash-password",
    "sign-in-link",
    "audit",
)
"""Their names in the order of the work, as the help and the log tell them."""

ENDINGS = ("html", "svg", "png", "csv", "json", "metadata.json", "pptx", "pdf", "xlsx")
"""The forms of a chart, those of `dashboard.web.charts.requests`; loading that would keep other commands waiting."""


def register(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command()(chart)
    app.command()(public_side.publish_public)
    app.command("publish-embeds", hidden=True)(public_side.publish_public)
    app.command()(audit.audit)
    app.command()(briefing.briefing)
    app.command()(proof.receipt)
    app.command()(proof.proof)
    app.command()(serve.serve)
    app.command()(access.hash_password)
    app.command()(access.sign_in_link)
    app.add_typer(access.app, name="roles")
    app.add_typer(newsletter.app, name="newsletter")
    app.add_typer(link_list.app, name="links")
    app.add_typer(silent.app, name="silent")


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
    sort: Annotated[str | None, typer.Option(help="Sort by: rate, pace, reporting, actions, name, codelist.")] = None,
    filters: Filters = NO_FILTERS,
    csv: Csv = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the chart.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write one chart of a selection as picture, page, slide, PDF, workbook, data or description."""
    single = {"lang": lang, "size": size, "scale": scale, "title": title, "csv": csv}
    single |= {"sort": sort, "measure": measure, "peers": "1" if peers else None}
    single |= {"by": by, "and": second, "as": form, "question": question, "wave": wave}
    # Here, so that other commands do not wait for what draws.
    from dashboard.charts.explore import find_spec
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


app = Program(cls=in_order(COMMANDS))


@app.callback()
def main(version: VersionOption = False) -> None:
    """Take figures and rows out of the published snapshot."""


@app.command()
@takes_filters()
def extract(
    campaign: Campaign = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File to write (.xlsx, .csv, .parquet, .json, .zip); default: named here."),
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
        unit = "actions" if choice.file_format != "zip" and choice.tables() == ("actions",) else "rows"
        print_done(f"{target}: {rows} {unit}.", as_json, published, file=target, rows=rows)


def _read_choice(
    to: Path | None, table: str | None, columns: Sequence[str], include: Sequence[str], csv: str | None
) -> Choice:
    """What to write, checked before anything is opened.

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
    return read_file(file, {"columns": columns, "include": include, csv_styles.PARAMETER: [csv or ""]})


register(app)


if __name__ == "__main__":
    with logged_command("dashboard", COMMANDS), told_at_last():
        app(prog_name="python -m dashboard")
