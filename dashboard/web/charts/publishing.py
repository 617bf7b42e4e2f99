"""The default views of every chart and language as files for a plain web server, and as single files.

The folder's list says what was written there, so that the next time only that is replaced and removed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import Chart, build_chart
from dashboard.errors import UserError
from dashboard.formats import format_date, format_language
from dashboard.i18n import N_, translator
from dashboard.languages import write_attributes
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import embed_page, making, words_font
from dashboard.web.charts.chart_receipt import issue_receipt
from dashboard.web.charts.requests import ChartRequest

MANIFEST = "embeds-manifest.json"
FORMATS = ("html", "svg", "png", "csv", "json", "metadata.json")
PICTURE_SIZE = "social"
_ASSETS = "assets"
"""The folder of the font that all pages share, by which their lines are those of the server's pages."""
OFFERED = ((N_("Picture"), "png"), (N_("Data (CSV)"), "csv"))


def publish(
    snapshot: Snapshot, target: Path, languages: Sequence[str], settings: Settings, base_url: str = ""
) -> list[str]:
    """Write every chart in every language into a folder; returns the names of the files, with their folders.

    Each file is replaced in one step and `index.html` comes last. A file that was not written by an earlier call
    is never touched.

    Args:
        snapshot: What is shown.
        target: The folder; made if need be.
        languages: The languages, the first one first in the list.
        settings: Where the dashboard is that the pages lead back to.
        base_url: The address under which a web server will show the folder; without it pages name no picture to
            other sites, which need whole addresses.

    Raises:
        UserError: the folder cannot be written to, or a file of somebody else is in the way.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
        earlier = _read_manifest(target)
        with tempfile.TemporaryDirectory(prefix=".embeds-", dir=target) as scratch:
            written = list(_write_all(snapshot, Path(scratch), languages, settings, base_url.rstrip("/")))
            _refuse_foreign(target, written, earlier)
            _write_manifest(target, snapshot, {*written, *earlier})
            for name in written:  # the index is the last one
                (target / name).parent.mkdir(exist_ok=True)
                (Path(scratch) / name).replace(target / name)
        _remove(target, earlier - set(written))
        _write_manifest(target, snapshot, written)
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}.", "Choose another folder.") from error
    return written


def draw_single(snapshot: Snapshot, request: ChartRequest, settings: Settings) -> bytes:
    """A chart's page as one file that opens anywhere: it leads to the dashboard, and to no file beside it."""
    chart = build_chart(snapshot, request.chart_id, request.selection, request.options)
    links = embed_page.Links(
        request.address(settings.base_url, "html"),
        live=request.live_address(settings.base_url),
        fonts=words_font.INSIDE,
        receipt=issue_receipt(snapshot, request, chart, settings),
    )
    return embed_page.draw_page(chart, links, request.title, _policy(words_font.INSIDE)).encode()


def _write_all(
    snapshot: Snapshot, folder: Path, languages: Sequence[str], settings: Settings, base_url: str
) -> Iterator[str]:
    charts: dict[str, list[Chart]] = {}
    for lang in languages:
        (folder / lang).mkdir()
        selection = Selection(lang=lang)
        for chart_id in CATALOGUE:
            request = ChartRequest(chart_id, "html", selection, snapshot.build_id, size=PICTURE_SIZE)
            chart = build_chart(snapshot, chart_id, selection)
            charts.setdefault(lang, []).append(chart)
            for file_format in FORMATS:
                name = f"{lang}/{chart_id}.{file_format}"
                if file_format == "html":
                    links = _link(request, settings, f"{base_url}/{lang}" if base_url else "")
                    links = replace(links, receipt=issue_receipt(snapshot, request, chart, settings))
                    content = embed_page.draw_page(chart, links, None, _policy(links.fonts)).encode()
                else:
                    content = making.make(snapshot, replace(request, file_format=file_format), settings)
                (folder / name).write_bytes(content)
                yield name
    for name, font in words_font.copies().files.items():
        (folder / _ASSETS).mkdir(exist_ok=True)
        (folder / _ASSETS / name).write_bytes(font.read_bytes())
        yield f"{_ASSETS}/{name}"
    (folder / "index.html").write_text(_draw_index(snapshot, charts), encoding="utf-8")
    yield "index.html"


