"""The two mails that follow a sign-up: please confirm, or: you get it already."""

from html import escape
from typing import NamedTuple

from dashboard.i18n import N_, Translator
from dashboard.newsletter.mail_page import Page, draw_page


class Notice(NamedTuple):
    """What a notice is made from; `is_new`: somebody has asked who does not get the newsletter yet."""

    t: Translator
    campaign: str
    link: str
    is_new: bool


def write_notice(notice: Notice) -> tuple[str, str, str]:
    """Subject, text and HTML of a notice."""
    t, campaign, link = notice.t, notice.campaign, notice.link
    if notice.is_new:
        subject = t(N_("Please confirm: newsletter of {campaign}"), campaign=campaign)
        heading = t(N_("Do you want this newsletter?"))
        message = N_("Somebody, hopefully you, has asked for the newsletter of {campaign} at this address.")
        before = t(message, campaign=campaign)
        button = t(N_("Yes, send me the newsletter"))
        after = [t(N_("Without this answer you get no further mail, and the address is deleted after seven days."))]
    else:
        subject = t(N_("You get the newsletter of {campaign} already"), campaign=campaign)
        heading = subject
        before = t(N_("Somebody, hopefully you, has asked for it at this address again. Nothing was changed."))
        button = t(N_("Language, regions and themes, or unsubscribing"))
        after = []
    after.append(t(N_("If you did not ask for it, you do not need to do anything.")))
    way = f"{t(N_('{name}: {value}'), name=button, value='').rstrip()}\n{link}"
    text = "\n\n".join([heading, before, way, *after, campaign]) + "\n"
    body = f"<p>{escape(before)}</p>"
    body += f'<p><a class="button" href="{escape(link)}">{escape(button)}</a></p>'
    body += "".join(f'<p class="small">{escape(line)}</p>' for line in after)
    return subject, text, draw_page(Page(t, campaign, heading, body))
