"""Scripts and styles of Streamlit and of charts, compressed once and sent from memory.

Streamlit sends its nine megabytes of scripts uncompressed, because compressing them for every request costs more than
it saves. This module compresses each file once for the life of the process. The middleware passes everything else
(other paths, byte ranges, clients that accept no compression) on to Streamlit unchanged.

Streamlit's font of icons has four thousand and is the largest file of a first visit. A small font takes its name and
place, as long as Streamlit keeps that name. `python -m dashboard.web.static` makes it anew from Material Symbols by
Google (Apache License 2.0), which Streamlit brings along; a test says when that is needed.
"""

import hashlib
import json
import math
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.cache import Cache
from dashboard.charts.geometry.world import read_world
from dashboard.charts.svg.static_fonts import find_source
from dashboard.charts.svg.styles import page_style_sheet
from dashboard.paths import PROJECT, find_package
from dashboard.theme import DARK_STATUS_INKS, STATUS_INKS
from dashboard.web.http import (
    FOREVER,
    IDENTITY,
    Layer,
    answer_body,
    answer_unmodified,
    change_headers,
    choose_encoding,
    compress,
    encoding_headers,
    name_type,
)

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont


ICON_FONTS = "MaterialSymbols-*.woff2"
_ICON = re.compile(r":material/([a-z0-9_]+)")
_HERE = Path(__file__).parent


def find_small_font(media: Path) -> dict[str, Path]:
    """Find the small font, by the name of Streamlit's that it replaces; nothing where Streamlit's is another."""
    return {font.name: font for font in _HERE.glob(ICON_FONTS) if (media / font.name).is_file()}


def list_used_icons(streamlit: Path) -> set[str]:
    """List the names of icons that the pages may draw: those in the sources of the dashboard and of Streamlit."""
    sources = [*(PROJECT / "pages").glob("*.py"), *(PROJECT / "dashboard").rglob("*.py"), *streamlit.rglob("*.py")]
    texts = (file.read_text(encoding="utf-8") for file in (*sources, *streamlit.glob("static/static/js/*.js")))
    return {name for text in texts for name in _ICON.findall(text)}


def read_icons(font: "TTFont") -> dict[str, str]:
    """Read the glyph of each icon of a font; an icon is a ligature of the letters of its name."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items()
        for ligature in ligatures
    }


def make_icon_font(streamlit: Path) -> None:
    """Write the small font in place of the former one."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    source = next((streamlit / "static" / "static" / "media").glob(ICON_FONTS))
    font = TTFont(source, recalcTimestamp=False)
    names, icons = list_used_icons(streamlit), read_icons(font)
    subsetter = Subsetter(Options(layout_features=["rlig", "liga"], layout_closure=False))
    letters = {ord(letter) for name in names for letter in name}
    subsetter.populate(glyphs=[icons[name] for name in names if name in icons], unicodes=letters)
    subsetter.subset(font)
    for before in _HERE.glob(ICON_FONTS):
        before.unlink()
    font.flavor = "woff2"
    font.save(_HERE / source.name)


if __name__ == "__main__":
    make_icon_font(find_package("streamlit"))


COMPRESSIBLE = (".css", ".html", ".js", ".json", ".svg")
SMALLEST = 1000  # bytes; below that the headers outweigh the saving
LIGHT_STYLE = (Path(__file__).with_name("light_pages.css")).read_text(encoding="utf-8").replace("\n", "")
"""The style of pages without Streamlit: of a chart, of the catalogue, of what routes there are."""
PAGE_SCRIPTS = sorted((PROJECT / "dashboard" / "ui").rglob("*.js"))
LATE_STYLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"chart_marks": page_style_sheet, "day_choice": str, "replay": str, "tolerant_list": str}
)
"""Scripts that bring their style, since nothing of their components is seen before them; what is made of the style."""
PAGE_STYLE = Path(__file__).with_name("pages.css")
DRAWING = Path(__file__).parent / "charts" / "interactive.js"


NO_CONTENTS: Mapping[str, Callable[[], bytes]] = MappingProxyType({})
ASSETS = "charts/assets/"
"""Where a page of the dashboard has these files, its style and scripts: sent once, and not with every drawing."""


@dataclass(frozen=True)
class Copy:
    """One file in one encoding, with the headers it is sent with."""

    body: bytes
    headers: Mapping[str, str]


class Copies:
    """Files by their addresses; each is compressed when first asked for, and kept."""

    def __init__(self, files: Mapping[str, Path], contents: Mapping[str, Callable[[], bytes]] = NO_CONTENTS) -> None:
        """Take files by address, and a function that gives the content of those that differ from the disk's."""
        self.files, self._contents = files, contents
        self._copies = Cache[tuple[str, str], Copy](math.inf)

    def find(self, address: str, encoding: str) -> Copy | None:
        """Find a copy that has been made already."""
        return self._copies.find((address, encoding))

    def make(self, address: str, encoding: str) -> Copy:
        """Make the copy unless it has been made before. Blocks; call it from a thread."""
        file = self.files[address]
        read = self._contents.get(address, file.read_bytes)
        return self._copies.get((address, encoding), lambda: _copy(file, read(), encoding))

    def make_all(self) -> None:
        """Compress every file that has not been compressed yet: half a second of one core for Streamlit's."""
        for address in self.files:
            self.make(address, "br")

    async def answer(
        self, request: Request, address: str, encoding: str, extra_headers: Mapping[str, str] | None = None
    ) -> Response:
        """Answer a request for one of the files, with `extra_headers`."""
        copy = self.find(address, encoding)
        if copy is None:
            copy = await run_in_threadpool(self.make, address, encoding)
        headers = {**extra_headers, **copy.headers} if extra_headers else copy.headers
        return answer_unmodified(request, headers) or answer_body(request, copy.body, headers)


