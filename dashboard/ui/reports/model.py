"""Reports that wait for staff, as data: what each would change beside what stands, warnings, the effect on the figures.

Words of stakeholders stay texts: they are neither Markdown nor HTML, and their addresses are no links.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.access.audit.entries import name_person
from dashboard.access.rights import AccessClass
from dashboard.campaign.reporting.links import BY_REQUEST, BY_STAFF, ReportLink
from dashboard.campaign.reporting.reports import REPORT_STATES, Report, ReportBox, is_after_figures
from dashboard.i18n import N_, Translator
from dashboard.lists.declaration import Column, List, ListRequest, Rows
from dashboard.lists.for_readers import ACTION, STAKEHOLDER
from dashboard.mail.letter import read_facts
from dashboard.measures.counts import headline
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View

Facts = Mapping[str, Mapping[str, Any]]
"""What stands of actions (`read_facts`), by their ids."""
_UNKNOWN = (None, "unclassified")
"""The statuses of actions whose progress is unknown."""
_CONTACT = re.compile(r"\S@\S|\+?\d(?:[ ./()-]{0,2}\d){6,}")
"""What may be an e-mail address or a telephone number."""
_MOST_NAMED = 3
NOTHING_REPLACED: Mapping[str, str] = MappingProxyType({})


class Change(NamedTuple):
    """What a report states of one thing, beside what stands."""

    label: str
    now: str
    reported: str


@dataclass(frozen=True)
class QueuedReport:
    """One waiting report.

    Attributes:
        title: The title of its action; its id where the build has none.
        link: The way to its action, if it is there.
        about: Its stakeholder, when it arrived, its number.
        texts: What the stakeholder wrote, with labels.
    """

    report_no: str
    title: str
    title_lang: str
    link: PageLink | None
    about: str
    changes: tuple[Change, ...]
    texts: tuple[tuple[str, str], ...]
    lang: str
    warnings: tuple[str, ...]


class Effect(NamedTuple):
    """How many of all actions are unknown and completed, before and after."""

    unknown: tuple[int, int]
    completed: tuple[int, int]


def read_reported(snapshot: Snapshot, action_ids: Sequence[str]) -> Facts:
    """Read what stands of actions on the latest day."""
    return read_facts(snapshot, list(dict.fromkeys(action_ids)), snapshot.last_date)


def make_queue(
    view: View, reports: Sequence[Report], replaced: Mapping[str, str] = NOTHING_REPLACED
) -> tuple[QueuedReport, ...]:
    """Make the queue of waiting reports, in the order in which they arrived; `replaced` as of `find_replaced`."""
    facts = read_reported(view.snapshot, [report.action_id for report in reports])
    times = Counter(report.action_id for report in reports)
    earlier: dict[str, list[str]] = {}
    for number, later in replaced.items():
        earlier.setdefault(later, []).append(number)
    return tuple(
        _describe(view, report, facts.get(report.action_id), times[report.action_id], earlier.get(report.report_no, []))
        for report in reports
    )


def _describe(
    view: View, report: Report, fact: Mapping[str, Any] | None, times: int, earlier: Sequence[str]
) -> QueuedReport:
    t, snapshot = view.t, view.snapshot
    title, stakeholder = report.action_id, ""
    if fact is not None:
        title = formats.clean(fact["title"] or t("Untitled action"))
        stakeholder = name_stakeholder(fact["stakeholder"], snapshot.person_names, view.lang) or t(
            "Stakeholder not stated"
        )
    received = t(
        "received on {day} at {time} (UTC)",
        day=formats.format_date(report.received_at.date(), view.lang),
        time=f"{report.received_at:%H:%M}",
    )
    texts = (
        (t("What was done and learned"), report.narrative),
        (t("Evidence"), report.evidence),
        (t("What is not right (for staff, not for publication)"), report.correction),
    )
    pairs = (("action", report.action_id), *view.day_pairs())
    return QueuedReport(
        report.report_no,
        title,
        (fact and fact["language"]) or "",
        PageLink(report.action_id, "actions", pairs) if fact is not None else None,
        " · ".join(filter(None, (stakeholder, received, report.report_no))),
        tuple(_list_changes(snapshot, t, report, fact or {})),
        tuple((label, text) for label, text in texts if text),
        report.lang,
        (
            *_list_warnings(snapshot, t, report, fact, times),
            *(t("It replaces report {number}, sent earlier by the same link.", number=one) for one in earlier),
        ),
    )


def _list_changes(snapshot: Snapshot, t: Translator, report: Report, fact: Mapping[str, Any]) -> Iterator[Change]:
    """List what the report states, each beside what stands."""
    if report.status:
        now = name_status(snapshot, t, fact["status_code"] or fact["status"]) if fact else formats.NOTHING
        yield Change(t("Status"), now, name_status(snapshot, t, report.status))
    if report.percent is not None:
        yield Change(t("Percent done"), *(_say_percent(t, value) for value in (fact.get("percent"), report.percent)))
    if report.completed_on is not None:
        yield Change(
            t("Completed on"), *(_say_day(t, value) for value in (fact.get("completed_on"), report.completed_on))
        )


def name_status(snapshot: Snapshot, t: Translator, code: str | None) -> str:
    """Name a status by its code in the campaign's words."""
    if code is None:
        return t("No report yet")
    status = snapshot.codes.get("statuses", {}).get(code)
    return status.labels[t.language] if status else t("status not stated") if code in _UNKNOWN else code


