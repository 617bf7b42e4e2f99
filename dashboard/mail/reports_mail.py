"""Mails about reports by link: a lost link, a receipt, a question asked back, two reports on one action, a case.

They go to the address that exports have beside an action, and never to one that somebody typed, but for a promise
(`promise_link`); those about a case of
abuse go to the contact that the campaign names, and to nobody else. Each is one notice in the outbox, once under its
key, and what outsiders cause is so many mails a day to one address. A server without a public address sends no link.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from dashboard.campaign.folder import CampaignFolder, read_reports_by_link
from dashboard.campaign.reporting.links import BY_REQUEST, BY_STAFF, PERSONAL, ReportLink, ReportLinks, find_today
from dashboard.campaign.reporting.numbers import Codelists, say_number
from dashboard.campaign.reporting.promises import PROMISED
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, find_rivals
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.formats import clean, format_date, format_share
from dashboard.ground.base_urls import shareable
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import Texts
from dashboard.mail import promise_link
from dashboard.mail.addresses import check_address
from dashboard.mail.asked import find_addresses
from dashboard.mail.letter import read_facts
from dashboard.mail.message import Mail, Part, make_dressed, write_notice
from dashboard.mail.outbox import CONFIRMATION, Outbox, now
from dashboard.mail.sending import send_confirmations
from dashboard.mail.subscribers import MOST_ASKS
from dashboard.settings import Settings
from dashboard.snapshot import database

LOG = logging.getLogger(__name__)
LOST, RECEIPT, QUESTION, BOTH, CASE = "report-link", "report-receipt", "report-question", "report-both", "report-case"
"""What the mails are for; their keys begin with it."""
UNDERSTOOD = {
    "after_review": N_("This is what was understood. It counts once the secretariat has read and accepted it."),
    "at_once": N_(
        "This is what was understood. Status, percentage, day of completion and milestones count with the next "
        "figures; the secretariat reads everything else first."
    ),
}
"""What a receipt says of when a report counts, by the campaign's setting."""
_CHANGE = N_("Change or add something")
_WHY = N_("You get this mail because the campaign has your address beside an action.")
_LINK_HOLDS = N_("This link is yours alone and works until {day}.")


class _Desk:
    """What mails about the reports of a campaign are written from, and where they go."""

    def __init__(self, settings: Settings) -> None:
        self.settings, private = settings, settings.campaign / "private"
        self.links, self.box, self.outbox = ReportLinks(private), ReportBox(private), Outbox(private)
        self.snapshot = database.current(settings)
        self.rules = read_reports_by_link(settings.campaign)
        self.addresses = find_addresses(self.snapshot.path)
        campaign = self.snapshot.campaign
        self.titles = Texts({lang: str(campaign[f"title_{lang}"]) for lang in self.snapshot.languages})
        self.is_public, self.is_put = bool(shareable(settings.base_url)), False

    def list_reports(self, report_nos: Sequence[str], *, is_case: bool = False) -> list[Report]:
        """List the reports of some numbers that are, or are not, about a case of abuse."""
        reports = map(self.box.find, dict.fromkeys(report_nos))
        return [report for report in reports if report is not None and report.is_case == is_case]

    def find_address(self, report: Report) -> str:
        """Find the address on file of a report's action, else of its link's actions; empty for none.

        It is empty too where the server has no public address: a mail would lead nowhere.
        """
        link = self.links.find(report.link)
        return self._find_address((report.action_id, *(link.action_ids if link else ())))

    def find_reader(self, report: Report) -> str:
        """Find the address on file of whoever a report's link was made for, as `find_address`."""
        link = self.links.find(report.link)
        return self._find_address(sorted(link.action_ids if link else (), key=lambda one: one != report.action_id))

    def _find_address(self, action_ids: Iterable[str]) -> str:
        return next((self.addresses[one] for one in action_ids if one in self.addresses), "") if self.is_public else ""

    def make_link(self, origin: str, action_ids: Sequence[str], wave: str) -> ReportLink:
        """Make a link that holds as long as the campaign says."""
        return self.links.make(origin, action_ids, find_today() + timedelta(days=self.rules.days), wave)

    def name_subject(self, t: Translator, report: Report) -> str:
        """Name what a report is about: its action by title, else by id, else its own title."""
        facts = read_facts(self.snapshot, [report.action_id], self.snapshot.last_date).get(report.action_id)
        return clean(facts["title"] or t(N_("Untitled action"))) if facts else report.action_id or report.title

    def write(
        self,
        address: str,
        t: Translator,
        heading: str,
        parts: Sequence[Part],
        link: ReportLink | None = None,
        button: str = "",
        remarks: Sequence[str] = (),
    ) -> Mail:
        """Write a mail; where it has a link that is open, with the button that opens it and remarks with its day."""
        title, way, day = self.titles[t.language], "", ""
        if link is not None and link.is_open():
            way = self.links.write_address(self.settings.base_url, link, t.language)
            day = format_date(link.ends_on, t.language)
        lines = [t(remark, day=day) for remark in remarks if day or "{day}" not in remark]
        return write_notice(
            address, t, title, t(heading, campaign=title), parts, button=button, way=way, remarks=lines,
            is_sample=self.snapshot.is_sample,
        )  # fmt: skip

    def put(self, use: str, key: str, address: str, write: Callable[[], Mail], most: int | None = None) -> None:
        """Put a mail into the outbox, to be sent: once under its key, so many a day to one address for one use."""
        batch_id = f"reports-{now()[:10]}"
        self.is_put |= self.outbox.put_limited(
            CONFIRMATION, batch_id, address, f"{use}/{key}", lambda: make_dressed(write(), self.settings),
            most=most,
        )  # fmt: skip


