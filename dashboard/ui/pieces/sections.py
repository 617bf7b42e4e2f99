"""A part of a page about one thing: its heading, a note, and items of a few lines each."""

from html import escape
from typing import NamedTuple

import streamlit as st

from dashboard.ui.frame.view import View
from dashboard.ui.pieces import list_table, messages
from dashboard.ui.pieces.list_table import Cell


class Line(NamedTuple):
    """A line of an item: what it looks like (of `pages.css`), its texts, a word before them, and what parts them."""

    style: str
    cells: tuple[Cell, ...]
    label: str = ""
    sign: str = " · "


class Item(NamedTuple):
    """An item: its lines, what it looks like, and whether it stands for the present day."""

    lines: tuple[Line, ...]
    style: str = ""
    is_now: bool = False


class Section(NamedTuple):
    """A part of a page: its heading with its level, a note, its items, and what they look like."""

    title: str
    note: str = ""
    items: tuple[Item, ...] = ()
    style: str = ""
    level: int = 3


def show(view: View, section: Section) -> None:
    """Draw a part of a page; nothing where it has neither a note nor items."""
    if not (section.note or section.items):
        return
    note = messages.note(section.note) if section.note else ""
    items = "".join(_draw_item(view, item) for item in section.items)
    item_list = f'<ol class="{section.style}">{items}</ol>' if items else ""
    st.html(messages.part(section.title, section.level) + note + item_list)


def _draw_item(view: View, item: Item) -> str:
    now = ' aria-current="date"' if item.is_now else ""
    return f'<li class="{escape(item.style)}"{now}>{"".join(draw(view, line) for line in item.lines)}</li>'


def draw(view: View, line: Line) -> str:
    """A line as HTML; nothing where it has no text."""
    cells = line.sign.join(list_table.draw_cell(view, cell) for cell in line.cells if cell.text or cell.mark)
    label = f"{escape(line.label)} " if line.label else ""
    return f'<p class="{line.style}">{label}{cells}</p>' if cells else ""
