"""Comparing short texts in Python, where no database is at hand: by the rule of the macro `fold`.

Beside that, letters in another form (full-width, superscript, ligatures) are the plain ones.
"""

import re
import unicodedata

QUESTION = "[?\N{FULLWIDTH QUESTION MARK}\N{INVERTED QUESTION MARK}\N{ARABIC QUESTION MARK}]"
"""A mark that asks."""

LOOK_ALIKES = "achieve|attentee?|competed?|complexion|couplet|realzad[oa]|replie|terrine"
"""Words of three languages, folded, correct as they are, and one letter from words for completion (*atteinte*)."""

_QUESTION = re.compile(QUESTION)


def is_question(text: str) -> bool:
    """Whether a text asks: `Completed?` is a question, not an answer."""
    return _QUESTION.search(text) is not None


_NO_LETTER = re.compile(r"[\W_]+")
# The scripts whose signs make another word; `dashboard/queries/fold.sql` names the same.
_OWN_SIGNS = re.compile(
    "([\u0590-\u1cff\u2c80-\u2ddf\u3000-\u30ff\ua800-\uab2f\uabc0-\uabff\ufb07-\ufb4f\U00010000-\U0001ffff]+)"
)
_SPELLED_OUT = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})


def plain(text: str | None) -> str:
    """Return a text in the form for comparing headers: small letters and digits, without accents and punctuation."""
    if not text or text.isascii():
        return _NO_LETTER.sub(" ", (text or "").lower()).strip()
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    parts = _OWN_SIGNS.split(unicodedata.normalize("NFKC", text))
    parts[::2] = map(_without_accents, parts[::2])
    letters = (c.lower() if is_of_word(c) else " " for c in "".join(parts))
    return " ".join("".join(letters).translate(_SPELLED_OUT).split())


def is_of_word(character: str) -> bool:
    """Whether a character is a letter, a digit, or a sign that belongs to one."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _without_accents(text: str) -> str:
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.category(c).startswith("M"))
    return unicodedata.normalize("NFC", "".join(letters))