@contextmanager
def _sending(settings: Settings, what: str) -> Iterator[_Desk]:
    """Open the desk for mails that nobody waits for, then send them; a fault is logged without its words."""
    try:
        with computer_faults():
            yield (desk := _Desk(settings))
            if desk.is_put:
                send_confirmations(settings)
    except Exception as error:  # its words might hold an address
        LOG.error("%s could not be sent: %s", what, error if isinstance(error, UserError) else type(error).__name__)


def send_lost_link(settings: Settings, address: str, lang: str) -> None:
    """Mail a new link to an address in small letters, if exports have it beside an action.

    It opens all actions of the address, in the wave of its last link. Whoever asked has their answer already.
    """
    with _sending(settings, "A lost link") as desk:
        action_ids = tuple(sorted(action_id for action_id, each in desk.addresses.items() if each == address))
        if action_ids and desk.is_public:
            desk.put(
                LOST, secrets.token_hex(8), address, lambda: _write_lost(desk, address, lang, action_ids), MOST_ASKS
            )


def _write_lost(desk: _Desk, address: str, lang: str, action_ids: Sequence[str]) -> Mail:
    links = (link for link in desk.links.list() if not link.origin.startswith(PERSONAL))  # those report nothing
    earlier = [link for link in links if not set(action_ids).isdisjoint(link.action_ids)]
    link = desk.make_link(BY_REQUEST, action_ids, earlier[0].wave if earlier else "")
    t = translator(lang)
    before = t(N_("Somebody, hopefully you, has asked for a new link to report on your actions."))
    after = N_(
        "The link is yours alone and works until {day}. If you did not ask for it, you do not need to do anything."
    )
    heading, button = N_("Your link to report: {campaign}"), t(N_("Report on your actions"))
    return desk.write(address, t, heading, [("", before)], link, button, [after])


def send_receipt(settings: Settings, report_nos: Sequence[str], lang: str) -> None:
    """Mail what was understood of reports, their numbers and the link again, to the addresses on file of their actions.

    Of a report about a case of abuse nothing is mailed: who reads at that address is not known.
    """
    with _sending(settings, "A receipt") as desk:
        reports_by_reader: dict[tuple[str, str], list[Report]] = {}
        for report in desk.list_reports(report_nos):
            if address := desk.find_address(report):
                reports_by_reader.setdefault((address, report.link), []).append(report)
        for (address, _), reports in reports_by_reader.items():
            key = "+".join(sorted(report.report_no for report in reports))
            desk.put(RECEIPT, key, address, partial(_write_receipt, desk, address, lang, reports), MOST_ASKS)


def _write_receipt(desk: _Desk, address: str, lang: str, reports: Sequence[Report]) -> Mail:
    t, is_reader = translator(lang), desk.find_reader(reports[0]) == address
    link = desk.links.find(reports[0].link) if is_reader else None  # it opens more than this action
    parts: list[Part] = [("", t(UNDERSTOOD[desk.rules.publish]))]
    for report in reports:
        parts.append((desk.name_subject(t, report), ""))
        parts.append(("", t(N_("Number {number}"), number=report.report_no)))
        parts += list_stated(report, t, desk.snapshot.codes)
    until = N_("The same link changes it until {day}.")
    return desk.write(address, t, N_("Your report has arrived: {campaign}"), parts, link, t(_CHANGE), [until, _WHY])


def send_question(settings: Settings, report_no: str) -> bool:
    """Mail what staff ask back about a report, with the link, and with a new one where that is over.

    Returns:
        Whether there is an address on file of whoever the link was made for, and a public one of this server.

    Raises:
        UserError: the mail cannot be put into the outbox.
    """
    with computer_faults():
        report = ReportBox(settings.campaign / "private").find(report_no)
        if report is not None and report.kind is ReportKind.PROMISE:
            return promise_link.ask_back(settings, CampaignFolder(settings.campaign).load(), report)
        desk = _Desk(settings)
        for report in desk.list_reports([report_no]):
            address = desk.find_reader(report)
            if report.asked_at is None or not address:
                return False
            desk.put(
                QUESTION,
                f"{report_no}/{report.asked_at:%Y%m%dT%H%M%S.%f}",
                address,
                partial(_write_question, desk, address, report),
            )
            if desk.is_put and (thread := send_confirmations(settings)):
                thread.join()  # a command that ends would cut it off, and nobody would know whether the mail arrived
            return True
    return False


