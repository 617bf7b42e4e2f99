"""A build as a few files that anybody can open, from a folder or from any web server, without scripts.

index.html                                  the headline, charts, news and definitions in the first language
fr/index.html                               the same in each other one
en/completion-by-region.html .svg .png .csv each chart
en/actions.xlsx .csv                        the actions
en/latest.atom .json .ics                   the news
assets/…                                    the font

Every link is relative, and nothing stands under names that never change: these files are copied, not linked to.
"""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.files.extracts.choice import Choice
from dashboard.files.extracts.table_files import write_file
from dashboard.formats import format_date, format_percent
from dashboard.i18n import N_, translator
from dashboard.measures.counts import headline
from dashboard.measures.definitions import DEFINITIONS
from dashboard.measures.latest import KINDS, list_latest
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import index_page, words_font
from dashboard.web.charts.requests import ChartRequest
from dashboard.web.news_feeds import FORMS
from dashboard.web.public_files.files_of_build import (
    ASSETS,
    CURRENT,
    HEADERS_FILE,
    PICTURE_SIZE,
    PublicSide,
    place_file,
    write_headers_file,
)

CHARTS = (
    "completion-by-region",
    "completion-by-category",
    "completion-by-theme",
    "status-overview",
    "completion-over-time",
    "completion-map",
)
HEADLINE = ("completion-by-region", "completion-over-time")
"""The charts whose key messages stand at the top."""
COUNTED = ("actions", "reported", "unknown")
"""What the charts' measures are counted from."""
CHART_FORMS = ("html", "svg", "png", "csv")
TABLES = ((N_("The actions as Excel"), "xlsx"), (N_("The actions as CSV"), "csv"))
MOST_NEWS = 12


class DemoSide(PublicSide):
    """One build as such files; the settings' address of a dashboard is left out."""

    kind = "demo"

    def write(self, folder: Path) -> Iterator[str]:
        """Write every file below a folder, and give its name once it is there; `CURRENT` is the last one."""
        for lang in self.languages:
            for chart_id in CHARTS:
                request = ChartRequest(
                    chart_id, "html", Selection(lang=lang), self.snapshot.build_id, size=PICTURE_SIZE
                )
                for form in CHART_FORMS:
                    content = self.make(replace(request, file_format=form), lang)
                    yield place_file(folder, f"{lang}/{chart_id}.{form}", content)
            for _, form in TABLES:
                name = f"{lang}/actions.{form}"
                write_file(self.snapshot, Selection(lang=lang), Choice(file_format=form), folder / name, "../")
                yield name
            for name, content in self.write_feeds(lang):
                yield place_file(folder, name, content)
        for lang, name in self._pages.items():
            yield place_file(folder, name, self._draw(lang).encode())
        for name, font in words_font.copies().files.items():
            yield place_file(folder, f"{ASSETS}/{name}", font.read_bytes())
        yield place_file(folder, HEADERS_FILE, write_headers_file().encode())
        yield place_file(folder, CURRENT, self.name_current())

    @property
    def _pages(self) -> dict[str, str]:
        """The page of each language: that of the first one is what opens."""
        return {lang: f"{lang}/index.html" if place else "index.html" for place, lang in enumerate(self.languages)}

    def find_index(self, folder: str) -> str:
        """Return the link from a chart's page to the page of its language."""
        return f"../{self._pages[folder]}"

    def _draw(self, lang: str) -> str:
        """Draw the page of a language."""
        is_first = lang == self.languages[0]
        folder, up = (f"{lang}/", "") if is_first else ("", "../")
        return index_page.draw_index(
            self.snapshot,
            Selection(lang=lang),
            index_page.IndexLinks(
                chart=lambda request, form: f"{folder}{request.chart_id}.{form}",
                languages={code: f"{up}{name}" for code, name in self._pages.items()},
                more_links=(
                    *((label, f"{folder}actions.{form}") for label, form in TABLES),
                    *((form.name, f"{folder}latest.{ending}") for ending, form in FORMS.items()),
                ),
                fonts=f"{up}{ASSETS}/",
                policy=True,
                charts=CHARTS,
                before=self._draw_headline(lang),
                after=self._draw_news(lang) + self._draw_definitions(lang),
            ),
        )

    def _draw_headline(self, lang: str) -> str:
        """Draw the completion rate large, and the key messages that say what it means."""
        total = headline(self.snapshot, Selection(lang=lang))
        charts = (build_chart(self.snapshot, chart_id, Selection(lang=lang)) for chart_id in HEADLINE)
        sentences = dict.fromkeys(message for chart in charts for message in chart.caption.messages)
        rate = format_percent(total.completed, total.actions, lang)
        return f'<p class="headline">{escape(rate)}</p>' + "".join(f"<p>{escape(one)}</p>" for one in sentences)

    def _draw_news(self, lang: str) -> str:
        """Draw the list of what is new."""
        t, news = translator(lang), list_latest(self.snapshot, Selection(lang=lang), limit=MOST_NEWS)
        columns = [news[name] for name in ("kind", "on_date", "title", "stakeholder")]
        items = "".join(
            f"<li>{escape(format_date(day, lang))} · {escape(t(KINDS[kind]))}: {escape(title)}"
            f"{f' ({escape(who)})' if isinstance(who, str) else ''}</li>"
            for kind, day, title, who in zip(*columns, strict=True)
        )
        return f"<section><h2>{escape(t(N_('Latest news')))}</h2><ul>{items}</ul></section>"

    def _draw_definitions(self, lang: str) -> str:
        """Draw what is counted, and how."""
        t = translator(lang)
        measure_ids = {measure for chart_id in CHARTS for measure in CATALOGUE[chart_id].measures} | set(COUNTED)
        items = "".join(
            f"<dt>{escape(t(one.name))}</dt><dd>{escape(t(one.sentence))}</dd>"
            for one in DEFINITIONS.values()
            if one.id in measure_ids
        )
        return f"<section><h2>{escape(t(N_('Definitions')))}</h2><dl>{items}</dl></section>"
