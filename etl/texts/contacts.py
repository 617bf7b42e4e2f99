"""Texts without e-mail addresses, phone numbers and profiles of persons; and without other recognised personal data.

SQL picks the texts that may hold one (the macros `may_hold_contact` and `may_hold_person`); this module judges those
few.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from etl.texts.identities import find_beside, find_identities
from etl.texts.personal import MARK
from etl.texts.phones import find_phones

_END = r"/?(?=$|[\s?#<>()\[\]\"',;]|\.(?:\s|$))"
_TRIGGER = re.compile(
    r"@|linkedin|facebook|fb\.|\bfb\b|twitter|x\.com|instagram|\binsta\b|tiktok|t\.me|telegram|skype|wechat|viber"
    r"|snapchat|discord|signal|messenger|calendly|orcid|user ?name|login|m\.me",
    re.IGNORECASE,
)
_PAGE = rf"""(?<![\w.-])(?:https?://)?(?:[a-z-]+\.)?(?:
      linkedin\.com/(?:in|pub|mwlite/in)/[^\s<>()\[\]"']+
    | (?:facebook\.com|fb\.com|fb\.me|m\.me)/(?:
        profile\.php\?[^\s<>()]+ | people/[^\s<>()]+
      | (?!(?:pages|groups|events|watch|hashtag|sharer|share|photo|photos|reel|help|story|permalink)\b)[\w.-]*\w{_END})
    | (?:twitter|x)\.com/@?(?!(?:hashtag|search|share|intent|i|home|explore)\b)\w+{_END}
    | instagram\.com/(?!(?:p|reel|explore|tv|stories)/)[\w.]*\w{_END}
    | tiktok\.com/@[\w.]*\w{_END}
    | (?:t\.me|telegram\.me|calendly\.com|signal\.me)/[^\s<>()\[\]"']*\w
    | snapchat\.com/add/[^\s<>()\[\]"']*\w
    | orcid\.org/[\dX-]+
    )"""
_HANDLE = r"(?<![\w@/.%+-])@[^\W\d_][\w.]*\w\w(?![\w(])"
_SERVICE = (
    r"skype|telegram|instagram|insta|twitter|facebook|fb|linkedin|wechat|viber|snapchat|tiktok|signal|discord|messenger"
    r"|orcid"
)
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][\w'’-]+(?:[ ][A-ZÀ-ÖØ-Þ][\w'’-]+){0,2}"
_KIND = r"id|name|user(?:[ ]?name)?|handle|profile|account|profil|perfil|compte|cuenta"
_CODED = r"live:[\w.:-]*\w|@?[^\W_]+(?:[._-][^\W_]+)+|@\w+|(?=\w*\d)(?=\w*[^\W\d_])\w+|in/[\w-]+"
_NAMED = (
    rf"(?<!\w)(?i:{_SERVICE})(?:[ ](?i:{_KIND}))?[ ]?[:=][ ]?"
    rf"(?P<told>{_CODED}|{_CAPITALS}|[a-z]\w{{3,}}(?=[ ]*(?:$|[,;.)\n])))"
    rf"|(?<!\w)(?i:{_SERVICE})[ ](?i:{_KIND})(?:[ ](?i:is|est|es))?[ ](?P<called>{_CODED})"
    rf"|(?<!\w)(?i:skype|telegram|wechat|viber)[ ](?P<beside>{_CODED})"
    r"|skype:(?P<link>[\w.:-]*\w)"
    r"|(?<!\w)(?i:user[ ]?name|login|nom[ ]d['’]utilisateur|nombre[ ]de[ ]usuario)[ ]?[:=][ ]?(?P<user>\S*\w)"
)


def _find(text: str) -> Iterator[tuple[int, int]]:
    page, handle, named_page = _compiled()
    yield from (match.span() for match in page.finditer(text))
    yield from (match.span() for match in handle.finditer(text))
    yield from (match.span(match.lastgroup or 0) for match in named_page.finditer(text))


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return re.compile(_PAGE, re.IGNORECASE | re.VERBOSE), re.compile(_HANDLE), re.compile(_NAMED)


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
    """Return the text without contacts, and without recognised names, numbers, places and dates of persons.

    The text is prose, and no name that joins rows.
    """
    cleaned = without_contacts(_mark_spans(text, find_identities(text)), regions)
    return _mark_spans(cleaned, find_beside(cleaned, MARK))


def without_contacts(text: str, regions: Sequence[str] = ()) -> str:
    """Return the text with `[…]` for each e-mail address, phone number and profile; unchanged without any.

    `regions` are the countries (ISO 3166, two letters) whose notations of national numbers to try; numbers in the
    international form, or behind a word such as "Tel.", need no country.
    """
    cleaned = _mail().sub(_mark, text) if _AT.search(text) else text
    cleaned = _mark_spans(cleaned, sorted(_find(cleaned)) if _TRIGGER.search(cleaned) else [])
    return _mark_spans(cleaned, find_phones(cleaned, regions))


def _mark_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put a mark in place of spans, which are in order and may overlap."""
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
    """Mark the address in the match; `2 @ 3.50` is a price: an address has a letter on both sides' last part."""
    host = match["mail"].rpartition(".")[2]
    if not _LETTER.search(host) and "[" not in match["mail"]:
        return match[0]
    return match[0][: match.start("mail") - match.start()] + MARK