def _write_question(desk: _Desk, address: str, report: Report) -> Mail:
    t, link = translator(report.lang), desk.links.find(report.link)
    if link is not None and not link.is_open():
        link = desk.make_link(BY_STAFF, link.action_ids, report.wave)
    asks = t(N_("The secretariat has a question about your report {number}:"), number=report.report_no)
    parts = [(desk.name_subject(t, report), ""), ("", asks), ("", report.question)]
    heading = N_("A question about your report: {campaign}")
    return desk.write(address, t, heading, parts, link, t(_CHANGE), [_LINK_HOLDS, _WHY])


def tell_both(settings: Settings, report_no: str) -> None:
    """Tell the readers of two links that two reports on one action came, without what the other one says.

    The other report waits, or was accepted just now. The two links' readers learn it once.
    """
    with _sending(settings, "The news of two reports") as desk:
        for report in desk.list_reports([report_no]):
            rival_reports = find_rivals(desk.box.list(), report.link, report.action_id) if report.has_progress else {}
            for rival in rival_reports.values():
                pair = sorted((report, rival), key=lambda one: one.link)
                readers = {desk.find_reader(one): one for one in pair}
                for address, one in readers.items():
                    if address:
                        key = "/".join((report.action_id, *(each.link for each in pair), one.link))
                        desk.put(BOTH, key, address, partial(_write_both, desk, address, one), MOST_ASKS)


def _write_both(desk: _Desk, address: str, report: Report) -> Mail:
    t = translator(report.lang)
    words = N_(
        "Two reports on this action came, by two links. Both are kept; of those that are accepted, the later decides."
    )
    parts = [(desk.name_subject(t, report), ""), ("", t(words))]
    heading, link = N_("Two reports on one action: {campaign}"), desk.links.find(report.link)
    return desk.write(address, t, heading, parts, link, t(_CHANGE), [_LINK_HOLDS, _WHY])


def send_case(settings: Settings, report_nos: Sequence[str]) -> None:
    """Mail reports about a case of abuse, with their words and actions, to the campaign's contact and to nobody else.

    A contact that is no mail address gets nothing.
    """
    with _sending(settings, "A report to the campaign's contact") as desk:
        try:
            contact = check_address(desk.rules.case_contact.removeprefix("mailto:"))
        except UserError:  # the address of a page, or none
            return
        for report in desk.list_reports(report_nos, is_case=True):
            desk.put(CASE, report.report_no, contact, partial(_write_case, desk, contact, report))


def _write_case(desk: _Desk, contact: str, report: Report) -> Mail:
    t = translator(str(desk.snapshot.campaign["default_language"]))
    words = N_("A stakeholder says that this report tells of a case of abuse. Nothing of it is published.")
    received = f"{format_date(report.received_at.date(), t.language)}, {report.received_at:%H:%M} (UTC)"
    parts = [
        ("", t(words)),
        (t(N_("Report")), report.report_no),
        (t(N_("Received on", "a report")), received),
        (t(N_("Action")), desk.name_subject(t, report)),
        *list_stated(report, t, desk.snapshot.codes),
    ]
    return desk.write(contact, t, N_("A report of a case of abuse: {campaign}"), parts)


def list_stated(report: Report, t: Translator, codelists: Codelists) -> list[Part]:
    """List what a report states, with labels."""
    statuses = codelists.get("statuses", {})
    status = statuses[report.status].labels[t.language] if report.status in statuses else report.status
    facts = (
        (N_("Status"), status),
        (
            N_("How much is done, in percent"),
            "" if report.percent is None else format_share(report.percent / 100, t.language),
        ),
        (N_("Day of completion"), report.completed_on and format_date(report.completed_on, t.language)),
        *(
            (N_("Milestone reached"), t(N_("{name}: {value}"), name=label, value=format_date(day, t.language)))
            for label, day in report.milestones.items()
        ),
        *(
            (N_("Number", "that an action promises or has reached"), say_number(t, codelists, one))
            for one in report.results
        ),
        (N_("Title"), report.title),
        (N_("Day"), report.on_day and format_date(report.on_day, t.language)),
        (N_("Place"), report.place),
        (N_("What was done and learned"), report.narrative),
        (N_("Web address that shows it"), report.evidence),
        *((N_("File"), file.name) for file in report.files),
        (N_("This is not right"), report.correction),
        *(
            (PROMISED.get(name, name), words if isinstance(words, str) else ", ".join(words))
            for name, words in report.promise.items()
        ),
    )
    return [(t(label), words) for label, words in facts if words]