def _say_percent(t: Translator, percent: float | None) -> str:
    return formats.NOTHING if percent is None else formats.format_share(percent / 100, t.language)


def _say_day(t: Translator, day: Any) -> str:
    return formats.NOTHING if day is None else formats.format_date(pd.Timestamp(day).date(), t.language)


def _list_warnings(
    snapshot: Snapshot, t: Translator, report: Report, fact: Mapping[str, Any] | None, times: int
) -> Iterator[str]:
    """List what staff should look at before they accept a report."""
    yield from filter(None, [_say_how_it_counts(snapshot, t, report, fact)])
    status = _find_base(snapshot, report.status)
    if report.percent is not None and status not in _UNKNOWN and (status == "completed") != (report.percent >= 100):
        share = _say_percent(t, report.percent)
        yield t("It says “{status}” and {share} done.", status=name_status(snapshot, t, report.status), share=share)
    if report.completed_on is not None and report.completed_on > report.received_at.date():
        yield t("Its day of completion had not come when it was sent.")
    if report.evidence:
        yield t("Its evidence is an address, which becomes public: look at it first.")
    if _CONTACT.search(f"{report.narrative}\n{report.correction}"):
        yield t("Its words may have an e-mail address or a telephone number; builds leave these out.")
    if times > 1:
        yield t("{n} reports about this action wait; of those that you accept, the latest counts.", n=times)


def _say_how_it_counts(snapshot: Snapshot, t: Translator, report: Report, fact: Mapping[str, Any] | None) -> str:
    """Write why accepting a report does not give its action a status; empty where it does."""
    if fact is None:
        return t("The published figures have no action of this ID: the report would be listed as matching no action.")
    if not report.has_progress:
        return t("It says only that something is not right: accepting it changes no figure.")
    if is_after_figures(report.received_at.date(), snapshot.campaign["ends_on"]):
        return t("It came more than a year after the campaign: the figures of the latest day do not count it.")
    if _is_overtaken(report, fact):
        return t("A report of a later day is published about this action: that one goes on to count.")
    if _find_base(snapshot, report.status) in _UNKNOWN and fact["status"] not in _UNKNOWN:
        return t("It states no status: the action would count as unknown.")
    return ""


def _find_base(snapshot: Snapshot, code: str) -> str | None:
    status = snapshot.codes.get("statuses", {}).get(code)
    return status.base_status if status else None


def _is_overtaken(report: Report, fact: Mapping[str, Any]) -> bool:
    """Whether the published report about its action is of a later day."""
    reported_on = fact["reported_on"]
    return reported_on is not None and pd.Timestamp(reported_on).date() > report.received_at.date()


def count_figures(snapshot: Snapshot) -> tuple[int, int]:
    """Count the actions that are unknown and those that are completed, on the latest day."""
    total = headline(snapshot, Selection())
    return total.unknown, total.completed


def find_effect(snapshot: Snapshot, reports: Sequence[Report]) -> Effect:
    """Find what accepting reports does to the figures; of several about an action the latest counts."""
    facts = read_reported(snapshot, [report.action_id for report in reports])
    latest = {
        report.action_id: report
        for report in reports
        if report.has_progress
        and report.action_id in facts
        and not is_after_figures(report.received_at.date(), snapshot.campaign["ends_on"])
        and not _is_overtaken(report, facts[report.action_id])
    }
    unknown, completed = before = count_figures(snapshot)
    for action_id, report in latest.items():
        now, then = facts[action_id]["status"], _find_base(snapshot, report.status)
        unknown += (then in _UNKNOWN) - (now in _UNKNOWN)
        completed += (then == "completed") - (now == "completed")
    return Effect((before[0], unknown), (before[1], completed))


def say_effect(t: Translator, effect: Effect) -> str:
    """Write what becomes of the figures, as a part of a sentence."""
    sentences = (
        (effect.unknown, N_("unknown falls from {before} to {after}"), N_("unknown rises from {before} to {after}")),
        (
            effect.completed,
            N_("completed falls from {before} to {after}"),
            N_("completed rises from {before} to {after}"),
        ),
    )
    parts = []
    for (before, after), falls, rises in sentences:
        if before != after:
            numbers = {name: formats.format_count(n, t.language) for name, n in (("before", before), ("after", after))}
            parts.append(t(falls if after < before else rises, **numbers))
    return formats.join_list(parts, t.language) or t("as many actions stay unknown and completed")


