"""To decide: mails that are uncertain, came back or could not be sent; their readers are hinted at, not named."""

from collections.abc import Sequence
from functools import partial

from dashboard.audit.events import Event
from dashboard.i18n import N_
from dashboard.mail.outbox import OPEN_STATES, Delivery
from dashboard.newsletter.joining import Desk
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, mail_sending, messages

_KINDS = {
    "newsletter": N_("Newsletter"),
    "confirmation": N_("Confirmation"),
    "test": N_("Test", "a newsletter sent to try it"),
    "letters": N_("Letter"),
}
_MEANINGS = {
    "uncertain": N_("Uncertain: the program or the connection failed; it may or may not have arrived."),
    "bounced": N_("Bounced: the mail server refused it for good. This reader gets no further issues until you decide."),
    "failed": N_("Failed: the mail server deferred it too often."),
}


def show(view: View, desk: Desk) -> None:
    """Draw the mails to decide about; nothing where there are none."""
    t = view.t
    mails = [delivery for state in OPEN_STATES for delivery in desk.outbox.listed(state)]
    if not mails:
        return
    messages.show_heading(t("Mails to decide about"))
    for state in dict.fromkeys(delivery.state for delivery in mails):
        messages.show_note(t(_MEANINGS[state]))
    mail_sending.show_undecided(view, mails, partial(_describe, view), partial(_settle, desk))


def _describe(view: View, mail: Delivery) -> str:
    kind = view.t(_KINDS.get(mail.kind, mail.kind))
    changed_at = view.t("{time} (UTC)", time=mail.changed_at[:16].replace("T", " "))
    return f"{hint(mail.recipient)} · {kind} · {changed_at}"


def hint(address: str) -> str:
    """So much of an address that staff recognise a request about it, and others do not learn it."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if domain else "…"


def _settle(desk: Desk, mails: Sequence[Delivery], is_again: bool) -> None:
    what = f"mail {mails[0].delivery_no}" if len(mails) == 1 else "leave all"
    if campaign_commands.record_act(Event.NEWSLETTER_CHANGED, what, again=is_again, mails=len(mails)):
        for mail in mails:
            (desk.outbox.send_again if is_again else desk.outbox.leave)(mail.delivery_no)