def _link(request: ChartRequest, settings: Settings, place: str) -> embed_page.Links:
    """Links between files that lie beside each other."""
    return embed_page.Links(
        canonical=f"{place}/{request.chart_id}.html" if place else "",
        live=request.live_address(settings.base_url),
        picture=f"{place}/{request.chart_id}.png" if place else "",
        files=tuple((label, f"{request.chart_id}.{ending}") for label, ending in OFFERED),
        fonts=f"../{_ASSETS}/",
    )


def _policy(fonts: str) -> str:
    """What such a page may load; who may frame it only a server's header can say."""
    styles, script = embed_page.style_sources(fonts), embed_page.script_source()
    own = "data:" if fonts == words_font.INSIDE else "'self'"
    return (
        f"default-src 'none'; script-src {script}; style-src {styles}; font-src {own}; img-src 'self' data:; "
        "base-uri 'none'"
    )


def _draw_index(snapshot: Snapshot, charts: dict[str, list[Chart]]) -> str:
    first = next(iter(charts))
    heading = str(snapshot.campaign[f"title_{first}"])
    parts = [_list_language(snapshot, lang, listed) for lang, listed in charts.items()]
    fonts = f"{_ASSETS}/"
    return (
        f'<!doctype html><html {write_attributes(first)}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(fonts))}">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(heading)}</title>'
        f"<style>{words_font.write_face(fonts)}</style><style>{embed_page.STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{''.join(parts)}</main></body></html>\n"
    )


def _list_language(snapshot: Snapshot, lang: str, charts: Iterable[Chart]) -> str:
    t = translator(lang)
    day = t(N_("Figures as of {day}"), day=format_date(snapshot.last_date, lang))
    notice = f'<p class="sample">{escape(t(N_("The data is fictional.")))}</p>' if snapshot.is_sample else ""
    items = "".join(
        f'<li><a href="{lang}/{chart.spec.id}.html">{escape(chart.title)}</a> ({_list_files(lang, chart.spec.id)})</li>'
        for chart in charts
    )
    name = escape(format_language(lang, lang))
    head = f'<section {write_attributes(lang)}><h2>{name}</h2>{notice}<p class="note">{escape(day)}</p>'
    return f"{head}<ul>{items}</ul></section>"


def _list_files(lang: str, chart_id: str) -> str:
    endings = [ending for ending in FORMATS if ending not in ("html", "metadata.json")]
    return ", ".join(f'<a href="{lang}/{chart_id}.{ending}">{ending.upper()}</a>' for ending in endings)


def _read_manifest(target: Path) -> set[str]:
    """What an earlier call wrote; a name that leads out of the folder is none of ours."""
    try:
        listed: Any = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"]
        names = {str(name) for name in listed}
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{target / MANIFEST} is damaged, so it is not known which files of the folder are the dashboard's.",
            "Choose an empty folder.",
        ) from error
    return {name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts}


def _refuse_foreign(target: Path, names: Iterable[str], earlier: set[str]) -> None:
    foreign = next((name for name in names if name not in earlier and (target / name).exists()), None)
    if foreign is not None:
        raise UserError(
            f"{target / foreign} is there already and was not written by this command.", "Choose an empty folder."
        )


def _write_manifest(target: Path, snapshot: Snapshot, names: Iterable[str]) -> None:
    listed = {"build_id": snapshot.build_id, "files": sorted(names)}
    draft = target / f".{MANIFEST}.{os.getpid()}"
    draft.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    draft.replace(target / MANIFEST)


def _remove(target: Path, names: Iterable[str]) -> None:
    for name in names:
        (target / name).unlink(missing_ok=True)
        if (folder := (target / name).parent) != target and folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder)
