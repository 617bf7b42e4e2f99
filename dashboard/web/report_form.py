"""The form behind a stakeholder's link: what is typed about each action, a story or an event, and how it is drawn.

What is typed stays as it was typed, whatever is wrong with it, so that a refusal gives it all back.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any, NamedTuple, Self

from dashboard.campaign.reporting.links import ReportLink, find_today
from dashboard.campaign.reporting.numbers import (
    SEPARATOR,
    Codelists,
    SentNumber,
    name_number,
    say_number,
    say_promised,
    say_reached,
)
from dashboard.campaign.reporting.reports import (
    REPORT_STATES,
    Report,
    ReportKind,
    ReportState,
    is_after_figures,
)
from dashboard.errors import sentence
from dashboard.formats import clean, format_date
from dashboard.i18n import N_, Translator
from dashboard.mail.letter import say_report
from dashboard.measures.action_numbers import ActionNumber
from dashboard.measures.counts import headline
from dashboard.measures.register import name_stakeholder
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.plain_fields import Part, draw_answers
from dashboard.web.plain_pages import draw_words
from dashboard.web.report_fields import (
    NOT_YET,
    VALUES,
    WORDS,
    Milestone,
    OpenAction,
    Rules,
    has_come,
    name_action,
)
from dashboard.web.report_files import FileGroup, say_publication

MOST_SHOWN = 5
"""Earlier reports of a link about an action that are shown, the latest ones."""
STORY_OR_EVENT = N_("A story or an event")


def say_effect(snapshot: Snapshot, t: Translator, actions: Sequence[OpenAction]) -> str:
    """Say what reports on some actions do for the figures: for the region with most of the unknown ones.

    Without a region, it is said of the campaign; where nothing is unknown, or the figures do not count a report of
    today, nothing.
    """
    unknown = [action for action in actions if action.is_unknown]
    if not unknown or is_after_figures(find_today(), snapshot.campaign["ends_on"]):
        return ""
    regions = Counter(region for action in unknown for region in action.regions)
    if not regions:
        before = headline(snapshot, Selection()).unknown
        return t.plural(
            "With yours, what is unknown of the campaign falls from {before} to {n} action.",
            "With yours, what is unknown of the campaign falls from {before} to {n} actions.",
            before - len(unknown),
            before=before,
        )
    region, count = regions.most_common(1)[0]
    before = headline(snapshot, Selection(regions=(region,))).unknown
    return t.plural(
        "With yours, what is unknown of {region} falls from {before} to {n} action.",
        "With yours, what is unknown of {region} falls from {before} to {n} actions.",
        before - count,
        region=snapshot.codes["regions"][region].labels[t.language],
        before=before,
    )


class FormToken(NamedTuple):
    """What a form carries: its signed text, and of that its unguessable id, its actions, and its age in seconds."""

    text: str = ""
    form_id: str = ""
    action_ids: tuple[str, ...] = ()
    age: float = math.inf


@dataclass(frozen=True)
class Entry:
    """One report of the form: about an action, or a story or an event.

    Attributes:
        earlier: The report of this link that a new one changes; None for none.
        action: The action that it is about; None for a story or an event.
        numbers: Those that the action promises or has reached.
        reports: What this link has reported about the action, the earliest first; of a story what of it waits.
        rival: The last report about the action by another link that one of this link meets.
    """

    part: Part
    files: FileGroup
    earlier: Report | None = None
    action: OpenAction | None = None
    milestones: Sequence[Milestone] = ()
    numbers: Sequence[ActionNumber] = ()
    reports: Sequence[Report] = ()
    rival: Report | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """All its parts."""
        return (self.part, *self.files.parts)

    @property
    def waiting_no(self) -> str:
        """The number of the report that it changes and that still waits; empty for none."""
        return self.earlier.report_no if self.earlier and self.earlier.state is ReportState.WAITING else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed but what is public already, and no file is there.

        A box or a list alone says nothing.
        """
        public_days = self._write_public_days()
        typed = {name: tuple(filter(None, values)) for name, values in self.part.typed.items()}
        alone = ("kind", "action_id", "may_publish")
        are_given = (values == public_days.get(name, ()) for name, values in typed.items() if name not in alone)
        return all(are_given) and not self.files.list_files()

    def fill(self) -> Self:
        """Fill in what is public, and what waits of this link."""
        days = {one.label: one.reached_on for one in self.milestones if one.reached_on}
        days |= self.earlier.milestones if self.earlier else {}
        values = (vars(self.earlier) if self.earlier else {}) | {
            one.field_name: days.get(one.label) for one in self.milestones
        }
        values |= _read_levels(self.numbers, self.earlier)
        return replace(self, part=self.part.fill(values))

    def fill_public(self) -> Self:
        """Fill in what is public, for what was not sent at all."""
        return replace(self, part=replace(self.part, typed=self._write_public_days()))

    def check(self) -> tuple[dict[str, Any], Self]:
        """Check what is typed; return the values of a report, and the entry with what is wrong."""
        values, part = self.part.check()
        self.files.check()
        faults = dict(part.faults)
        reached: dict[str, date] = {}
        for one in self.milestones:
            day = values.pop(one.field_name, None)
            if day is None and one.reached_on is not None and one.field_name not in faults:
                what = N_("It is public that this was reached on {day}. If that is wrong, write it below.")
                faults[one.field_name] = sentence(what, day=one.reached_on.isoformat())
            elif day is not None and day != one.reached_on:
                reached[one.label] = day
        results = tuple(self._take_numbers(values, faults))
        if self.action is None:
            faults |= _find_post_faults(values)
            values["kind"] = ReportKind(values.get("kind", ReportKind.STORY))
        else:
            values |= {"action_id": self.action.action_id, "milestones": reached, "results": results}
            values["may_publish"] = values["may_publish"] and bool(values.get("correction"))
        values["files"] = self.files.list_files()
        return values, replace(self, part=replace(part, faults=faults))

    def _take_numbers(self, values: dict[str, Any], faults: dict[str, str]) -> Iterator[SentNumber]:
        """Take the numbers out of the values of fields, and note what does not fit together."""
        for one in self.numbers:
            level_name = one.field_names[0]
            level, day, how_known = (values.pop(name, None) for name in one.field_names)
            if level is not None:
                yield SentNumber(
                    indicator=one.indicator, unit=one.unit, actual=level, actual_on=day, how_known=how_known or ""
                )  # fmt: skip
            elif (day or how_known) and level_name not in faults:
                faults[level_name] = N_("Write the number too.")

    def _write_public_days(self) -> dict[str, tuple[str, ...]]:
        return {one.field_name: (one.reached_on.isoformat(),) for one in self.milestones if one.reached_on}


