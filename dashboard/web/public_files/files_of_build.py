"""The public side of a build as files.

index.html                                   the charts of every language, by name
fr/index.html                                the same, drawn, with links to everything else
fr/completion-by-region.html .svg .png …     each chart
fr/data/actions.csv .parquet .json …         the open tables, with datapackage.json; all of them in actions.zip;
                                             the actions for IATI, if the campaign states who reports
fr/latest.atom .json .ics                    the news
charts.json llms.txt                         the catalogue; what is here, for programs that read for people
builds/0123456789abcdef/fr/…                 charts and tables once more, under names that never change
evidence/…                                   documents and pictures that came with reports, until they are withdrawn
assets/…                                     the font
sitemap.xml robots.txt _headers current.json files for machines
"""

import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path, PurePosixPath
from typing import ClassVar

from dashboard.campaign.reporting.published_files import MEDIA_TYPES, find_published_file
from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart, list_beside, name_chart
from dashboard.files.extracts import package
from dashboard.files.extracts.choice import DESCRIPTOR, IATI, PACKAGE
from dashboard.files.extracts.choice import FORMATS as TABLE_FORMATS
from dashboard.files.extracts.iati import write_activities
from dashboard.formats import format_date, format_language
from dashboard.ground.base_urls import is_local
from dashboard.i18n import N_, translator
from dashboard.languages import write_attributes
from dashboard.measures.annotations import list_annotations
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.attribution import read_publisher
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web import evidence_files
from dashboard.web.assistants.llms_text import PATH as LLMS
from dashboard.web.assistants.llms_text import Source, write_llms
from dashboard.web.charts import embed_page, index_page, making, metadata, words_font
from dashboard.web.charts.making import write_policy
from dashboard.web.charts.requests import FORMATS, STATIC, ChartRequest, issue_receipt
from dashboard.web.head_tags import DEFAULT
from dashboard.web.http import FOREVER, FRESH, OPEN, name_type, write_json
from dashboard.web.news_feeds import FORMS, read_feed
from dashboard.web.static import LIGHT_STYLE

BUILDS, ASSETS = "builds", "assets"
UNCHANGING = (BUILDS, ASSETS)
EVIDENCE = evidence_files.PATH.removeprefix("/")
OF_EVIDENCE = {"cache-control": evidence_files.KEPT, "content-disposition": "attachment"}
"""The headers of files that were handed in; pages show pictures all the same."""
HEADERS_FILE = "_headers"
"""The name of the file in which Netlify, Cloudflare Pages and others look for headers."""

_TYPES = {
    "woff2": "font/woff2",
    **TABLE_FORMATS,
    "xml": "application/xml; charset=utf-8",
    **{ending: FORMATS[ending].media_type for ending in ("html", "svg", "png")},
    **MEDIA_TYPES,
    **{ending: f"{FORMS[ending].media_type}; charset=utf-8" for ending in ("atom", "ics")},
}


def name_headers(name: str) -> dict[str, str]:
    """Return the headers of a file, by its name below the folder: names in small letters."""
    path = PurePosixPath(name)
    is_forever = path.parts[0] in UNCHANGING
    media_type = _TYPES.get(path.suffix.removeprefix("."), "text/plain; charset=utf-8")
    if path.name == f"latest.{'json'}":
        media_type = f"{FORMS['json'].media_type}; charset=utf-8"
    if path.parts[0] == EVIDENCE:
        return {"content-type": media_type, **OF_EVIDENCE}
    return {"content-type": name_type(media_type), "cache-control": FOREVER if is_forever else FRESH}


def write_headers_file() -> str:
    """Write the headers of all files for hosts of static sites, as Netlify and Cloudflare Pages read them.

    A later block adds to an earlier one, so a block for few files first takes away the headers for all.
    """
    blocks = [("/*", {"cache-control": FRESH, **OPEN})]
    blocks += [(f"/{folder}/*", {"! cache-control": "", "cache-control": FOREVER}) for folder in UNCHANGING]
    evidence = {"! cache-control": "", **OF_EVIDENCE, **evidence_files.HARMLESS}
    blocks.append((f"/{EVIDENCE}/*", evidence))
    blocks += [
        (f"/*/latest.{ending}", {"content-type": name_headers(f"en/latest.{ending}")["content-type"]})
        for ending in FORMS
    ]
    return "\n".join(_write_block(path, headers) for path, headers in blocks)


