"""The mail that brings a stakeholder a new link to report by, where the old one is lost."""

import logging
from datetime import timedelta
from html import escape

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.links import BY_REQUEST, ReportLink, ReportLinks, find_today
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.formats import format_date
from dashboard.i18n import N_, translator
from dashboard.mail.asked import find_addresses
from dashboard.mail.message import Mail, draw_page, make_mail
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.sending import send_confirmations
from dashboard.mail.subscribers import MOST_ASKS
from dashboard.settings import Settings
from dashboard.snapshot import database

LOG = logging.getLogger(__name__)


def send_lost_link(settings: Settings, address: str, lang: str) -> None:
    """Mail a new link to an address in small letters, if exports have it beside an action, and not too often a day.

    Nobody waits for it: whoever asked has their answer already, and a fault is logged.
    """
    try:
        with computer_faults():
            if (link := _make_link(settings, address)) is not None:
                _put_mail(settings, address, lang, link)
                send_confirmations(settings)
    except Exception as error:  # its words might hold an address
        LOG.error("A lost link could not be sent: %s", error if isinstance(error, UserError) else type(error).__name__)


def _make_link(settings: Settings, address: str) -> ReportLink | None:
    """Make a link to all actions of an address, in the wave of its last one; None where it gets none today."""
    addresses = find_addresses(database.current(settings).path)
    action_ids = tuple(sorted(action_id for action_id, each in addresses.items() if each == address))
    links, today = ReportLinks(settings.campaign / "private"), find_today()
    earlier = [link for link in links.list() if not set(action_ids).isdisjoint(link.action_ids)]
    links_today = [
        link for link in earlier if (link.origin, link.made_on, link.action_ids) == (BY_REQUEST, today, action_ids)
    ]
    if not action_ids or len(links_today) >= MOST_ASKS:
        return None
    days = CampaignFolder(settings.campaign).load().reports_by_link.days
    wave = earlier[0].wave if earlier else ""
    return links.make(BY_REQUEST, action_ids, today + timedelta(days=days), wave)


def _put_mail(settings: Settings, address: str, lang: str, link: ReportLink) -> None:
    """Put the mail into the outbox, as one that somebody sits and waits for."""
    way = ReportLinks(settings.campaign / "private").write_address(settings.base_url, link, lang)
    campaign = str(database.current(settings).campaign[f"title_{lang}"])
    mail = write_mail(address, lang, campaign, way, link)
    outbox, raw = Outbox(settings.campaign / "private"), make_mail(mail, settings.mail_sender)
    outbox.put(CONFIRMATION, f"report-links-{now()[:10]}", address, raw, f"report-link/{link.handle}")


def write_mail(address: str, lang: str, campaign: str, way: str, link: ReportLink) -> Mail:
    """Write the mail: two sentences, the link, its last day."""
    t = translator(lang)
    heading = t(N_("Your link to report: {campaign}"), campaign=campaign)
    before = t(N_("Somebody, hopefully you, has asked for a new link to report on your actions."))
    button = t(N_("Report on your actions"))
    after = t(
        N_("The link is yours alone and works until {day}. If you did not ask for it, you do not need to do anything."),
        day=format_date(link.ends_on, lang),
    )
    text = "\n\n".join([heading, before, f"{t(N_('{name}: {value}'), name=button, value='').rstrip()}\n{way}", after])
    body = f'<p>{escape(before)}</p><p><a class="button" href="{escape(way)}">{escape(button)}</a></p>'
    body += f'<p class="small">{escape(after)}</p>'
    return Mail(address, heading, f"{text}\n", draw_page(t, campaign, heading, body), lang)
