"""Texts without e-mail addresses, phone numbers and profiles of persons; and without whatever is known of persons.

SQL picks the texts that may hold one (the macros `may_hold_contact` and `may_hold_person`); what is here judges those
few.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from etl.texts.identities import find_beside, find_identities
from etl.texts.personal import MARK
from etl.texts.phones import find_phones
from etl.texts.social_pages import find_profiles

# Letters may be followed by their accents, and by signs that nobody sees.
_UNSEEN = r"\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff"
_IN_NAME = rf"\w{_UNSEEN}.+'’`´&#*~^$%\-"
_LABEL = rf"\w(?:[\w{_UNSEEN}-]*[\w{_UNSEEN}])?"
_SIGN = r"[@＠﹫]|%40|&\#64;|&\#x40;|&commat;"
_BRACKETED_AT = r"\s*[\[({<]\s*(?:at|arroba|arobase|@)\s*[\])}>]\s*"
_BRACKETED_DOT = r"\s*[\[({<]\s*(?:dot|punto|point|\.)\s*[\])}>]\s*"
_NAME = rf"(?:\w[{_IN_NAME}]*|\"[^\"\n]{{1,64}}\")"
_DOT = rf"(?:[.。．｡]|{_BRACKETED_DOT}|\s+dot\s+|\s+\.\s+)"
# Without one of these there is no address, and the pattern of one, which takes long to compile, is not needed.
_AT = re.compile(r"[@＠﹫&]|%40|[\s\[({<](?:at|arroba|arobase)[\s\])}>]|[\[(]a[\])]", re.IGNORECASE)
# Words that have another use stand for the signs only where a whole address is spelled with them.
_MAIL = rf"""(?<![{_IN_NAME}])[.+'’`´&\#*~^$%\-]*       # what stands before a name without being part of it
    (?P<mail>
      {_NAME}(?:{_BRACKETED_DOT}{_NAME}){{0,4}}
        (?: (?:{_SIGN}) (?:\[[\d.:a-f]+\] | (?:gmail|hotmail|yahoo|outlook|icloud)(?!\w))
          | \s{{0,2}}(?:{_SIGN})\s{{0,2}} {_LABEL}(?:{_DOT}{_LABEL})+ )
    | {_NAME}(?:(?:{_BRACKETED_DOT}|\s+(?:dot|punto|point)\s+){_NAME}){{0,4}} {_BRACKETED_AT}
        {_LABEL}(?:(?:{_DOT}|\s+(?:punto|point)\s+){_LABEL})*
    | {_NAME}(?:\s+dot\s+{_NAME}){{0,4}} \s+at\s+ {_LABEL}(?:\s+dot\s+{_LABEL})+
    | {_NAME}(?:\s+(?:punto|point)\s+{_NAME}){{0,4}} \s+(?:arroba|arobase)\s+
        {_LABEL}(?:(?:[.]|\s+(?:punto|point)\s+){_LABEL})+
    | {_NAME} \s+(?-i:AT)\s+ {_LABEL}(?:[.]{_LABEL})+
    | {_NAME} \s?[\[(]a[\])]\s?
        {_LABEL}(?:(?:[.]|{_BRACKETED_DOT}){_LABEL})*(?:[.]|{_BRACKETED_DOT})[^\W\d_]{{2,}}(?!\w)
    | [^\W_]+(?:[._][^\W_]+)+ \s+at\s+ {_LABEL}(?:[.]{_LABEL})*[.][^\W\d_]{{2,}}(?!\w)
    )"""
_LETTER = re.compile(r"[^\W\d_]")


def without_persons(text: str, regions: Sequence[str] = ()) -> str:
    """The text without contacts, and without names, numbers, places and dates of persons that are known as such.

    Args:
        text: What people wrote; no name by which rows are joined.
        regions: As of `without_contacts`.
    """
    cleaned = without_contacts(_mark_spans(text, find_identities(text)), regions)
    return _mark_spans(cleaned, find_beside(cleaned, MARK))


def without_contacts(text: str, regions: Sequence[str] = ()) -> str:
    """The text with `[…]` for each e-mail address, phone number and profile; the text itself where it holds none.

    `regions` are the countries (ISO 3166, two letters) whose ways to write national numbers are tried; numbers in the
    international form, or behind a word such as "Tel.", are known without.
    """
    cleaned = _mail().sub(_mark, text) if _AT.search(text) else text
    cleaned = _mark_spans(cleaned, find_profiles(cleaned))
    return _mark_spans(cleaned, find_phones(cleaned, regions))


def _mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a mark in place of spans, which are in their order and may overlap."""
    pieces, end = [], 0
    for start, stop in spans:
        if start >= end:
            pieces += [text[end:start], MARK]
        end = max(end, stop)
    return "".join([*pieces, text[end:]])


@cache
def _mail() -> re.Pattern[str]:
    return re.compile(_MAIL, re.IGNORECASE | re.VERBOSE)


def _mark(match: re.Match[str]) -> str:
    """The match with the address marked; `2 @ 3.50` is a price: an address has a letter on both sides' last part."""
    host = match["mail"].rpartition(".")[2]
    if not _LETTER.search(host) and "[" not in match["mail"]:
        return match[0]
    return match[0][: match.start("mail") - match.start()] + MARK
