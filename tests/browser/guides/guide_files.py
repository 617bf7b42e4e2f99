"""A guide as its file has it, taken apart: headings, steps, pictures, and words of the interface."""

import re
from pathlib import Path
from typing import NamedTuple

from dashboard.paths import PROJECT

FOLDER = PROJECT / "docs" / "guides"
GUIDES = ("staff", "partners", "presenters", "stakeholders")
LINE = re.compile(r"^(?P<mark>#+|\d+\.|\|| *!\[)", flags=re.MULTILINE)


class GuideFile(NamedTuple):
    """The content of a guide.

    Attributes:
        shape: The beginning of each line of its frame: headings, steps, pictures, rows of a table.
        pictures: The pictures, by their places below the folder of images, with their descriptions.
        bold: The bold texts: words of the interface.
    """

    text: str
    shape: list[str]
    pictures: dict[str, str]
    bold: list[str]


def read_guide(name: str, lang: str) -> GuideFile:
    """Read a guide in a language."""
    text = find_guide(name, lang).read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(images/([^)]*)\)", text)
    shape = [found["mark"].strip() for found in LINE.finditer(text)]
    bold = [" ".join(word.split(" ")) for word in re.findall(r"\*\*([^*]+)\*\*", text)]
    return GuideFile(text, shape, {file: alt for alt, file in pictures}, bold)


def find_guide(name: str, lang: str) -> Path:
    """Find the file of a guide."""
    return FOLDER / f"{name}.{lang}.md"
