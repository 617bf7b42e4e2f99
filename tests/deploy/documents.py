"""The commands and files that documents show: blocks of either, and the commands in their sentences."""

import re
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from typing import NamedTuple

from dashboard.paths import PROJECT

TYPED = ("", "sh", "bash")
"""The languages of blocks that hold commands."""
_FENCE = re.compile(r" *```(\w*)")
_SPAN = re.compile(r"`([^`]+)`")
_PROGRAMS = r"\.|sudo|sh|make|python3?|systemctl|ln|git|podman|docker|curl|nginx|ssh-key\w+|etl|dashboard"
_COMMAND = re.compile(rf"(?:{_PROGRAMS}) [^.;].*|/opt/\S+/bin/.+")
_OF_FILE = re.compile(r".*`([\w./-]+\.\w+)`[^`]*:")


class Shown(NamedTuple):
    """A command or a file in a document.

    Attributes:
        place: The document and the line, as `README.md:19`.
        text: A command on one line, or the content of a file.
        file: The file with this content; empty for a command.
        is_block: Whether it stands in a block, so that readers copy it unchanged.
    """

    place: str
    text: str
    file: str = ""
    is_block: bool = True


def read_document(document: str) -> Iterator[Shown]:
    """Read the commands and files of a document, in order.

    A block of another language is a file where the line before it names one. For `docs/operations.md#Public files`,
    read only below that heading.
    """
    document, _, heading = document.partition("#")
    lines = iter(list(enumerate((PROJECT / document).read_text(encoding="utf-8").splitlines(), 1)))
    if heading:
        section = list(dropwhile(lambda line: line[1] != f"## {heading}", lines))
        lines = iter([section[0], *takewhile(lambda line: not line[1].startswith("## "), section[1:])])
    before = ""
    for number, line in lines:
        place, text = f"{document}:{number}", line.strip()
        if fence := _FENCE.match(line):
            block = []
            for _, inside in lines:
                if _FENCE.match(inside):
                    break
                block.append(inside)
            file = _OF_FILE.fullmatch(before)
            if fence[1] in TYPED:
                yield from (Shown(f"{document}:{number + at}", one) for at, one in enumerate(block, 1) if one.strip())
            elif file:
                yield Shown(place, "\n".join(block) + "\n", file[1])
        elif line.startswith("    ") and text:
            while text.endswith("\\"):
                text = f"{text[:-1].rstrip()} {next(lines)[1].strip()}"
            yield Shown(place, text)
        else:
            spans = [span[1] for span in _SPAN.finditer(line)]
            yield from (Shown(place, span, is_block=False) for span in spans if _COMMAND.fullmatch(span))
        before = text or before
