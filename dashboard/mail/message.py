"""One mail: its HTML page, and its bytes: text and HTML, pictures inside, headers of a list.

It follows RFC 5322 and 2045. Lines stay below 78 characters except for longer web addresses; everything is ASCII,
whatever the language.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import css_inline

from dashboard import theme
from dashboard.campaign.brand import LOGO_HEIGHT, PLAIN, Look, read_look
from dashboard.i18n import N_, Translator
from dashboard.languages import write_attributes
from dashboard.mail.addresses import check_address, read_sender
from dashboard.measures.definitions import FICTIONAL
from dashboard.settings import Settings

LONGEST_LINE = 998
"""The most octets of a line, by RFC 5322."""
_STYLE = Path(__file__).with_name("mail.css")
_COLOURS = {
    "paper": theme.PAPER,
    "text": theme.TEXT,
    "muted": theme.MUTED,
    "line": theme.GRID,
    "link": theme.COMPLETED,
    "completed": theme.COMPLETED,
    "elapsed": theme.ELAPSED,
    "dark-paper": theme.DARK["paper"],
    "dark-text": theme.DARK["text"],
    "dark-muted": theme.DARK["muted"],
    "dark-line": theme.DARK["axis"],
    "dark-link": "#6FB3DB",
}


LOGO = "logo"
"""The name of the picture with the publisher's logo."""
KICKER = '<p class="kicker">'
_DARK = (
    "@media (prefers-color-scheme:dark){a,.kicker{color:theme(dark-link)!important}"
    ".button{background:theme(dark-link)!important}}"
)


class Mail(NamedTuple):
    """The content of a mail to one reader.

    Attributes:
        recipient: A plain address.
        html: The same as the text, with a `<style>` that moves into its elements; empty for a mail of text alone.
        pictures: PNG files that the HTML shows by `src="cid:<name>"`, with an `alt` that says the same.
        list_id: The list's name in List-Id, as `newsletter.example.org`; empty for a mail to one person.
        unsubscribe: Address where one POST leaves the list (RFC 8058); empty for none.
        reply_to: The address for answers, if not the sender's.
    """

    recipient: str
    subject: str
    text: str
    html: str = ""
    language: str = "en"
    pictures: Mapping[str, bytes] = {}
    list_id: str = ""
    unsubscribe: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = {}


def dress(html: str, look: Look, lang: str) -> str:
    """Give the HTML of a mail the publisher's look; its logo is the picture `LOGO`. What has no style sheet stays."""
    styles, image = "", ""
    if look.colour:
        styles += f"a,.kicker{{color:{look.colour}}}.button{{background:{look.colour}}}"
        styles += _DARK.replace("theme(dark-link)", look.on_dark)
    if look.accent:
        styles += f".sheet{{border-top:6px solid {look.accent}}}"
    if look.logo:
        styles += f".logo{{width:{look.logo_width}px;margin:0 0 12px}}"
        image = f'<img class="logo" src="cid:{LOGO}" height="{LOGO_HEIGHT}" alt="{escape(look.name(lang))}">'
    dressed = html.replace("</style>", f"{styles}</style>", 1)
    if KICKER in html:
        return dressed.replace(KICKER, f"{image}{KICKER}", 1)
    return dressed.replace("<body>", f"<body>{image}", 1)


def make_dressed(mail: Mail, settings: Settings) -> bytes:
    """Make a mail in the look of the campaign's publisher; errors as of `make_mail`."""
    return make_mail(mail, settings.mail_sender, look=read_look(settings.campaign))


def make_mail(mail: Mail, from_whom: str, at: datetime | None = None, look: Look = PLAIN) -> bytes:
    """Make the mail from a sender (`Settings.mail_sender`), with a unique id, which stays the same at each attempt.

    Raises:
        UserError: the address of the recipient or of the sender is invalid.
        ValueError: a header or an address would break the message: a mistake of the caller.
    """
    sender = read_sender(from_whom)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=check_address(mail.recipient))
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime((at or datetime.now(UTC)).astimezone(UTC))
    message["Message-ID"] = f"<{secrets.token_hex(12)}@{sender.domain}>"  # short: a longer one would be folded
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=check_address(mail.reply_to))
    for name, value in mail.headers.items():
        message[name] = _one_line(value)
    message.set_content(_end_lines(mail.text), subtype="plain", charset="utf-8", cte="quoted-printable")
    if mail.html:
        html = dress(mail.html, look, mail.language)
        pictures = {**mail.pictures, **({LOGO: look.logo} if f"cid:{LOGO}" in html else {})}
        _add_html(message, mail._replace(html=html, pictures=pictures), sender.domain)
    message["Content-Language"] = mail.language  # with the content, because setting that removes its headers
    raw = b"".join(_list_headers(mail)) + message.as_bytes()
    if max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError("A line of a mail is longer than 998 octets.")
    return raw


