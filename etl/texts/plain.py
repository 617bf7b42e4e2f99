"""Comparing short texts in Python, where no database is at hand."""

import re
import unicodedata

_NO_LETTER = re.compile(r"[\W_]+")


def plain(text: str | None) -> str:
    """A text as headers are compared: small letters and digits, without accents and punctuation."""
    bare = (text or "").casefold()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    return _NO_LETTER.sub(" ", bare).strip()
