"""Profiles of persons: addresses of their pages in social networks, handles, and names behind a service's name.

Pages of organisations there are kept where their address says so (a company, a group), and so is what was posted.
"""

import re
from collections.abc import Iterator
from functools import cache

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


def find_profiles(text: str) -> list[tuple[int, int]]:
    """Where profiles of persons stand in a text (start, stop), in their order."""
    return sorted(_find(text)) if _TRIGGER.search(text) else []


def _find(text: str) -> Iterator[tuple[int, int]]:
    page, handle, named_page = _compiled()
    yield from (match.span() for match in page.finditer(text))
    yield from (match.span() for match in handle.finditer(text))
    yield from (match.span(match.lastgroup or 0) for match in named_page.finditer(text))


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return re.compile(_PAGE, re.IGNORECASE | re.VERBOSE), re.compile(_HANDLE), re.compile(_NAMED)