def _one_line(text: str) -> str:
    """Clean a header's text: line breaks and other control characters become spaces, so that it ends at its end."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _end_lines(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _add_html(message: EmailMessage, mail: Mail, domain: str) -> None:
    html, ids = inline_styles(mail.html), {name: f"{name}.{secrets.token_hex(6)}@{domain}" for name in mail.pictures}
    for name, content_id in ids.items():
        html = html.replace(f'"cid:{name}"', f'"cid:{content_id}"')
    message.add_alternative(_end_lines(html), subtype="html", charset="utf-8", cte="quoted-printable")
    *_, part = message.iter_parts()
    assert isinstance(part, EmailMessage)  # noqa: S101  (for the types)
    for name, png in mail.pictures.items():
        part.add_related(png, "image", "png", cid=f"<{ids[name]}>", disposition="inline", filename=f"{name}.png")


def _list_headers(mail: Mail) -> list[bytes]:
    """List the headers of a mailing list. The library would encode a long address, which readers then misread.

    Raises:
        ValueError: a header cannot hold an address.
    """
    lines = {}
    if mail.list_id:
        lines["List-Id"] = f"<{mail.list_id}>"
    if mail.unsubscribe:
        lines["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in lines.items():
        if not value.isascii() or not value.isprintable() or " " in value or value.count(">") > 1:
            raise ValueError(f"{name} cannot hold this address.")
    return [f"{name}: {value}\r\n".encode("ascii") for name, value in lines.items()]


def inline_styles(html: str) -> str:
    """Move the styles of HTML into its elements, for mail programs; rules for dark and narrow screens stay."""
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True, apply_width_attributes=True
    )
    return inliner.inline(html)


def draw_page(t: Translator, campaign: str, heading: str, body: str, *, foot: str = "", is_sample: bool = False) -> str:
    """Draw a mail's HTML, with its styles in a `<style>`: one column that needs no table, in light and dark.

    The campaign's title and the heading are plain text, body and foot are HTML.
    """
    note = f'<p class="note">{escape(t(FICTIONAL))}</p>' if is_sample else ""
    foot = f'<div class="foot">{foot}</div>' if foot else ""
    language = write_attributes(t.language)
    return (
        f'<!doctype html><html {language}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{escape(heading)}</title><style>{_read_style()}</style></head>"
        f'<body><div class="sheet" role="article" aria-label="{escape(heading)}" {language}>'
        f"{note}{KICKER}{escape(campaign)}</p>"
        f"<h1>{escape(heading)}</h1>{body}{foot}</div></body></html>"
    )


Part = tuple[str, str]
"""A label and its words, a paragraph (no label), or a subheading (no words)."""


def write_notice(
    recipient: str,
    t: Translator,
    campaign: str,
    heading: str,
    parts: Sequence[Part],
    *,
    subject: str = "",
    button: str = "",
    way: str = "",
    remarks: Sequence[str] = (),
    is_sample: bool = False,
) -> Mail:
    """Write a mail about one matter: parts, a button to an address, and small remarks below; all of it plain text.

    The subject is the heading, unless there is another.
    """

    def name(label: str, words: str) -> str:
        return t(N_("{name}: {value}"), name=label, value=words).rstrip()

    stated_parts = [part for part in parts if any(part)]
    paragraphs = [name(*part) if all(part) else "".join(part) for part in stated_parts]
    if way:
        paragraphs.append(f"{name(button, '')}\n{way}")
    note = [t(FICTIONAL)] if is_sample else []
    text = "\n\n".join([*note, heading, *paragraphs, *remarks, campaign])
    body = "".join(map(_draw_part, stated_parts))
    if way:
        body += f'<p><a class="button" href="{escape(way)}">{escape(button)}</a></p>'
    body += "".join(f'<p class="small">{escape(remark)}</p>' for remark in remarks)
    html = draw_page(t, campaign, heading, body, is_sample=is_sample)
    return Mail(recipient, subject or heading, f"{text}\n", html, t.language)


def _draw_part(part: Part) -> str:
    label, words = part[0], escape(part[1]).replace("\n", "<br>")
    if not words:
        return f"<h3>{escape(label)}</h3>"
    return f"<p><b>{escape(label)}</b><br>{words}</p>" if label else f"<p>{words}</p>"


@cache
def _read_style() -> str:
    """Read the style sheet of mails, with the theme's colours in place of their names."""
    text = _STYLE.read_text(encoding="utf-8").replace("\n", "")
    for name, colour in _COLOURS.items():
        text = text.replace(f"theme({name})", colour)
    return text