def list_static_files(folder: Path) -> dict[str, Path]:
    """List the compressible files below a folder, by the path of their addresses."""
    files = {
        f"/{path.relative_to(folder).as_posix()}": path
        for path in sorted(folder.rglob("*"))
        if path.suffix in COMPRESSIBLE and path.stat().st_size >= SMALLEST
    }
    return files | ({"/": files["/index.html"]} if "/index.html" in files else {})


@cache
def streamlit_copies() -> Copies:
    """Return Streamlit's scripts, styles and icons, as this process serves them."""
    folder = find_package("streamlit") / "static"
    fonts = find_small_font(folder / "static" / "media")
    return Copies(list_static_files(folder) | {f"/static/media/{name}": file for name, file in fonts.items()})


@cache
def font_face() -> str:
    """Write the style rule of the font that measures texts in drawings; the font's file is Streamlit's own."""
    address = find_source().relative_to(find_package("streamlit") / "static").as_posix()
    return f'@font-face{{font-family:"Source Sans";font-weight:200 900;src:url({address})}}'


@cache
def scripts() -> Copies:
    """The drawing's script of the interactive page and Plotly's, under names that carry a hash of their content."""
    paths = (DRAWING, find_package("plotly") / "package_data" / "plotly.min.js")
    return Copies({name_by_content(path): path for path in paths})


@cache
def shapes() -> Copies:
    """The files of shapes that maps on pages refer to, under names that carry a hash of their content."""
    levels = {level.file_name: level for level in read_world().levels}
    contents = {name: partial(lambda level: level.shapes.encode(), level) for name, level in levels.items()}
    return Copies({name: Path(name) for name in levels}, contents)


@cache
def parts() -> Copies:
    """The scripts of the pages' components with their styles, under names that carry a hash of their content."""
    return _name_texts({path: _write_part(path) for path in PAGE_SCRIPTS})


def _write_part(script: Path) -> str:
    """Write a component's script, which exports its style if it brings one."""
    text = script.read_text(encoding="utf-8")
    if script.stem not in LATE_STYLES:
        return text
    style = script.with_suffix(".css").read_text(encoding="utf-8") + LATE_STYLES[script.stem]()
    return f"{text}export const style = new CSSStyleSheet();\nstyle.replaceSync({json.dumps(style)});\n"


@cache
def name_part(stem: str) -> str:
    """The name of a component's script, by that of its file without the ending."""
    return next(name for name, path in parts().files.items() if path.stem == stem)


@cache
def styles() -> Copies:
    """The style of the pages with Streamlit, its only file, under a name that carries a hash of its content."""
    return _name_texts({PAGE_STYLE: PAGE_STYLE.read_text(encoding="utf-8") + _colour_statuses()})


def _colour_statuses() -> str:
    """Write the colours of words for statuses (`dashboard.ui.pieces.list_cells`): those of charts."""
    return "".join(
        f".status-{status} {{ background: light-dark({ink.fill}, {DARK_STATUS_INKS[status].fill});"
        f" color: light-dark({ink.text}, {DARK_STATUS_INKS[status].text}); }}"
        for status, ink in STATUS_INKS.items()
    )


class CompressedStatic(Layer):
    """ASGI middleware that answers with the files of `copies` and passes everything else on."""

    def __init__(self, app: ASGIApp, copies: Copies) -> None:
        """Wrap `app`."""
        super().__init__(app)
        self.copies = copies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a compressed copy where one fits."""
        is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        address = locate(scope["path"], self.copies.files) if is_read else None
        if address is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        encoding = choose_encoding(request.headers.get("accept-encoding", ""))
        if encoding == IDENTITY or "range" in request.headers:
            await self.app(
                scope, receive, change_headers(send, lambda headers, _: headers.add_vary_header("Accept-Encoding"))
            )
            return
        answer = await self.copies.answer(request, address, encoding)
        await answer(scope, receive, send)


def locate(path: str, files: Mapping[str, Path]) -> str | None:
    """Find the file of a URL path, also when the app is served below a base path; None if there is none."""
    if path in files:
        return path
    _, mark, rest = path.rpartition("/static/")
    return mark + rest if mark and mark + rest in files else None


def name_by_content(path: Path, content: bytes = b"") -> str:
    """Name a file with a hash of its content, or of another one, so that browsers may keep it for ever."""
    digest = hashlib.sha256(content or path.read_bytes()).hexdigest()[:12]
    return f"{path.name.partition('.')[0]}-{digest}{path.suffix}"


def _name_texts(texts: Mapping[Path, str]) -> Copies:
    """Name texts that stand in place of files."""
    bodies = {name_by_content(path, text.encode()): (path, text.encode()) for path, text in texts.items()}
    return Copies(
        {name: path for name, (path, _) in bodies.items()},
        {name: partial(bytes, body) for name, (_, body) in bodies.items()},
    )


def _copy(file: Path, raw: bytes, encoding: str) -> Copy:
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "text/plain"
    # Two files have no hash in their name and change with Streamlit's version, the icons have that of Streamlit's own.
    is_changing = file.suffix == ".html" or file.name == "manifest.json" or file.match(ICON_FONTS)
    headers = {
        **encoding_headers(hashlib.sha256(raw).hexdigest()[:24], encoding, name_type(kind)),
        "cache-control": "no-cache" if is_changing else FOREVER,
    }
    return Copy(compress(raw, encoding), headers)
