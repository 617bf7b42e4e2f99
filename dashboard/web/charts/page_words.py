"""The words around the drawing on a chart's page, line by line: the page writes them, its height is reckoned of them.

Every line is of a kind, which says how it looks (`light_pages.css`) and how high it is (`page_height`).
"""

import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from dashboard.charts.chart import Chart
from dashboard.formats import clean
from dashboard.i18n import N_, translator


class Line(NamedTuple):
    """A line of words, wrapped where its page is narrow; its kind is one of `TAGS`."""

    kind: str
    text: str

    @property
    def html(self) -> str:
        """The line in the page."""
        tag, attributes = TAGS[self.kind]
        return f"<{tag}{attributes}>{_SLASH.sub('<wbr>', escape(self.text))}</{tag}>"


_SLASH = re.compile(r"(?<=[^\W\d]/)(?=[^\W\d])")
"""Where a line may break inside `completed/actions`: some browsers do so by themselves, others do not."""

TAGS = {
    "sample": ("p", ' class="sample"'),
    "title": ("h1", ' dir="auto"'),
    "finding": ("p", ' class="finding"'),
    "summary": ("p", ' class="summary"'),
    "note": ("p", ' class="note"'),
}


def list_above(chart: Chart, title: str | None = None) -> Iterator[Line]:
    """Above the drawing: that the data is fictional, the title (or the presenter's), the finding, the sum."""
    if chart.campaign["is_sample"]:
        yield Line("sample", chart.caption.notes[0])
    yield Line("title", title or chart.title)
    finding, *summaries = chart.caption.sentences
    yield Line("finding", finding)
    for sentence in summaries:
        yield Line("summary", sentence)


def list_below(chart: Chart) -> Iterator[Line]:
    """Below it: the selection, the notes, what the measures mean, the source."""
    t, caption = translator(chart.lang), chart.caption
    notes = caption.notes[1:] if chart.campaign["is_sample"] else caption.notes  # the first one stands above
    words = " · ".join(t(N_("{name}: {value}"), name=label, value=values) for label, values in caption.selection)
    means = " ".join(t(N_("{name}: {value}"), name=name, value=sentence) for name, sentence in caption.definitions)
    for text in (words, " ".join(notes), means, clean(caption.source_line)):
        if text:
            yield Line("note", text)


def name_citation(lang: str) -> str:
    """What opens the sentence by which the chart is cited."""
    return translator(lang)(N_("How to cite"))


def name_table(chart: Chart) -> str:
    """What opens the table; nothing where the chart has no row."""
    return translator(chart.lang)("The same figures as a table") if chart.cells()[1] else ""
