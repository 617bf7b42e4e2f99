"""A digest written as text and as HTML. The reader's own links are marks in them, until the mail is made for one."""

import textwrap
from base64 import b64encode
from collections.abc import Iterator
from html import escape

from dashboard.formats import format_count
from dashboard.i18n import N_, Translator
from dashboard.mail.message import inline_styles
from dashboard.newsletter.digest import Digest, Entry, Section
from dashboard.newsletter.mail_page import Page, draw_page

PREFERENCES_MARK, UNSUBSCRIBE_MARK = "https://mark.invalid/preferences", "https://mark.invalid/unsubscribe"
WIDTH = 72
ALL = N_("All that is new")
COMING = N_("Coming events")
STANDING = N_("Where the actions stand")
WHY = N_("You get this mail because you asked for it and confirmed that.")
PREFERENCES = N_("Change language, regions and themes, see or delete what is kept about you")
LEAVE = N_("Unsubscribe from the newsletter")
SENDER, CONTACT = N_("Sent by"), N_("Contact")


def with_links(text: str, preferences: str, unsubscribe: str) -> str:
    """A text with a reader's own links; in HTML they are escaped already, for they hold letters and `&amp;` only."""
    return text.replace(PREFERENCES_MARK, preferences).replace(UNSUBSCRIBE_MARK, unsubscribe)


def show_pictures(digest: Digest, html: str) -> str:
    """The HTML with the pictures inside, for a preview in a browser, with its styles where mail programs look."""
    for picture in digest.pictures:
        data = b64encode(picture.png).decode("ascii")
        html = html.replace(f'"cid:{picture.name}"', f'"data:image/png;base64,{data}"')
    return inline_styles(html)


def write_text(digest: Digest) -> str:
    """The digest as plain text: short lines, addresses on lines of their own."""
    return "\n".join(_write_lines(digest)) + "\n"


def write_html(digest: Digest) -> str:
    """The digest as HTML, with its pictures by `cid:`."""
    t = digest.t
    body = f'<p class="meta">{escape(digest.period)}</p>'
    body += f'<p class="meta">{escape(digest.choice)}</p>' if digest.choice else ""
    for section in digest.sections:
        body += _render_section(digest, section)
    if digest.coming:
        body += f"<h2>{escape(t(COMING))}</h2><ul>{''.join(map(_render_entry, digest.coming))}</ul>"
    body += f'<p><a class="button" href="{escape(digest.everything)}">{escape(t(ALL))}</a></p>'
    body += f"<h2>{escape(t(STANDING))}</h2><p>{escape(digest.standing)}</p>"
    for picture in digest.pictures:
        body += (
            f'<h3><a href="{escape(picture.link)}">{escape(picture.title)}</a></h3><p>{escape(picture.finding)}</p>'
            f'<img src="cid:{picture.name}" width="568" alt="{escape(picture.alt)}">'
        )
    foot = (
        f"<p>{escape(t(WHY))}</p>"
        f'<p><a href="{PREFERENCES_MARK}">{escape(t(PREFERENCES))}</a></p>'
        f'<p><a href="{UNSUBSCRIBE_MARK}">{escape(t(LEAVE))}</a></p>'
        f"<p>{escape(_pair(t, SENDER, digest.sender))}{_link_contact(digest)}</p>"
    )
    return draw_page(Page(t, digest.campaign, digest.subject, body, foot, digest.is_sample))


def _render_section(digest: Digest, section: Section) -> str:
    more = _say_more(digest, section)
    rest = f'<p><a href="{escape(digest.everything)}">{escape(more)}</a></p>' if more else ""
    return f"<h2>{escape(section.title)}</h2><ul>{''.join(map(_render_entry, section.entries))}</ul>{rest}"


def _render_entry(entry: Entry) -> str:
    lang = f' lang="{escape(entry.language)}"' if entry.language else ""
    summary = f"<p{lang}>{escape(entry.summary)}</p>" if entry.summary else ""
    return (
        f'<li><h3><a href="{escape(entry.link)}"{lang}>{escape(entry.title)}</a></h3>'
        f'<p class="meta">{escape(" · ".join(entry.facts))}</p>{summary}</li>'
    )


def _say_more(digest: Digest, section: Section) -> str:
    n = section.total - len(section.entries)
    return digest.t(N_("and {n} more"), n=format_count(n, digest.wish.lang)) if n > 0 else ""


def _write_lines(digest: Digest) -> Iterator[str]:
    t = digest.t
    if digest.is_sample:
        yield from (*_wrap(t(N_("Fictional data: these actions and stakeholders are invented."))), "")
    yield from _wrap(digest.campaign)
    yield from _head(digest.subject, "=")
    yield from _wrap(digest.period)
    yield from _wrap(digest.choice)
    for section in digest.sections:
        yield from ("", *_head(section.title, "-"))
        for entry in section.entries:
            yield from _write_entry(entry)
        more = _say_more(digest, section)
        yield from [more, digest.everything] if more else []
    if digest.coming:
        yield from ("", *_head(t(COMING), "-"))
        for entry in digest.coming:
            yield from _write_entry(entry)
    yield from ("", _lead(t, ALL), digest.everything, "", *_head(t(STANDING), "-"), *_wrap(digest.standing))
    for picture in digest.pictures:
        yield from ("", *_wrap(picture.title), *_wrap(picture.finding), picture.link)
    yield from ("", "-- ", *_wrap(t(WHY)), "", *_wrap(_lead(t, PREFERENCES)), PREFERENCES_MARK)
    yield from ("", _lead(t, LEAVE), UNSUBSCRIBE_MARK)
    yield from ("", *_wrap(_pair(t, SENDER, digest.sender)))
    yield from _wrap(_pair(t, CONTACT, digest.contact)) if digest.contact else []


def _link_contact(digest: Digest) -> str:
    if not digest.contact:
        return ""
    link = f'<a href="mailto:{escape(digest.contact)}">{escape(digest.contact)}</a>'
    return f"<br>{escape(_lead(digest.t, CONTACT))} {link}"


def _lead(t: Translator, words: str) -> str:
    """Words before an address, with the colon as the language sets it."""
    return _pair(t, words, "").rstrip()


def _pair(t: Translator, name: str, value: str) -> str:
    return t(N_("{name}: {value}"), name=t(name), value=value)


def _write_entry(entry: Entry) -> Iterator[str]:
    yield from _wrap(entry.title, first="* ", rest="  ")
    yield from _wrap(" · ".join(entry.facts), first="  ", rest="  ")
    yield from _wrap(entry.summary, first="  ", rest="  ")
    yield from (f"  {entry.link}", "")


def _head(text: str, line: str) -> Iterator[str]:
    lines = _wrap(text)
    yield from lines
    yield line * max(map(len, lines), default=0)


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
