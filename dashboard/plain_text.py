"""Text from files and people as documents can hold it."""

import re

# What XML 1.0 cannot hold, and the marks that end a line: PowerPoint, Excel and HTML would refuse or break them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")


def clean(text: str) -> str:
    """`text` in one line, without what a document cannot hold."""
    return _UNWRITABLE.sub("", _BREAKS.sub(" ", text))


def shorten(text: str, longest: int) -> str:
    """`text` cut at a word, if there is one near, with an ellipsis; at most `longest` characters."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    space = cut.rfind(" ")
    return f"{cut[:space] if space > longest * 0.7 else cut}…"
