"""Reading PDF in tests as a screen reader does: by the structure tree, in its order, with the letters that it says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from dashboard.web.verifying.drawn_figures import read_marked


@dataclass
class Element:
    """One element of the structure: role, alternative text, scope of a heading, text, pages, elements inside."""

    role: str
    alt: str
    scope: str
    text: str
    pages: set[int]
    inside: list["Element"] = field(default_factory=list)

    def find(self, *roles: str) -> list["Element"]:
        """Return the elements of these roles inside, in the order of reading."""
        found = [one for child in self.inside for one in child.find(*roles)]
        return [*([self] if self.role in roles else []), *found]


class Paper:
    """A PDF, opened."""

    def __init__(self, file: Path | BytesIO) -> None:
        """Read a file."""
        self.pdf = pikepdf.open(file)
        self.root = self.pdf.Root
        self._places = {page.objgen: number for number, page in enumerate(self.pdf.pages)}
        self._texts = [dict(read_marked(page)) for page in self.pdf.pages]

    @cached_property
    def tree(self) -> Element:
        """Return the whole structure, below one element."""
        (document,) = _list(self.root.StructTreeRoot.K)
        return self._read(document, 0)

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """Return the outline: depth and title."""
        return list(_walk(self.root.Outlines.First, 0)) if "/First" in self.root.Outlines else []

    def _read(self, element: Any, above: int) -> Element:
        page = self._places[element.Pg.objgen] if "/Pg" in element else above
        read = Element(str(element.S)[1:], str(element.get("/Alt", "")), _scope(element), "", set())
        for child in _list(element.get("/K", [])):
            if isinstance(child, int):
                read.text += self._texts[page].get(child, "")
                read.pages.add(page)
            elif "/S" in child:
                inner = self._read(child, page)
                read.inside.append(inner)
                read.text += inner.text
                read.pages |= inner.pages
            elif "/MCID" in child:
                own = self._places[child.Pg.objgen] if "/Pg" in child else page
                read.text += self._texts[own].get(int(child.MCID), "")
                read.pages.add(own)
        return read


def _list(children: Any) -> list[Any]:
    return list(children) if isinstance(children, pikepdf.Array | list) else [children]


def _scope(element: Any) -> str:
    return next((str(one.Scope)[1:] for one in _list(element.get("/A", [])) if "/Scope" in one), "")


def _walk(entry: Any, depth: int) -> Iterator[tuple[int, str]]:
    while entry is not None:
        yield depth, str(entry.Title)
        if "/First" in entry:
            yield from _walk(entry.First, depth + 1)
        entry = entry.get("/Next")
