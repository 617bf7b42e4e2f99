"""Promises: new actions that are submitted on this server, between which days, and the links that confirm them.

A link opens one promise until staff decide about it. It stands in the mail to the address of whoever submitted it, so
that opening it and pressing its button shows that the address is theirs. Nothing is stored of it: it is the promise's
number, signed by the key of the links to report.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from itsdangerous import BadSignature, Signer

from dashboard.campaign.folder import Campaign, read_campaign
from dashboard.campaign.reporting.links import KEY, ReportLinkError
from dashboard.campaign.reporting.reports import FOLDER, Report, ReportBox, ReportKind, ReportState
from dashboard.ground.files.private_store import read_key
from dashboard.i18n import N_

PATH, CONFIRM = "/promise", "confirm"
"""The form for new actions, and the page below it that confirms one."""
PROMISED = {
    "title": N_("Title"),
    "stakeholder": N_("Stakeholder"),
    "stakeholder_group": N_("Stakeholder group"),
    "category": N_("Category"),
    "themes": N_("Themes"),
    "countries": N_("Countries"),
    "regions": N_("Regions"),
    "due_on": N_("Deadline"),
    "description": N_("Description"),
    "partners": N_("Partners"),
    "address": N_("Web address"),
    "contact_name": N_("Contact, never public: name"),
    "contact_email": N_("Contact, never public: mail address"),
}
"""The labels of what a promise states, by the names of its fields."""
PREFIX = "rp_"
"""What every token begins with, as `links.PREFIX`."""
_EAST, _WEST = timedelta(hours=14), timedelta(hours=-12)
"""A day begins and ends in so many hours beside UTC, somewhere on earth."""


class PromiseLinkError(ReportLinkError):
    """A link that opens no promise: incomplete, not ours, or its promise is gone; the reader learns no difference."""

    what = N_("This link does not open a new action.")
    remedy = N_("Copy all of it from the mail. What nobody confirms within seven days is deleted.")


class PromiseDays(NamedTuple):
    """The first and the last day on which new actions can be submitted."""

    first: date
    last: date

    def hold(self, moment: datetime | None = None) -> bool:
        """Return whether a moment, by default this one, lies in them anywhere on earth."""
        now = moment or datetime.now(UTC)
        return self.first <= (now + _EAST).date() and (now + _WEST).date() <= self.last


def find_days(campaign: Campaign) -> PromiseDays:
    """Find the days of a campaign: where it states none, from its first day to the last one to submit an action."""
    promises = campaign.promises
    return PromiseDays(promises.first_day or campaign.start, promises.last_day or campaign.submission_deadline)


def takes_promises(root: Path) -> bool:
    """Return whether new actions can be submitted to a campaign folder now; not where its settings cannot be read."""
    campaign = read_campaign(root)
    return campaign is not None and campaign.promises.open and find_days(campaign).hold()


class PromiseLinks:
    """Writes and opens the links to the promises of one campaign."""

    def __init__(self, private: Path) -> None:
        """Point at the campaign's private folder."""
        self._private = private

    def write_token(self, report_no: str) -> str:
        """Write the token that opens a promise; the same each time."""
        return PREFIX + self._signer().sign(report_no).decode()

    def write_address(self, base_url: str, report_no: str, lang: str) -> str:
        """Write the address that whoever submitted a promise opens, in a language."""
        return f"{base_url}{PATH}/{CONFIRM}?t={self.write_token(report_no)}&lang={lang}"

    def open(self, token: str) -> Report:
        """Find the promise of a token, or the latest one that has taken its place.

        Raises:
            PromiseLinkError: it opens nothing, for whatever reason.
        """
        if not token.startswith(PREFIX) or not (self._private / FOLDER).is_dir():
            raise PromiseLinkError
        try:  # compares in constant time
            number = self._signer().unsign(token.removeprefix(PREFIX).encode("ascii", "replace")).decode()
        except BadSignature:
            raise PromiseLinkError from None
        box = ReportBox(self._private)
        report = box.find(number)
        if report is None or report.kind is not ReportKind.PROMISE or self.write_token(number) != token:
            raise PromiseLinkError  # a signature has several spellings
        changes = {one.replaces: one for one in box.list() if one.kind is ReportKind.PROMISE}
        while (later := changes.get(report.report_no)) and later.state is not ReportState.UNCONFIRMED:
            report = later
        return report

    def _signer(self) -> Signer:
        return Signer(read_key(self._private, KEY), salt="promises", digest_method=hashlib.sha256)
