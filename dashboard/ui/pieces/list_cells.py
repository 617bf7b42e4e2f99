"""The cells of a list: words with search words marked, a link, a status on its colour.

Words match as in the database: without regard to accents, case and characters that are no letters. The database itself
folds characters for comparison, so that exactly the matches are marked.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from itertools import chain, groupby
from typing import Any, NamedTuple
from unicodedata import normalize

import streamlit as st

from dashboard import formats
from dashboard.measures.annotations import WITHDRAWN, Annotation
from dashboard.snapshot.database import Snapshot
from dashboard.ui.frame import link
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import messages
from dashboard.web import evidence_files


class Span(NamedTuple):
    """A part of a text, and whether it is a search word."""

    text: str
    is_marked: bool = False


Spans = tuple[Span, ...]


def draw_spans(spans: Spans) -> str:
    """Write a text as HTML, with search words in `<mark>`."""
    return "".join(f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in spans)


def mark_words(snapshot: Snapshot, q: str, texts: Iterable[str]) -> Callable[[str], Spans]:
    """Make a function that finds search words in one of the texts."""
    words = snapshot.search_words(q)
    if not words:
        return lambda text: (Span(text),)
    composed = (normalize("NFC", text) for text in texts)
    folded = snapshot.fold(letter for letter in chain.from_iterable(composed) if not letter.isspace())
    return lambda text: _mark(normalize("NFC", text), words, folded)


def _mark(text: str, words: list[str], folded: dict[str, str]) -> Spans:
    """Mark each of the folded words wherever it stands in a text."""
    signs = ((sign, place) for place, letter in enumerate(text) for sign in folded.get(letter, "") or _part(letter))
    plain: list[tuple[str, int]] = []
    for sign, place in signs:
        if sign != " " or (plain and plain[-1][0] != " "):  # words are separated by one blank, however wide the gap
            plain.append((sign, place))
    compared = "".join(sign for sign, _ in plain)
    marked = [False] * len(text)
    for word in words:
        at = compared.find(word)
        while at >= 0:
            first, last = plain[at][1], plain[at + len(word) - 1][1]
            marked[first : last + 1] = [True] * (last + 1 - first)
            at = compared.find(word, at + 1)
    letters = groupby(zip(text, marked, strict=True), key=lambda letter: letter[1])
    return tuple(Span("".join(letter for letter, _ in part), is_marked) for is_marked, part in letters)


def _part(letter: str) -> str:
    """Fold a character that is no letter: search words have blanks there."""
    return "" if letter in "\u00ad\u200b\u200c\u200d" else " "


class StatusMark(NamedTuple):
    """A status in words.

    Attributes:
        status: The base status, or a derived one: the colour.
        campaign_status: The campaign's own status, where it has another name.
        late: A note that the deadline has passed.
    """

    status: str
    word: str
    campaign_status: str = ""
    late: str = ""


def say_status(view: View, status: str, status_code: Any = None, *, is_overdue: bool = False) -> StatusMark:
    """Write a status in words.

    `status`: the base status, or a derived one.
    `status_code`: the campaign's own status; anything but text counts as none.
    """
    codes = view.snapshot.codes["statuses"]
    word = codes[status].labels[view.lang] if status in codes else status
    campaign_word = (
        codes[status_code].labels[view.lang] if isinstance(status_code, str) and status_code in codes else word
    )
    return StatusMark(
        status, word, campaign_word if campaign_word != word else "", view.t("Overdue") if is_overdue else ""
    )


def draw_status(mark: StatusMark) -> str:
    """Write a status as HTML."""
    html = f'<span class="status status-{escape(mark.status)}">{escape(mark.word)}</span>'
    if mark.campaign_status:
        html += (
            f' <span class="status-own" title="{escape(mark.campaign_status)}">{escape(mark.campaign_status)}</span>'
        )
    if mark.late:
        html += f' <span class="status-late">{escape(mark.late)}</span>'
    return html


class Picture(NamedTuple):
    """A picture: its address, what it shows, whose rights in it are, and the language of both."""

    address: str
    alt: str
    rights: str
    lang: str = ""


def list_pictures(view: View, files: Iterable[Annotation]) -> tuple[Picture, ...]:
    """List the pictures among files that stakeholders handed in."""
    return tuple(
        Picture(_write_file_address(view, one), one.words, one.rights or "", one.language or "")
        for one in files
        if one.is_picture
    )


def list_documents(view: View, files: Iterable[Annotation]) -> Iterator["Cell"]:
    """List the documents among such files, each a link that says its kind and size; and those that were withdrawn."""
    for one in files:
        if one.is_withdrawn:
            yield Cell(view.t(WITHDRAWN), style="muted")
        elif not one.is_picture and one.size is not None:
            size = formats.format_bytes(one.size, view.lang)
            yield Cell(f"{one.words} (PDF, {size})", lang=one.language or "", url=_write_file_address(view, one))


def _write_file_address(view: View, one: Annotation) -> str:
    return evidence_files.write_address(link.site_path(view.page_id), str(one.file), view.selection.build)


_ANGLES = str.maketrans("<>", "‹›")


def draw_pictures(pictures: Iterable[Picture]) -> str:
    """Write pictures as HTML, each with whose it is below it; a browser fetches them as they come into view.

    Angle brackets become others, since Streamlit takes attributes away that look like mark-up.
    """
    return "".join(
        f'<figure class="picture"><img src="{escape(one.address)}" alt="{escape(one.alt.translate(_ANGLES))}"'
        f'{_say_lang(one.lang)} loading="lazy">'
        f"<figcaption{_say_lang(one.lang)}>{escape(one.rights)}</figcaption></figure>"
        for one in pictures
    )


def _say_lang(lang: str) -> str:
    return f' lang="{escape(lang)}"' if lang else ""


class Cell(NamedTuple):
    """A cell: its words, its link, their language, and their look.

    Attributes:
        excerpt: As much of the words as there is room for; empty for all.
        spans: The parts of the words, where some are search words.
        url: An address outside of the dashboard, in place of a link.
        details: Further facts, a label and words each, folded below the line.
        day: The day that the words name.
        pictures: What a list shows below its line.
    """

    text: str
    excerpt: str = ""
    link: PageLink | None = None
    lang: str = ""
    spans: Spans = ()
    mark: StatusMark | None = None
    url: str = ""
    style: str = ""
    details: Sequence[tuple[str, str]] = ()
    day: date | None = None
    pictures: tuple[Picture, ...] = ()


def draw_cell(view: Frame, cell: Cell, *, is_cut: bool = False) -> str:
    """Write a cell as HTML: isolated in direction and language; one that may be cut shows all at the pointer."""
    if cell.mark:
        return f"<bdi>{draw_status(cell.mark)}</bdi>"
    if not cell.text:
        return f"<bdi>{formats.NOTHING}</bdi>"
    words = draw_spans(cell.spans) if cell.spans else escape(cell.excerpt or cell.text)
    if cell.style:
        words = f'<span class="{escape(cell.style)}">{words}</span>'
    if cell.day:
        words = f'<time datetime="{cell.day.isoformat()}">{words}</time>'
    aria_label = f'aria-label="{escape(cell.text)}"' if cell.excerpt not in ("", cell.text) else ""
    if cell.url:
        is_web = cell.url.startswith("http")
        away = ' <span aria-hidden="true">↗</span>' if is_web else ""
        new_tab = ' target="_blank" rel="noopener noreferrer"' if is_web else ""
        words = f'<a href="{escape(cell.url)}"{new_tab} {aria_label}>{words}{away}</a>'
    elif cell.link:
        words = replace(cell.link, lang="").wrap(words, view.page_id, aria_label)  # the cell says its language
    if cell.details:
        return f"<details><summary>{words}</summary></details>"  # which opens the row below
    title = f' title="{escape(cell.text)}"' if is_cut else ""
    return f"<bdi{_say_lang(cell.lang)}{title}>{words}</bdi>"


class Line(NamedTuple):
    """A line of an item: its look (of `pages.css`), its texts, a word before them, and their separator."""

    style: str
    cells: tuple[Cell, ...]
    label: str = ""
    sign: str = " · "


class Item(NamedTuple):
    """An item: its lines, its look, whether it stands for the present day, and the pictures below its lines."""

    lines: tuple[Line, ...]
    style: str = ""
    is_now: bool = False
    pictures: tuple[Picture, ...] = ()


class Section(NamedTuple):
    """A part of a page: its heading with its level, a note, its items, and their look."""

    title: str
    note: str = ""
    items: tuple[Item, ...] = ()
    style: str = ""
    level: int = 3


def show_items(view: View, section: Section) -> None:
    """Draw a part of a page; nothing where it has neither a note nor items."""
    if section.note or section.items:
        st.html(draw_section(view, section))


def draw_section(view: View, section: Section) -> str:
    """Write a part of a page as HTML."""
    note = messages.note(section.note) if section.note else ""
    items = "".join(_draw_item(view, item) for item in section.items)
    item_list = f'<ol class="{section.style}">{items}</ol>' if items else ""
    return messages.part(section.title, section.level) + note + item_list


def _draw_item(view: View, item: Item) -> str:
    now = ' aria-current="date"' if item.is_now else ""
    lines = "".join(draw_line(view, line) for line in item.lines)
    return f'<li class="{escape(item.style)}"{now}>{lines}{draw_pictures(item.pictures)}</li>'


def draw_line(view: View, line: Line) -> str:
    """Write a line as HTML; empty where it has no text."""
    cells = line.sign.join(draw_cell(view, cell) for cell in line.cells if cell.text or cell.mark)
    label = f"{escape(line.label)} " if line.label else ""
    return f'<p class="{line.style}">{label}{cells}</p>' if cells else ""