def _read_levels(numbers: Sequence[ActionNumber], report: Report | None) -> dict[str, Any]:
    """Read what a report says of numbers, by the names of their fields."""
    sent_numbers = {(one.indicator, one.unit): one for one in (report.results if report else ())}
    levels: dict[str, Any] = {}
    for one in numbers:
        if sent_number := sent_numbers.get((one.indicator, one.unit)):
            levels |= zip(
                one.field_names, (sent_number.actual, sent_number.actual_on, sent_number.how_known), strict=True
            )
    return levels


def _find_post_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Find what does not fit together in a story or an event."""
    kind, day = values.get("kind"), values.get("on_day")
    if kind == ReportKind.EVENT and day is None and "on_day" in values:
        return {"on_day": N_("Give the day of the event.")}
    faults = {}
    if kind == ReportKind.STORY and day is not None and not has_come(day):
        faults["on_day"] = NOT_YET
    if kind == ReportKind.STORY and values.get("place"):
        faults["place"] = N_("Only an event has a place. Leave this empty.")
    return faults


def draw_entry(entry: Entry, snapshot: Snapshot, t: Translator, files: str) -> str:
    """Draw an action: its title, what is public now, what this link has reported and was asked, the fields, files."""
    action = entry.action
    if action is None:
        return _draw_post(entry, t, files)
    report = snapshot.codes["statuses"]["not_reported"].labels[t.language]
    if action.reported_on is not None:
        report = say_report(snapshot, t, action._asdict())
    facts = [
        clean(name_stakeholder(action.stakeholder, snapshot.person_names, t.language) or ""),
        t(N_("Public now: {report}"), report=report),
        *(_say_reported(t, one) for one in entry.reports[-MOST_SHOWN:]),
        say_rival(t, entry.rival),
    ]
    title_id, lang = f"{entry.part.place}title", escape(action.language or t.language)
    heading = f'<h2 id="{title_id}" lang="{lang}">{escape(name_action(t, action))}</h2>'
    hints = "".join(f'<p class="hint">{escape(fact)}</p>' for fact in facts if fact)
    milestone_names = [one.field_name for one in entry.milestones]
    fields = entry.part.draw(t, VALUES)
    if milestone_names:
        legend = f"<legend>{escape(t(N_('Milestones: the day on which each was reached')))}</legend>"
        fields += f"<fieldset>{legend}{entry.part.draw(t, milestone_names)}</fieldset>"
    fields += "".join(_draw_number(entry, one, snapshot, t) for one in entry.numbers)
    fields += entry.part.draw(t, (*WORDS, "may_publish"))
    drawn = f"{heading}{hints}{_draw_question(entry.earlier, t)}{fields}{files}"
    return f'<section aria-labelledby="{title_id}">{drawn}</section>'


def _draw_number(entry: Entry, number: ActionNumber, snapshot: Snapshot, t: Translator) -> str:
    """Draw a number: what is promised and what was told last, and the fields for what is reached now."""
    legend = escape(name_number(t, snapshot.codes, number.indicator, number.unit))
    last = say_reached(t, number.actual, number.actual_on)
    facts = (
        say_promised(t, number.baseline, number.target, number.target_on),
        t(N_("last reported: {number}"), number=last) if last else t(N_("nothing reported yet")),
    )
    hint = f'<p class="hint">{escape(SEPARATOR.join(filter(None, facts)))}</p>'
    return f"<fieldset><legend>{legend}</legend>{hint}{entry.part.draw(t, number.field_names)}</fieldset>"


def _draw_post(entry: Entry, t: Translator, files: str) -> str:
    """Draw a story or an event: one that this link has sent and that waits, or an empty one, folded."""
    title_id = f"{entry.part.place}head"
    heading = f'<h2 id="{title_id}">{escape(t(STORY_OR_EVENT))}</h2>'
    hint = "" if entry.earlier is None else f'<p class="hint">{escape(_say_reported(t, entry.earlier))}</p>'
    fields = f"{entry.part.draw(t)}{files}"
    if entry.earlier is None:
        is_open = not entry.is_empty or any(part.faults for part in entry.parts)
        summary = f"<summary>{escape(t(N_('Tell a story, or announce an event')))}</summary>"
        fields = f"<details{' open' * is_open}>{summary}{fields}</details>"
    question = _draw_question(entry.earlier, t)
    return f'<section aria-labelledby="{title_id}">{heading}{hint}{question}{fields}</section>'


def _draw_question(report: Report | None, t: Translator) -> str:
    """Draw what staff ask back about a report that waits; nothing where they do not."""
    if report is None or not report.question or report.asked_at is None or report.state is not ReportState.WAITING:
        return ""
    question = t(N_("The secretariat asks ({day}):"), day=format_date(report.asked_at.date(), t.language))
    return f'<div class="asked"><p>{escape(question)}</p><p>{escape(report.question)}</p></div>'


def say_rival(t: Translator, rival: Report | None) -> str:
    """Say that another link has reported on the same action; nothing of what it says."""
    if rival is None:
        return ""
    words = N_(
        "Another report about this action came on {day} by another link. Of those that are accepted, the later one "
        "decides."
    )
    return t(words, day=format_date(rival.received_at.date(), t.language))


def _say_reported(t: Translator, report: Report) -> str:
    day = format_date(report.received_at.date(), t.language)
    words = N_("Reported by this link on {day}: {number} · {state}")
    return t(words, day=day, number=report.report_no, state=t(REPORT_STATES[report.state]))


def draw_receipt(report: Report, entry: Entry, t: Translator, rules: Rules, codelists: Codelists) -> str:
    """Draw what was understood of a report."""
    reached = {one.field_name: report.milestones.get(one.label) for one in entry.milestones}
    answers = draw_answers(
        [one for one in entry.part.fields if not any(one.name in number.field_names for number in entry.numbers)],
        vars(report) | reached,
        t,
    )
    answers += "".join(draw_words(say_number(t, codelists, one)) for one in report.results)
    base = rules.statuses[report.status].base_status if report.status in rules.statuses else None
    is_day_missing = base == "completed" and report.completed_on is None
    day = N_("Do you know the day of completion? Then add it: it shows whether it was in time.")
    words = [t(day)] if is_day_missing else []
    words += [*(say_publication(t, file) for file in report.files), say_rival(t, entry.rival)]
    number = escape(t(N_("Number {number}"), number=report.report_no))
    heading = f"<h2>{escape(entry.part.title)}</h2>"
    return f"<section>{heading}<p>{number}</p>{answers}{draw_words(*words)}</section>"


class LinkForm(NamedTuple):
    """The form behind a link.

    Attributes:
        token: What it carries, once it was sent.
    """

    link: ReportLink
    entries: Sequence[Entry]
    closing: Part
    token: FormToken = FormToken()

    @property
    def parts(self) -> list[Part]:
        """All its parts."""
        return [part for entry in self.entries for part in entry.parts]
