"""Reading PDF in tests as a screen reader does: by the structure tree, in its order, with the letters that it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

_CODE = re.compile("<([0-9a-fA-F]+)>")
_SECTION = re.compile("(begin|end)(bfchar|bfrange|codespacerange)")


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
        """The elements of these roles inside, in the order of reading."""
        found = [one for child in self.inside for one in child.find(*roles)]
        return [*([self] if self.role in roles else []), *found]


class Paper:
    """A PDF, opened."""

    def __init__(self, file: Path | BytesIO) -> None:
        """Read a file."""
        self.pdf = pikepdf.open(file)
        self.root = self.pdf.Root
        self._places = {page.objgen: number for number, page in enumerate(self.pdf.pages)}
        self._texts = [dict(_read_marked(page)) for page in self.pdf.pages]

    @cached_property
    def tree(self) -> Element:
        """The whole structure, below one element."""
        (document,) = _list(self.root.StructTreeRoot.K)
        return self._read(document, 0)

    @property
    def bookmarks(self) -> list[tuple[int, str]]:
        """The outline: depth and title."""
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


def _read_marked(page: Any) -> Iterator[tuple[int, str]]:
    """The texts of a page by the number they are marked with; what is outside the reading has none."""
    fonts: dict[str, dict[bytes, str]] = {}
    letters: dict[bytes, str] = {}
    open_marks: list[int | None] = []
    texts: dict[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        match str(instruction.operator):
            case "BDC":
                given = operands[1]
                open_marks.append(
                    int(given.MCID) if isinstance(given, pikepdf.Dictionary) and "/MCID" in given else None
                )
            case "BMC":
                open_marks.append(None)
            case "EMC":
                open_marks.pop()
            case "Tf":
                name = str(operands[0])
                letters = fonts.setdefault(name, _read_letters(page.Resources.Font[name]))
            case "Tj" | "TJ":
                mark = next((one for one in reversed(open_marks) if one is not None), None)
                codes = b"".join(bytes(one) for one in _list(operands[0]) if isinstance(one, pikepdf.String))
                said = "".join(letters.get(codes[place : place + 2], "") for place in range(0, len(codes), 2))
                if mark is not None:
                    texts[mark] = texts.get(mark, "") + said
    yield from texts.items()


def _read_letters(font: Any) -> dict[bytes, str]:
    """What each code of a font stands for, as the file says."""
    letters: dict[bytes, str] = {}
    section = ""
    for line in font.ToUnicode.read_bytes().decode("latin-1").splitlines():
        if marker := _SECTION.search(line):
            section = marker[2] if marker[1] == "begin" else ""
        codes = [bytes.fromhex(code) for code in _CODE.findall(line)]
        if section == "bfchar" and len(codes) == 2:
            letters[codes[0]] = codes[1].decode("utf-16-be")
        elif section == "bfrange" and len(codes) == 3:
            first, last, start = (int.from_bytes(code) for code in codes)
            letters |= {code.to_bytes(2): chr(start + code - first) for code in range(first, last + 1)}
    return letters
