"""The blocks of a briefing: charts, tables and messages, and the presenter's own words between them.

Words are Markdown: paragraphs, lists, bold, italic, links to the web; all other marks stand as they are typed. A name
in braces is a figure of the briefing's selection and day (`{completion_rate}`): it is filled in at each making.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dashboard.charts.chart import format_fraction
from dashboard.files.briefings.order import Kind
from dashboard.files.briefings.pieces import Piece
from dashboard.files.briefings.worded_figures import DAY, FACTS, NAME
from dashboard.formats import clean, format_count, format_date, format_percent, format_points
from dashboard.measures.counts import count_further, headline
from dashboard.measures.definitions import RATES
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection


class Run(NamedTuple):
    """Words of one look, without a break of the line; `link` is an address of the web or empty."""

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    link: str = ""


class Paragraph(NamedTuple):
    """A paragraph, a point of a list, or a heading."""

    kind: Literal["plain", "bullet", "number", "heading"]
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """Its words without their looks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Block:
    """One block of a briefing, as its writers take it.

    Attributes:
        piece: The chart of a chart, table or message.
        paragraphs: The words of a heading, text or message, with their figures.
        notes: Talking points, with their figures.
        is_edited: Whether a message's words are the presenter's.
        doubtful: The numbers in the presenter's words that the build does not give.
    """

    kind: Kind
    piece: Piece | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    notes: str = ""
    is_edited: bool = False
    doubtful: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All its words, without their looks."""
        return " ".join(paragraph.text for paragraph in self.paragraphs)


def write_figure(snapshot: Snapshot, selection: Selection, name: str) -> str:
    """Write one of `FIGURES` of a selection; of two that are compared, of the first."""
    selection, lang = selection.first, selection.lang
    total = headline(snapshot, selection)
    if name == DAY:
        return format_date(total.day, lang)
    if name == "elapsed":
        return format_percent(total.day_number, total.days_total, lang)
    if name == "pace":
        return format_points(total.pace, lang)
    fact = FACTS[RATES[name].denominator if name in RATES and name not in FACTS else name]
    if name in RATES:
        return format_fraction(*count_further(snapshot, selection, total, name).fraction(name), lang)
    rate = next(iter(fact.rates), "")
    return format_count((count_further(snapshot, selection, total, rate) if rate else total).count(name), lang)


def read_words(words: str, find_figure: Callable[[str], str]) -> tuple[Paragraph, ...]:
    """Read Markdown as paragraphs, and fill in the figures that it names."""
    return tuple(_join_runs(one) for one in _read_markdown(words, find_figure) if one.text.strip())


def read_line(
    words: str, find_figure: Callable[[str], str], kind: Literal["plain", "heading"] = "plain"
) -> tuple[Paragraph, ...]:
    """Take words as they are as one paragraph, none without words, and fill in the figures that they name."""
    text = _fill(words, find_figure).strip()
    return (Paragraph(kind, (Run(text),)),) if text else ()


def fill_lines(words: str, find_figure: Callable[[str], str]) -> str:
    """Fill in the figures that words of several lines name."""
    return "\n".join(_fill(line, find_figure) for line in words.splitlines())


def _fill(words: str, find_figure: Callable[[str], str]) -> str:
    return clean(NAME.sub(lambda match: find_figure(match[1]), words))


def _read_markdown(words: str, find_figure: Callable[[str], str]) -> Iterator[Paragraph]:
    kind: Literal["plain", "bullet", "number"] = "plain"
    lists: list[Literal["bullet", "number"]] = []
    for token in _parser().parse(words):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            lists.append("bullet" if token.type == "bullet_list_open" else "number")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            kind = lists[-1]
        elif token.type == "inline":
            yield Paragraph(kind, tuple(_read_runs(token.children or (), find_figure)))
            kind = "plain"


def _read_runs(tokens: Iterable[Token], find_figure: Callable[[str], str]) -> Iterator[Run]:
    look = Run("")
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            look = look._replace(is_strong=token.nesting > 0)
        elif token.type in ("em_open", "em_close"):
            look = look._replace(is_emphasised=token.nesting > 0)
        elif token.type in ("link_open", "link_close"):
            look = look._replace(link=str(token.attrs.get("href", "")))
        elif token.type in ("softbreak", "hardbreak"):
            yield look._replace(text=" ")
        elif token.content:
            yield look._replace(text=_fill(token.content, find_figure))


def _join_runs(paragraph: Paragraph) -> Paragraph:
    runs: list[Run] = []
    for run in paragraph.runs:
        if runs and runs[-1]._replace(text="") == run._replace(text=""):
            runs[-1] = run._replace(text=runs[-1].text + run.text)
        else:
            runs.append(run)
    return paragraph._replace(runs=tuple(runs))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["list", "emphasis", "link", "newline", "escape"])
    parser.validateLink = lambda url: url.lower().startswith(("http://", "https://"))  # type: ignore[method-assign]
    return parser


_NUMBER = re.compile(
    r"(?<![\w.,])(?<![^\W\d]-)(?<!\d{4}-)(?<!\d{4}-\d\d-)(\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,](\d+))?"
    r"(\s*%|\s+(?:percent\b|per cent|pour cent|por ciento))?",
    re.IGNORECASE,
)
_YEARS = range(1900, 2101)
Number = tuple[str, bool]
"""The digits of a number, and whether it is a percentage."""


def list_numbers(texts: Iterable[str]) -> dict[Number, str]:
    """List the numbers in texts, each with its first writing; years are none."""
    numbers: dict[Number, str] = {}
    for text in texts:
        for match in _NUMBER.finditer(text):
            integer_part, fraction, percent = match.groups()
            digits = re.sub(r"\D", "", integer_part)
            if digits == integer_part and not fraction and not percent and int(digits) in _YEARS:
                continue
            decimals = (fraction or "").rstrip("0")
            number = f"{int(digits)}.{decimals}" if decimals else str(int(digits))
            numbers.setdefault((number, bool(percent)), match[0].strip())
    return numbers


def list_typed_numbers(words: str) -> dict[Number, str]:
    """List the numbers in a presenter's words beside the figures that they name."""
    return list_numbers([NAME.sub("", words)])


def find_doubtful(paragraphs: Iterable[Paragraph], build_numbers: Collection[Number]) -> tuple[str, ...]:
    """Find the numbers in a presenter's words that are not among those of a build, as they are written."""
    numbers = list_numbers(paragraph.text for paragraph in paragraphs)
    return tuple(text for number, text in numbers.items() if number not in build_numbers)
