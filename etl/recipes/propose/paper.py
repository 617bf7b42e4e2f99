"""What every part of a proposed recipe is written with: the sources, the document, headers and texts as TOML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomlkit

from etl.readers.sheets import Sheet
from etl.recipes.model import Recipe
from etl.recipes.propose.columns import Profile, Spellings
from etl.recipes.propose.fields import Guess
from etl.shapes.model import Column, Shape, Tool

CHECK = "CHECK:"
LINE = 100
_SPECIAL = "[]"


@dataclass(frozen=True)
class Sources:
    """All that a proposal is written from."""

    file: str
    sheet: Sheet
    several: bool
    shape: Shape
    profiles: Sequence[Profile]
    guess: Guess
    spellings: Spellings
    recipes: Sequence[Recipe]


@dataclass
class Paper:
    """The document under way, and how many doubts it holds."""

    document: tomlkit.TOMLDocument = field(default_factory=tomlkit.document)
    doubts: int = 0

    def doubt(self, text: str) -> str:
        """A remark that somebody is to check something."""
        self.doubts += 1
        return f"{CHECK} {text}"


def header_of(column: Column, sources: Sources) -> str:
    """What a recipe calls a column: its header; of a choice below a second header row, question and option."""
    if column.choice and sources.shape.rows_after_header and sources.shape.tool is Tool.SURVEYMONKEY:
        return f"{column.question}/{column.choice}"
    return column.header or column.choice or column.question or ""


def to_array(items: Iterable[Any]) -> tomlkit.items.Array:
    """Texts as a TOML list, over several lines where they are long."""
    texts = list(items)
    written = tomlkit.array()
    for text in texts:
        written.append(text)
    return written.multiline(sum(len(str(t)) + 4 for t in texts) > LINE and len(texts) > 1)


def as_pattern(name: str) -> str:
    """A name as a pattern that finds it: brackets would be read as a choice of letters."""
    return "".join("?" if letter in _SPECIAL else letter for letter in name)


def one_line(text: str) -> str:
    """A text for a remark: on one line, without control characters, not longer than a line."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= LINE else words[: LINE - 1] + "…"


def count_rows(rows: int) -> str:
    """A number of rows in words."""
    return "1 row" if rows == 1 else f"{rows} rows"
