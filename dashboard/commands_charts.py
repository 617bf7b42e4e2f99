"""The commands `python -m dashboard chart` and `publish-embeds`: charts as files."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard import snapshot
from dashboard.campaign import LANGUAGES, CampaignFolder
from dashboard.embeds.requests import FILES, find_chart, read
from dashboard.errors import SelectionError, UserError
from dashboard.settings import Settings
from dashboard.snapshot import Snapshot

Codes = Annotated[list[str] | None, typer.Option(metavar="CODE", help="Keep these only; may be repeated.")]
Campaign = Annotated[Path | None, typer.Option(metavar="DIR", help="Campaign folder; default: data.")]
ENDINGS = ("html", *FILES)


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
    q: Annotated[str | None, typer.Option(metavar="WORDS", help="Keep actions that contain these words.")] = None,
    as_of: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day the figures stand at.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="en|fr|es", help="Language of the chart.")] = None,
) -> None:
    """Write one chart of a selection as picture, page, slide, workbook, data or description."""
    query = {"region": region, "subregion": subregion, "country": country, "category": category}
    query |= {"theme": theme, "group": group, "status": status}
    single = {"q": q, "as_of": as_of, "lang": lang, "size": size, "scale": scale, "title": title}
    query |= {name: [value] for name, value in single.items() if value is not None}
    from dashboard.embeds import making, publishing  # here, so that other commands do not wait for what draws

    with _refusals():
        find_chart(chart_id)
        file_format = _read_ending(to)
        settings, published = _open(campaign)
        asked = {name: values for name, values in query.items() if values}
        wanted = read(chart_id, file_format, asked, published)
        if file_format == "html":
            content = publishing.draw_single(published, wanted, settings)
        else:
            content = making.make(published, wanted, settings)
        _write(to, content)
        print(f"{to}: {len(content)} bytes.")
        _warn_of_sample(published)


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
    from dashboard.embeds import publishing

    with _refusals():
        languages = [code.strip() for value in langs or () for code in value.split(",") if code.strip()]
        for code in languages:
            if code not in LANGUAGES:
                raise SelectionError(f"--langs {code!r} is not a language here.", "langs", tuple(LANGUAGES), code)
        settings, published = _open(campaign)
        chosen = list(dict.fromkeys(languages)) or list(LANGUAGES)
        made = publishing.publish(published, folder, chosen, settings, base_url)
        print(f"{folder}: {len(made)} files.")
        _warn_of_sample(published)


def _read_ending(to: Path) -> str:
    found = [ending for ending in ENDINGS if to.name.lower().endswith(f".{ending}")]
    if not found:
        allowed = tuple(f".{ending}" for ending in ENDINGS)
        raise SelectionError(f"--to {to} has an ending that cannot be written here.", "to", allowed)
    return max(found, key=len)  # .metadata.json ends in .json too


def _open(campaign: Path | None) -> tuple[Settings, Snapshot]:
    settings = Settings.from_environment()
    if campaign is not None:
        settings = replace(settings, campaign=CampaignFolder(campaign).root)
    return settings, snapshot.current(settings)


def _write(target: Path, content: bytes) -> None:
    """Write beside the target and put it in its place, so that no half of a file is ever there."""
    scratch = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        scratch.write_bytes(content)
        scratch.replace(target)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another place with --to.") from error
    finally:
        scratch.unlink(missing_ok=True)


def _warn_of_sample(published: Snapshot) -> None:
    if published.is_sample:
        print("The data is fictional: it is the sample that comes with the program.")


@contextmanager
def _refusals() -> Iterator[None]:
    """What a person can put right: one sentence on stderr, exit code 2 for the command, 1 for what it found."""
    try:
        yield
    except SelectionError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except UserError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