def _write_block(path: str, headers: dict[str, str]) -> str:
    lines = [f"  {name}" if name.startswith("!") else f"  {name}: {value}" for name, value in headers.items()]
    return "\n".join([path, *lines, ""])


OF_BUILD = ("html", "metadata.json")
"""The forms that state whether they follow the data; the others are the same in both places."""
CURRENT = "current.json"
"""The file that names the build of the others; it is placed last."""
PICTURE_SIZE = "social"
OFFERED = ((N_("Picture"), "png"), (N_("Data (CSV)"), "csv"))


@dataclass(frozen=True)
class PublicSide:
    """One build as files.

    Attributes:
        languages: The languages, the first one first in lists.
        settings: The settings with the dashboard's address for the files' links; one for this computer only is ignored.
        base_url: The folder's future address, without a slash at its end; without it pages name no
            picture to other sites, which need whole addresses, and there is no sitemap.
    """

    snapshot: Snapshot
    languages: Sequence[str]
    settings: Settings
    base_url: str = ""
    has_data: bool = True

    kind: ClassVar[str] = ""
    """What is written, where that is not all of it."""

    @property
    def has_dashboard(self) -> bool:
        """Whether the files lead to a dashboard."""
        return not is_local(self.settings.base_url)

    @property
    def is_for_iati(self) -> bool:
        """Whether the campaign states who reports to IATI."""
        return read_publisher(self.snapshot.campaign).reports_to_iati

    def find_base(self, folder: str, fallback: str = "./") -> str:
        """Return the base of a folder of files, or `fallback` where its address is not set."""
        return f"{self.base_url}/{folder}/" if self.base_url else fallback

    def find_index(self, folder: str) -> str:
        """Return the link from a chart's page of a folder to the page with all charts; empty where none is offered."""
        return ""

    def _settings_in(self, base: str) -> Settings:
        """Return the settings with the addresses for files: the dashboard's, or those of the folder in its place."""
        return self.settings if self.has_dashboard else self.settings.model_copy(update={"base_url": base})

    @cached_property
    def build_folder(self) -> str:
        """The folder of files that never change."""
        return f"{BUILDS}/{self.snapshot.build_id}"

    def write(self, folder: Path) -> Iterator[str]:
        """Write every file below a folder, and give its name once it is there; `CURRENT` is the last one."""
        for lang in self.languages:
            for name, content in self._draw_language(lang):
                yield place_file(folder, name, content)
            if self.has_data:
                yield from self._write_data(folder, lang)
        yield from self._write_evidence(folder)
        for name, font in words_font.copies().files.items():
            yield place_file(folder, f"{ASSETS}/{name}", font.read_bytes())
        for name, content in self._list_whole():
            yield place_file(folder, name, content)

    @cached_property
    def evidence(self) -> tuple[str, ...]:
        """The documents and pictures that the build names and that still stand."""
        files = (one.file for one in list_annotations(self.snapshot) if one.file and not one.is_withdrawn)
        return tuple(sorted(set(files)))

    def _write_evidence(self, folder: Path) -> Iterator[str]:
        for file in self.evidence:
            path = find_published_file(self.snapshot.path.parent, file)
            if path is not None:  # else withdrawn meanwhile
                yield place_file(folder, f"{EVIDENCE}/{file}", path.read_bytes())

    def _draw_language(self, lang: str) -> Iterator[tuple[str, bytes]]:
        for chart_id in self._list_charts():
            yield from self._draw_chart(chart_id, lang)
        yield from self.write_feeds(lang)
        drawn = index_page.draw_index(self.snapshot, Selection(lang=lang), self._link_index(lang))
        yield f"{lang}/index.html", drawn.encode()

    def write_feeds(self, lang: str) -> Iterator[tuple[str, bytes]]:
        """Write the news in each form, with its name."""
        feed = read_feed({"lang": [lang]}, self.snapshot, self._settings_in(self.find_base(lang)).base_url)
        dashboard = self.settings.base_url if self.has_dashboard else ".."
        feed = replace(feed, place=self.find_base(lang, ""), files_base=self.base_url or dashboard)
        for ending, form in FORMS.items():
            yield f"{lang}/latest.{ending}", form.write(feed)

    def _list_charts(self) -> tuple[str, ...]:
        return (*CATALOGUE, *list_beside(self.snapshot, Selection()))

    def _draw_chart(self, chart_id: str, lang: str) -> Iterator[tuple[str, bytes]]:
        """Draw each form in both places."""
        request = ChartRequest(chart_id, "html", Selection(lang=lang), self.snapshot.build_id, size=PICTURE_SIZE)
        frozen = replace(request, selection=replace(request.selection, build=self.snapshot.build_id))
        for form in STATIC:
            name = f"{lang}/{chart_id}.{form}"
            content = self.make(replace(request, file_format=form), lang)
            yield name, content
            again = form in OF_BUILD
            below = f"{self.build_folder}/{lang}"
            yield (
                f"{self.build_folder}/{name}",
                self.make(replace(frozen, file_format=form), below) if again else content,
            )

    def make(self, request: ChartRequest, folder: str) -> bytes:
        """Make a chart in one of its forms, for a place in a folder of files."""
        settings = self._settings_in(self.find_base(folder))
        if request.file_format != "html":
            return making.make(self.snapshot, request, settings)
        chart = build_chart(self.snapshot, request.chart_id, request.selection)
        place = self.find_base(folder, "")
        links = embed_page.Links(
            canonical=place and request.address(place, "html"),
            live=request.live_address(settings.base_url),
            picture=place and request.address(place, "png"),
            index=self.find_index(folder),
            files=tuple((label, f"{request.chart_id}.{ending}") for label, ending in OFFERED),
            fonts=f"{'../' * (folder.count('/') + 1)}{ASSETS}/",
            receipt=issue_receipt(self.snapshot, request, chart, settings),
        )
        return embed_page.draw_page(chart, links, None, write_policy(links.fonts, chart.look)).encode()

    def _link_index(self, lang: str) -> index_page.IndexLinks:
        query = Selection(lang=lang).query_string()
        data = [
            (N_("Description of the data"), f"{package.FOLDER}/{DESCRIPTOR}"),
            (N_("All tables (ZIP)"), f"{package.FOLDER}/{PACKAGE}"),
            *([(N_("Actions for IATI"), f"{package.FOLDER}/{IATI}")] if self.is_for_iati else []),
        ]
        return index_page.IndexLinks(
            chart=lambda request, form: f"{request.chart_id}.{form}",
            languages={code: f"../{code}/index.html" for code in self.languages},
            more_links=(
                *(((N_("Open the dashboard"), f"{self.settings.base_url}/?{query}"),) if self.has_dashboard else ()),
                *(data if self.has_data else ()),
                *((form.name, f"latest.{ending}") for ending, form in FORMS.items()),
            ),
            alternates=self._alternates("index.html"),
            picture=f"{self.base_url}/{lang}/{next(iter(CATALOGUE))}.png" if self.base_url else "",
            fonts=f"../{ASSETS}/",
            policy=True,
        )

    def _alternates(self, name: str) -> Mapping[str, str]:
        """Return the whole address of a page in each language, and for readers of any other one."""
        if not self.base_url:
            return {}
        addresses = {lang: f"{self.base_url}/{lang}/{name}" for lang in self.languages}
        return addresses | {DEFAULT: addresses[self.languages[0]]}

    def _write_data(self, folder: Path, lang: str) -> Iterator[str]:
        """Write the package of all tables, as it is and unpacked, in both places."""
        with Scratch("package") as scratch:
            packed = Path(scratch) / PACKAGE
            base_url = self._settings_in(self.find_base(lang, "../")).base_url
            package.write_package(self.snapshot, Selection(lang=lang), packed, base_url)
            with zipfile.ZipFile(packed) as archive:
                archive.extractall(scratch)
            if self.is_for_iati:
                write_activities(self.snapshot, Selection(lang=lang), Path(scratch) / IATI)
            for place in (lang, f"{self.build_folder}/{lang}"):
                for file in sorted(Path(scratch).iterdir()):
                    name = f"{place}/{package.FOLDER}/{file.name}"
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(file, folder / name)
                    yield name

    def _list_whole(self) -> Iterator[tuple[str, bytes]]:
        """Yield the files that exist once for all languages."""
        first = self.languages[0]
        settings = self._settings_in(self.find_base(first, f"{first}/"))
        catalogue = metadata.list_charts(self.snapshot, Selection(lang=first), settings)
        for chart in catalogue["charts"]:
            chart["files"] = {lang: self._list_forms(str(chart["id"]), lang) for lang in self.languages}
        yield "charts.json", write_json(catalogue)
        yield "llms.txt", write_llms(self.snapshot, self._list_sources()).encode()
        yield HEADERS_FILE, write_headers_file().encode()
        if self.base_url:
            yield "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {self.base_url}/sitemap.xml\n".encode()
            yield "sitemap.xml", self._write_sitemap().encode()
        yield "index.html", self._draw_first().encode()
        yield CURRENT, self.name_current(files=self.build_folder)

    def name_current(self, **more: str) -> bytes:
        """Write which build this is."""
        current = {"build_id": self.snapshot.build_id, "content_id": self.snapshot.campaign.get("content_id")}
        return write_json({**current, "built_at": self.snapshot.built_at, **more, "languages": list(self.languages)})

    def _list_sources(self) -> Iterator[Source]:
        """List where programs find what is among the files."""
        place, folder = f"{self.base_url}/" if self.base_url else "", self.languages[0]
        yield Source("Charts", f"{place}charts.json", "the list of charts; each as a page, picture, CSV and JSON")
        if self.has_data:
            yield Source("Data package", f"{place}{folder}/{package.FOLDER}/{DESCRIPTOR}", "every table and column")
        yield Source("News", f"{place}{folder}/latest.json", "what is new, as JSON Feed")
        if self.has_dashboard:
            yield Source(
                "Dashboard", f"{self.settings.base_url}{LLMS}", "the same figures for any selection, and tools"
            )

    def _list_forms(self, chart_id: str, lang: str) -> dict[str, str]:
        return {form: f"{self.find_base(lang, f'{lang}/')}{chart_id}.{form}" for form in STATIC}

    def _write_sitemap(self) -> str:
        """Write the sitemap: the pages of the folder in every language, each beside its others."""
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        ]
        for name in ("index.html", *(f"{chart_id}.html" for chart_id in self._list_charts())):
            pairs = self._alternates(name)
            alternates = "".join(
                f'<xhtml:link rel="alternate" hreflang="{lang}" href="{escape(address)}"/>'
                for lang, address in pairs.items()
            )
            lines += [
                f"<url><loc>{escape(pairs[lang])}</loc><lastmod>{self.snapshot.built_at[:10]}</lastmod>{alternates}</url>"
                for lang in self.languages
            ]
        return "\n".join([*lines, "</urlset>", ""])

    def _draw_first(self) -> str:
        """Draw the list of all languages."""
        first, fonts = self.languages[0], f"{ASSETS}/"
        heading = escape(str(self.snapshot.campaign[f"title_{first}"]))
        return (
            f'<!doctype html><html {write_attributes(first)}><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(write_policy(fonts))}">'
            f'<meta name="viewport" content="width=device-width"><title>{heading}</title>'
            f"<style>{words_font.write_face(fonts)}</style><style>{LIGHT_STYLE}</style></head><body><main>"
            f"<h1>{heading}</h1>{''.join(map(self._list_language, self.languages))}</main></body></html>\n"
        )

    def _list_language(self, lang: str) -> str:
        t = translator(lang)
        day = t(N_("Figures as of {day}"), day=format_date(self.snapshot.last_date, lang))
        notice = f'<p class="sample">{escape(t(N_("The data is fictional.")))}</p>' if self.snapshot.is_sample else ""
        charts = "".join(
            f'<li><a href="{lang}/{one}.html">{escape(name_chart(one, lang))}</a> ({_list_files(lang, one)})</li>'
            for one in self._list_charts()
        )
        name = escape(format_language(lang, lang))
        head = f'<h2><a href="{lang}/index.html">{name}</a></h2>{notice}<p class="note">{escape(day)}</p>'
        return f"<section {write_attributes(lang)}>{head}<ul>{charts}</ul></section>"


def _list_files(lang: str, chart_id: str) -> str:
    endings = [ending for ending in STATIC if ending not in OF_BUILD]
    return ", ".join(f'<a href="{lang}/{chart_id}.{ending}">{ending.upper()}</a>' for ending in endings)


def place_file(folder: Path, name: str, content: bytes) -> str:
    """Write a file below a folder and return its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name
