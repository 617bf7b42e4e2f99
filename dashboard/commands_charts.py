"""The commands `python -m dashboard chart` and `publish-embeds`: charts as files."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.campaign.folder import LANGUAGES
from dashboard.command_line import (
    Campaign,
    Codes,
    Day,
    Words,
    open_campaign,
    read_query,
    refusals,
    warn_of_sample,
    write_in_place,
)
from dashboard.errors import SelectionError

ENDINGS = ("html", "svg", "png", "csv", "json", "metadata.json", "pptx", "xlsx")
"""The forms of a chart, those of `dashboard.web.charts.requests`; loading that would keep other commands waiting."""


def register(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command()(chart)
    app.command()(publish_embeds)


def chart(
    chart_id: Annotated[str, typer.Argument(metavar="ID", help="The chart, such as completion-by-region.")],
    to: Annotated[Path, typer.Option(metavar="FILE", help=f"File to write: .{', .'.join(ENDINGS)}.")],
    campaign: Campaign = None,
    size: Annotated[str | None, typer.Option(help="Size of a picture: slide, social, square, column.")] = None,
    scale: Annotated[str | None, typer.Option(metavar="1|2", help="Pixels of a .png for each of its size.")] = None,
    title: Annotated[str | None, typer.Option(help="A title of your own.")] = None,
    region: Codes = None,
    subregion: Codes = None,
    country: Codes = None,
    category: Codes = None,
    theme: Codes = None,
    group: Codes = None,
    status: Codes = None,
    q: Words = None,
    as_of: Day = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the chart.")] = None,
) -> None:
    """Write one chart of a selection as picture, page, slide, workbook, data or description."""
    lists = {"region": region, "subregion": subregion, "country": country, "category": category}
    lists |= {"theme": theme, "group": group, "status": status}
    single = {"q": q, "as_of": as_of, "lang": lang, "size": size, "scale": scale, "title": title}
    # Here, so that other commands do not wait for what draws.
    from dashboard.web.charts import making, publishing
    from dashboard.web.charts.requests import find_chart, read

    with refusals():
        find_chart(chart_id)
        file_format = _read_ending(to)
        settings, published = open_campaign(campaign)
        wanted = read(chart_id, file_format, read_query(lists, single), published)
        if file_format == "html":
            content = publishing.draw_single(published, wanted, settings)
        else:
            content = making.make(published, wanted, settings)
        write_in_place(to, lambda path: path.write_bytes(content))
        print(f"{to}: {len(content)} bytes.")
        warn_of_sample(published)


def publish_embeds(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write; only its own files are replaced.")],
    campaign: Campaign = None,
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address under which a web server will show the folder.")
    ] = "",
    langs: Annotated[
        list[str] | None, typer.Option(metavar="LANGS", help="Languages, with commas or repeated; default: all.")
    ] = None,
) -> None:
    """Write every chart in every language as files for a plain web server."""
    from dashboard.web.charts import publishing

    with refusals():
        languages = [code.strip() for value in langs or () for code in value.split(",") if code.strip()]
        for code in languages:
            if code not in LANGUAGES:
                raise SelectionError(f"--langs {code!r} is not a language here.", "langs", tuple(LANGUAGES), code)
        settings, published = open_campaign(campaign)
        chosen = list(dict.fromkeys(languages)) or list(LANGUAGES)
        made = publishing.publish(published, folder, chosen, settings, base_url)
        print(f"{folder}: {len(made)} files.")
        warn_of_sample(published)


def _read_ending(to: Path) -> str:
    found = [ending for ending in ENDINGS if to.name.lower().endswith(f".{ending}")]
    if not found:
        allowed = tuple(f".{ending}" for ending in ENDINGS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    return max(found, key=len)  # .metadata.json ends in .json too
