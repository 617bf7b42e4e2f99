"""Reports that wait for staff, as data: what each would change beside what stands, warnings, the effect on the figures.

Words of stakeholders stay texts: they are neither Markdown nor HTML, and their addresses are no links.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from dashboard import formats
from dashboard.campaign.reporting.numbers import SEPARATOR, name_number, say_promised, say_reached
from dashboard.campaign.reporting.promises import PROMISED
from dashboard.campaign.reporting.reports import REPORT_KINDS, Report, ReportKind, is_after_figures
from dashboard.i18n import N_, Translator
from dashboard.mail.letter import read_facts
from dashboard.measures import register
from dashboard.measures.action_numbers import list_numbers
from dashboard.measures.counts import headline
from dashboard.measures.register import ActionDetails, name_stakeholder
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.reports.sent_files import QueuedFile, describe_file

Facts = Mapping[str, Mapping[str, Any]]
"""What stands of actions (`read_facts`), by their ids."""
_UNKNOWN = (None, "unclassified")
"""The statuses of actions whose progress is unknown."""
_CONTACT = re.compile(r"\S@\S|\+?\d(?:[ ./()-]{0,2}\d){6,}")
"""What may be an e-mail address or a telephone number."""
COUNTED_BEFORE = N_(
    "Its status, percentage, day, milestones and numbers count already, by themselves; setting it aside takes them out."
)
NOTHING_REPLACED: Mapping[str, str] = MappingProxyType({})


class Change(NamedTuple):
    """What a report states of one thing, beside what stands."""

    label: str
    now: str
    reported: str


class Lineage(NamedTuple):
    """Where the figure stands that a stakeholder says is wrong: what it says, its place in the files, and that row."""

    words: str
    file: str
    sheet: str | None
    row: int


@dataclass(frozen=True)
class QueuedReport:
    """One waiting report.

    Attributes:
        kind: What it is, in words.
        title: The title of its action, or of the story, event or promise itself; an id where there is none.
        link: The way to its action, if it is there.
        about: Its stakeholder, when it arrived, its number.
        facts: What it states by codes and days, with labels.
        texts: What the stakeholder wrote, with labels.
        lang: The language of these texts.
        lineage: Of a correction, where the figure of its action comes from.
        reply: The words of the tick by which its correction stands beside the action; empty where it may not.
        question: What staff have asked back, and when.
        pair: The action about which other reports wait too; empty where none does.
    """

    report_no: str
    kind: str
    title: str
    link: PageLink | None
    about: str
    changes: tuple[Change, ...]
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    lang: str
    lineage: Lineage | None
    files: tuple[QueuedFile, ...]
    reply: str
    question: str
    warnings: tuple[str, ...]
    pair: str


class Effect(NamedTuple):
    """How many of all actions are unknown and completed, and how many there are, before and after."""

    unknown: tuple[int, int]
    completed: tuple[int, int]
    actions: tuple[int, int]


def read_reported(snapshot: Snapshot, action_ids: Sequence[str]) -> Facts:
    """Read what stands of actions on the latest day."""
    return read_facts(snapshot, list(dict.fromkeys(action_ids)), snapshot.last_date)


def count_alike(reports: Iterable[Report]) -> Counter[str]:
    """Count the reports of progress that wait about each action."""
    return Counter(report.action_id for report in reports if report.kind is ReportKind.PROGRESS)


def arrange(reports: Sequence[Report]) -> list[Report]:
    """Arrange waiting reports as they arrived, those about one action beside each other."""
    times, places = count_alike(reports), dict[str, int]()
    for place, report in enumerate(reports):
        key = report.action_id if times[report.action_id] > 1 and report.kind is ReportKind.PROGRESS else ""
        places[report.report_no] = places.setdefault(key, place) if key else place
    return sorted(reports, key=lambda report: places[report.report_no])


def make_queue(
    view: View,
    reports: Sequence[Report],
    replaced: Mapping[str, str] = NOTHING_REPLACED,
    counted_nos: Collection[str] = (),
) -> tuple[QueuedReport, ...]:
    """Make the queue of waiting reports, in their order.

    Args:
        view: The page.
        reports: The waiting reports.
        replaced: Those that a later one replaces, as of `find_replaced`.
        counted_nos: The numbers of those whose values count at once.
    """
    facts = read_reported(view.snapshot, [report.action_id for report in reports])
    times = count_alike(reports)
    earlier: dict[str, list[str]] = {}
    for number, later in replaced.items():
        earlier.setdefault(later, []).append(number)
    remarks = {
        report.report_no: [
            *([view.t(COUNTED_BEFORE)] if report.report_no in counted_nos else []),
            *(
                view.t("It replaces report {number}, sent earlier by the same link.", number=number)
                for number in earlier.get(report.report_no, ())
            ),
        ]
        for report in reports
    }
    return tuple(
        _describe(view, report, facts.get(report.action_id), times[report.action_id], remarks[report.report_no])
        for report in reports
    )


def _describe(
    view: View, report: Report, fact: Mapping[str, Any] | None, times: int, remarks: Sequence[str]
) -> QueuedReport:
    t = view.t
    action, stakeholder = report.action_id, ""
    if fact is not None:
        action = formats.clean(fact["title"] or t("Untitled action"))
        stakeholder = name_stakeholder(fact["stakeholder"], view.snapshot.person_names, view.lang) or t(
            "Stakeholder not stated"
        )
    stakeholder = stakeholder or formats.clean(str(report.promise.get("stakeholder", "")))
    title = str(report.promise.get("title", "")) or report.title or action
    pairs = (("action", report.action_id), *view.day_pairs())
    details = register.details(view.snapshot, report.action_id) if fact and _is_beside(report) else None
    asked_on = report.asked_at and formats.format_date(report.asked_at.date(), view.lang)
    return QueuedReport(
        report.report_no,
        name_kind(t, report),
        formats.clean(title) or report.report_no,
        PageLink(report.action_id, "actions", pairs) if fact is not None else None,
        " · ".join(filter(None, (stakeholder, say_received(t, report), report.report_no))),
        tuple(_list_changes(view.snapshot, t, report, fact or {}, details)),
        tuple(pair for pair in _list_facts(view, report, action) if pair[1]),
        tuple((t(label), words) for label, words in _list_texts(report) if words),
        report.lang,
        _find_lineage(view, fact, details) if fact and details and report.correction else None,
        tuple(describe_file(t, file) for file in report.files),
        t("Beside the action: “The stakeholder says: …”") if report.correction and report.may_publish else "",
        t("Asked back on {day}: {question}", day=asked_on, question=report.question) if asked_on else "",
        () if report.is_case else (*_list_warnings(view.snapshot, t, report, fact, times), *remarks),
        report.action_id if report.kind is ReportKind.PROGRESS and times > 1 else "",
    )


def name_kind(t: Translator, report: Report) -> str:
    """Name what a report is; one that says only what is wrong is a correction."""
    is_correction = report.kind is ReportKind.PROGRESS and not report.has_progress
    return t(N_("Correction")) if is_correction else t(REPORT_KINDS[report.kind])


def say_received(t: Translator, report: Report) -> str:
    """Write when a report arrived."""
    day = formats.format_date(report.received_at.date(), t.language)
    return t("received on {day} at {time} (UTC)", day=day, time=f"{report.received_at:%H:%M}")


def _is_beside(report: Report) -> bool:
    """Whether a report stands beside the milestones or the last report of its action."""
    return bool(report.milestones or report.correction)


ERASURE = N_(
    "It cannot be accepted. An administrator erases the person with “python -m etl forget” and the address; that "
    "settles the request too."
)
SHOWN_ABOVE = ("title", "stakeholder")
"""What of a promise stands in the head of its card."""
_CODED = {
    "stakeholder_group": "stakeholder_groups", "category": "categories", "themes": "themes", "countries": "countries",
    "regions": "regions",
}  # fmt: skip
"""Those that are codes, with their codelists; in the words of the campaign, as days are."""


def _list_facts(view: View, report: Report, action: str) -> Iterator[tuple[str, str]]:
    """List what a report states by codes and days; of a story or an event also its action."""
    t = view.t
    if report.kind in (ReportKind.STORY, ReportKind.EVENT):
        yield t("Action"), action or t("It tells of no single action")
        yield t("Day"), _say_day(t, report.on_day)
    for name, codelist in _CODED.items():
        value = report.promise.get(name, "")
        codes = view.snapshot.codes[codelist]
        chosen_codes = filter(None, [value] if isinstance(value, str) else value)
        yield (
            t(PROMISED[name]),
            ", ".join(codes[one].labels[view.lang] if one in codes else one for one in chosen_codes),
        )
    due_on = str(report.promise.get("due_on", ""))
    yield t(PROMISED["due_on"]), _say_day(t, due_on) if due_on else ""


def _list_texts(report: Report) -> Iterator[tuple[str, str]]:
    """List what the stakeholder wrote, with labels in English."""
    is_progress = report.kind is ReportKind.PROGRESS
    yield N_("What was done and learned") if is_progress else N_("Text"), report.narrative
    yield N_("Place"), report.place
    yield N_("Evidence") if is_progress else N_("Web address"), report.evidence
    for name, label in PROMISED.items():
        if name not in _CODED and name not in ("due_on", *SHOWN_ABOVE):
            yield label, str(report.promise.get(name, ""))
    if report.kind is ReportKind.ERASURE:
        yield N_("Whose personal data are to be erased"), report.correction
    elif report.may_publish:
        yield N_("What is not right (the stakeholder agrees that it stands beside the action)"), report.correction
    else:
        yield N_("What is not right (for staff, not for publication)"), report.correction


def _find_lineage(view: View, fact: Mapping[str, Any], action: ActionDetails) -> Lineage:
    """Find where the figures of an action come from: its report that counts, else its submission."""
    t, row = view.t, action.facts
    status = name_status(view.snapshot, t, fact["status_code"] or fact["status"])
    if fact["percent"] is not None:
        status = f"{status}, {_say_percent(t, fact['percent'])}"
    words = t("Now: {status}.", status=status)
    reports = action.reports[pd.to_datetime(action.reports["reported_on"]) <= pd.Timestamp(view.snapshot.last_date)]
    if len(reports):
        row = register.plain_row(reports.iloc[0])
        words = t("Now: {status}, reported on {day}.", status=status, day=_say_day(t, row["reported_on"]))
    return Lineage(words, row["source_file"], row["source_sheet"], int(row["source_row"]))


def _list_changes(
    snapshot: Snapshot, t: Translator, report: Report, fact: Mapping[str, Any], action: ActionDetails | None
) -> Iterator[Change]:
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
    milestones = action.milestones if action else pd.DataFrame(columns=["label", "reached_on"])
    reached = dict(zip(milestones["label"], map(register.plain_cell, milestones["reached_on"]), strict=True))
    for label, day in report.milestones.items():
        yield Change(t("Milestone: {label}", label=label), *(_say_day(t, one) for one in (reached.get(label), day)))
    yield from _list_numbers(snapshot, t, report)


def _list_numbers(snapshot: Snapshot, t: Translator, report: Report) -> Iterator[Change]:
    """List the numbers that a report states, each beside what stands: of a new action nothing does."""
    if not report.results:
        return
    published = {(one.indicator, one.unit): one for one in list_numbers(snapshot, [report.action_id])}
    for one in report.results:
        words = say_promised(t, one.baseline, one.target, one.target_on) or say_reached(t, one.actual, one.actual_on)
        now = published.get((one.indicator, one.unit))
        stands = now and (
            say_promised(t, now.baseline, now.target, now.target_on),
            say_reached(t, now.actual, now.actual_on),
        )
        reported = SEPARATOR.join(filter(None, (words, formats.clean(one.how_known))))
        name = name_number(t, snapshot.codes, one.indicator, one.unit)
        yield Change(name, SEPARATOR.join(filter(None, stands or ())) or formats.NOTHING, reported)


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
    if report.kind is ReportKind.ERASURE:
        yield t(ERASURE)
        return
    yield from filter(None, [_say_how_it_counts(snapshot, t, report, fact)])
    status = _find_base(snapshot, report.status)
    if report.percent is not None and status not in _UNKNOWN and (status == "completed") != (report.percent >= 100):
        share = _say_percent(t, report.percent)
        yield t("It says “{status}” and {share} done.", status=name_status(snapshot, t, report.status), share=share)
    if report.completed_on is not None and report.completed_on > report.received_at.date():
        yield t("Its day of completion had not come when it was sent.")
    if report.evidence:
        yield t("Its web address becomes public: look at it first.")
    if report.kind in (ReportKind.STORY, ReportKind.EVENT):
        yield t("It must name no child, no school and no exact place of a child.")
    words = (
        report.title,
        report.narrative,
        report.place,
        report.correction,
        *(one.how_known for one in report.results),
    )
    if _CONTACT.search("\n".join((*words, *(str(report.promise.get(name, "")) for name in ("title", "description"))))):
        yield t("Its words may have an e-mail address or a telephone number; builds leave these out.")
    if times > 1:
        yield t("{n} reports about this action wait; of those that you accept, the latest counts.", n=times)


def _say_how_it_counts(snapshot: Snapshot, t: Translator, report: Report, fact: Mapping[str, Any] | None) -> str:
    """Write why accepting a report does not do what it seems to; empty where it does."""
    if report.kind is not ReportKind.PROGRESS:
        is_lost = bool(report.action_id) and fact is None
        return t("The published figures have no action of this ID: it would stand beside none.") if is_lost else ""
    if fact is None:
        return t("The published figures have no action of this ID: the report would be listed as matching no action.")
    if not report.has_progress:
        return t("It says only that something is not right: accepting it changes no figure.")
    if not report.states_progress:
        return ""
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


def count_figures(snapshot: Snapshot) -> tuple[int, int, int]:
    """Count the actions that are unknown, those that are completed, and all of them, on the latest day."""
    total = headline(snapshot, Selection())
    return total.unknown, total.completed, total.actions


def find_effect(snapshot: Snapshot, reports: Sequence[Report]) -> Effect:
    """Find what accepting reports does to the figures; of several about an action the latest counts."""
    facts = read_reported(snapshot, [report.action_id for report in reports])
    latest = {
        report.action_id: report
        for report in reports
        if report.states_progress
        and report.action_id in facts
        and not is_after_figures(report.received_at.date(), snapshot.campaign["ends_on"])
        and not _is_overtaken(report, facts[report.action_id])
    }
    unknown, completed, actions = before = count_figures(snapshot)
    promises = sum(report.kind is ReportKind.PROMISE for report in reports)
    unknown, actions = unknown + promises, actions + promises
    for action_id, report in latest.items():
        now, then = facts[action_id]["status"], _find_base(snapshot, report.status)
        unknown += (then in _UNKNOWN) - (now in _UNKNOWN)
        completed += (then == "completed") - (now == "completed")
    return Effect(*zip(before, (unknown, completed, actions), strict=True))


def say_effect(t: Translator, effect: Effect) -> str:
    """Write what becomes of the figures, as a part of a sentence."""
    sentences = (
        (effect.unknown, N_("unknown falls from {before} to {after}"), N_("unknown rises from {before} to {after}")),
        (
            effect.completed,
            N_("completed falls from {before} to {after}"),
            N_("completed rises from {before} to {after}"),
        ),
        (
            effect.actions,
            N_("the number of actions falls from {before} to {after}"),
            N_("the number of actions rises from {before} to {after}"),
        ),
    )
    parts = []
    for (before, after), falls, rises in sentences:
        if before != after:
            numbers = {name: formats.format_count(n, t.language) for name, n in (("before", before), ("after", after))}
            parts.append(t(falls if after < before else rises, **numbers))
    return formats.join_list(parts, t.language) or t("as many actions stay unknown and completed")


def say_accepting(
    t: Translator, snapshot: Snapshot, chosen: Sequence[Report], replies: int = 0, public_files: int = 0
) -> str:
    """Write what accepting the chosen reports does, before it is done.

    Args:
        t: The reader's language.
        snapshot: The published figures.
        chosen: The reports.
        replies: How many of their corrections are to stand beside the action.
        public_files: How many of their files staff have confirmed.
    """
    if not chosen:
        return t("Choose reports to see what accepting them changes.")
    reports = t.plural("{n} report", "{n} reports", len(chosen))
    sentences = [t("{reports}: {effect}.", reports=reports, effect=say_effect(t, find_effect(snapshot, chosen)))]
    if replies:
        sentences.append(t.plural("{n} reply becomes public.", "{n} replies become public.", replies))
    if files := sum(len(report.files) for report in chosen):
        sentences.append(t("Files that become public: {n} of {all}.", n=public_files, all=files))
    return " ".join(sentences)
