"""The mail that asks whether an address has submitted a new action: nothing that was typed stands in it.

Whoever types an address must not have the campaign send it words of their choice.
"""

from dashboard.campaign.folder import Campaign
from dashboard.campaign.reporting.promises import PromiseLinks
from dashboard.campaign.reporting.reports import Report
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, translator
from dashboard.mail.message import make_mail, write_notice
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.sending import send_confirmations
from dashboard.settings import Settings

MOST_MAILS = 5
"""The most mails in a day to one address because somebody typed it."""


def can_confirm(settings: Settings) -> bool:
    """Return whether a mail can bring a link: somebody sends it, and the link leads somewhere."""
    return bool(settings.smtp_host and settings.smtp_from and shareable(settings.base_url))


def ask_to_confirm(settings: Settings, campaign: Campaign, report: Report) -> None:
    """Mail the link that confirms a promise to its address, once, and not too often a day to one address.

    Raises:
        ComputerError: the disk refuses.
    """
    address = str(report.promise["contact_email"])
    if Outbox(settings.campaign / "private").put_limited(
        CONFIRMATION, f"promises-{now()[:10]}", address, f"promise/{report.report_no}",
        lambda: make_confirmation(settings, campaign, report), most=MOST_MAILS,
    ):  # fmt: skip
        send_confirmations(settings)


def make_confirmation(settings: Settings, campaign: Campaign, report: Report) -> bytes:
    """Make the mail: the question, the link, and what happens without an answer."""
    t, title = translator(report.lang), campaign.titles[report.lang]
    before = N_("Somebody, hopefully you, has submitted a new action with this address. Its number is {number}.")
    remarks = (
        t(N_("Only then does the secretariat read it. Without your answer it is deleted after seven days.")),
        t(N_("If you did not submit it, you do not need to do anything.")),
    )
    mail = write_notice(
        str(report.promise["contact_email"]), t, title, t(N_("Have you submitted this action?")),
        [("", t(before, number=report.report_no))],
        subject=t(N_("Please confirm your action: {campaign}"), campaign=title),
        button=t(N_("Look at it and confirm it")),
        way=PromiseLinks(settings.campaign / "private").write_address(settings.base_url, report.report_no, report.lang),
        remarks=remarks,
    )  # fmt: skip
    return make_mail(mail, settings.mail_sender)
