"""What the states of mails are called on the page."""

from dashboard.i18n import N_

STATES = {
    "sent": N_("Sent"),
    "written": N_("Written as files"),
    "waiting": N_("Waiting"),
    "held": N_("Stopped"),
    "uncertain": N_("Uncertain"),
    "bounced": N_("Bounced"),
    "failed": N_("Failed"),
    "left": N_("Not sent"),
}
"""The states of mails, by their names on the page."""