def say_accepting(t: Translator, snapshot: Snapshot, chosen: Sequence[Report]) -> str:
    """Write what accepting the chosen reports does, before it is done."""
    if not chosen:
        return t("Choose reports to see what accepting them changes.")
    reports = t.plural("{n} report", "{n} reports", len(chosen))
    return t("{reports}: {effect}.", reports=reports, effect=say_effect(t, find_effect(snapshot, chosen)))


_DECIDED_AT = Column("decided_at", N_("Decided on"), "date", begins="descending")
_COLUMNS = (
    ACTION,
    STAKEHOLDER,
    Column("received_at", N_("Received on", "a report"), "date", begins="descending"),
    _DECIDED_AT,
    Column("state", N_("Decision"), "words", words=REPORT_STATES, begins="ascending"),
    Column("reason", N_("Reason")),
    Column("decided_by", N_("Decided by"), begins="ascending"),
    Column("report_no", N_("Report"), letters=14),
)


def make_decided(box: ReportBox) -> List:
    """Make the list of the reports that staff have decided about."""

    def read(request: ListRequest) -> Rows:
        reports = [report for report in box.list() if report.decided_at is not None]
        facts = read_reported(request.snapshot, [report.action_id for report in reports])
        frame = pd.DataFrame([_list_cells(request, report, facts.get(report.action_id)) for report in reports])
        if frame.empty:
            return Rows(frame, 0)
        sort, is_descending, limit, offset = request.slice
        frame = frame.sort_values(sort, ascending=not is_descending, kind="stable", na_position="last")
        return Rows(frame.iloc[offset : offset + limit], len(frame))

    return List(
        "reports_decided", N_("Decided"), _COLUMNS, read, order="decided_at", empty=N_("Nothing has been decided yet."),
        who=AccessClass.STAFF,
    )  # fmt: skip


def _list_cells(request: ListRequest, report: Report, fact: Mapping[str, Any] | None) -> dict[str, Any]:
    persons, lang = request.snapshot.person_names, request.t.language
    return {
        "action_id": report.action_id if fact else None,
        "title": fact["title"] if fact else report.action_id,
        "language": fact["language"] if fact else None,
        "stakeholder": fact and name_stakeholder(fact["stakeholder"], persons, lang),
        "stakeholder_id": fact and fact["stakeholder_id"],
        "received_at": report.received_at.date(),
        "decided_at": report.decided_at and report.decided_at.date(),
        "state": report.state,
        "reason": report.reason or None,
        "decided_by": name_person(request.t, report.decided_by),
        "report_no": report.report_no,
    }


@dataclass(frozen=True)
class LinkEntry:
    """One link in the list of links: for whom, its facts, its state, and whether it opens."""

    handle: str
    whose: str
    facts: str
    state: str
    is_open: bool


ORIGINS = {
    BY_STAFF: N_("Created by staff"),
    BY_REQUEST: N_("Asked for by the stakeholder"),
}
_IN_LETTER = N_("In a letter")


def list_links(view: View, links: Sequence[ReportLink], reports: Sequence[Report]) -> tuple[LinkEntry, ...]:
    """Describe links: for whom, origin, last day, state, and how many of the reports came by each."""
    t = view.t
    facts = read_reported(view.snapshot, [action_id for one in links for action_id in one.action_ids])
    counts = Counter(report.link for report in reports)
    entries = []
    for one in links:
        days = [t(ORIGINS.get(one.origin, _IN_LETTER)), t("Created on {day}", day=_say_day(t, one.made_on))]
        if one.ended_on is None:
            days.append(t("Last day {day}", day=_say_day(t, one.ends_on)))
        else:
            days.append(t("Ended on {day}", day=_say_day(t, one.ended_on)))
        received = counts[one.handle]
        days.append(t.plural("{n} report", "{n} reports", received) if received else t("No report yet"))
        state = t(N_("Open", "a link")) if one.is_open() else t(N_("Ended", "a link"))
        entries.append(LinkEntry(one.handle, _name_owner(view, one, facts), " · ".join(days), state, one.is_open()))
    return tuple(entries)


def _name_owner(view: View, link: ReportLink, facts: Facts) -> str:
    """Name whom a link is for, by the stakeholders of its actions; by their ids where the build has none of them."""
    persons = view.snapshot.person_names
    names = [name_stakeholder(facts[one]["stakeholder"], persons, view.lang) for one in link.action_ids if one in facts]
    owners = list(dict.fromkeys(filter(None, names))) or list(link.action_ids)
    more = [f"+{len(owners) - _MOST_NAMED}"] if len(owners) > _MOST_NAMED else []
    return ", ".join([*owners[:_MOST_NAMED], *more])
