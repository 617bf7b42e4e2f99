"""What a form behind a stakeholder's link asks: its actions and their milestones, the fields, and by what rules.

The fields of a report of progress, and of a story or an event, have the names of those of a report.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dashboard.campaign.reporting.links import ReportLink, find_today
from dashboard.campaign.reporting.reports import LONGEST_ADDRESS, LONGEST_TEXT, REPORT_KINDS, ReportKind
from dashboard.formats import clean, format_amount, format_date
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import N_, Translator
from dashboard.measures.action_numbers import ActionNumber
from dashboard.measures.register import plain_rows
from dashboard.snapshot.database import Snapshot
from dashboard.web.plain_fields import (
    LONGEST_LINE,
    Field,
    Shape,
    make_amount_field,
    take_address,
    take_day,
    take_line,
    take_percent,
)

OLDEST, FARTHEST = 10, 3
"""Years before a campaign's start and from today on that nothing is reported of: another day is mistyped."""
MOST_MILESTONES = 20
"""Milestones of an action that are asked about."""
VALUES, WORDS = ("status", "percent", "completed_on"), ("narrative", "evidence", "correction")
NAMES = (*VALUES, *WORDS, "may_publish")
"""The fields of a report of progress, but for its milestones, which stand after the values."""
POST_NAMES = ("kind", "title", "narrative", "on_day", "place", "evidence", "action_id")
"""The fields of a story or an event."""
TEXTS = (*WORDS, "title", "place", "description", "rights", "how_known")
"""The fields, also of files, in which somebody writes."""
POSTS = (ReportKind.STORY, ReportKind.EVENT)


class OpenAction(NamedTuple):
    """An action that a link opens: the columns of `queries/report_actions.sql`."""

    action_id: str
    title: str | None = None
    language: str | None = None
    stakeholder: str | None = None
    status: str | None = None
    status_code: str | None = None
    percent: float | None = None
    reported_on: date | None = None
    is_unknown: bool = False
    regions: tuple[str, ...] = ()


def list_open_actions(snapshot: Snapshot, link: ReportLink) -> list[OpenAction]:
    """List the actions of a build that a link opens: those it was made for, then others of their stakeholders."""
    parameters = {"as_of": snapshot.last_date, "action_ids": list(link.action_ids)}
    return [OpenAction(**row) for row in plain_rows(snapshot.query("report_actions", parameters))]


class Milestone(NamedTuple):
    """A milestone of an action: the columns of `queries/report_milestones.sql`."""

    action_id: str
    label: str
    due_on: date | None = None
    reached_on: date | None = None

    @property
    def field_name(self) -> str:
        """Name its field; the same in every build."""
        return f"reached-{hashlib.sha256(self.label.encode()).hexdigest()[:8]}"


def list_milestones(snapshot: Snapshot, action_ids: Sequence[str]) -> dict[str, list[Milestone]]:
    """List the milestones of some actions, by action."""
    parameters = {"as_of": snapshot.last_date, "action_ids": list(action_ids), "most": MOST_MILESTONES}
    milestones: dict[str, list[Milestone]] = {}
    for milestone in (Milestone(**row) for row in plain_rows(snapshot.query("report_milestones", parameters))):
        milestones.setdefault(milestone.action_id, []).append(milestone)
    return milestones


class Rules(NamedTuple):
    """What answers are checked by: the statuses that can be chosen, and the campaign's first day."""

    statuses: Mapping[str, Code]
    starts_on: date

    def take_past_day(self, text: str) -> date:
        """Read a day that has come, not long before the campaign."""
        day = self.take_near_day(text)
        if not has_come(day):
            raise ValueError(NOT_YET)
        return day

    def take_near_day(self, text: str) -> date:
        """Read a day that is not long before the campaign, and not far ahead."""
        day = take_day(text)
        if day.year < self.starts_on.year - OLDEST:
            raise ValueError(N_("This day is long before the campaign. Look at the year."))
        if day.year > find_today().year + FARTHEST:
            raise ValueError(N_("This day is far ahead. Look at the year."))
        return day


NOT_YET = N_("This day has not come yet.")


def has_come(day: date) -> bool:
    """Whether a day has come anywhere: in the east it is tomorrow already."""
    return day <= find_today() + timedelta(days=1)


def find_rules(snapshot: Snapshot) -> Rules:
    """Find the rules of a campaign; derived statuses, such as overdue, cannot be reported."""
    statuses = snapshot.codes["statuses"].values()
    return Rules({one.code: one for one in statuses if one.base_status}, snapshot.campaign["starts_on"])


def list_fields(
    t: Translator, rules: Rules, milestones: Sequence[Milestone], numbers: Sequence[ActionNumber], lang: str
) -> tuple[Field, ...]:
    """List the fields of a report of progress; their names are those of a report, but for milestones and numbers.

    `lang`: the language of the milestones' labels; empty where it is not known.
    """
    statuses = {code: one.labels[t.language] for code, one in rules.statuses.items()}
    return (
        Field(
            name="status", label=t(N_("Status")), shape=Shape.CHOICE,
            choices=statuses | {"": t(N_("I do not state it"))},
        ),
        Field(
            name="percent", label=t(N_("How much is done, in percent")), hint=t(N_("A number from 0 to 100")),
            read=take_percent, empty=None, attributes='inputmode="decimal" autocomplete="off" maxlength="8"',
        ),
        Field(
            name="completed_on", label=t(N_("Day of completion")), hint=t(N_("Only if it is completed")),
            shape=Shape.DAY, read=rules.take_past_day, empty=None,
        ),
        *(
            Field(
                name=one.field_name, label=clean(one.label), shape=Shape.DAY, read=rules.take_past_day, empty=None,
                hint=t(N_("Due on {day}"), day=format_date(one.due_on, t.language)) if one.due_on else "", lang=lang,
            )
            for one in milestones
        ),
        *(one for number in numbers for one in _list_number_fields(t, rules, number)),
        Field(
            name="narrative", label=t(N_("What was done and learned")), shape=Shape.TEXT,
            attributes=f'rows="4" maxlength="{LONGEST_TEXT}"',
        ),
        _address_field(t),
        Field(
            name="correction", label=t(N_("This is not right")), shape=Shape.TEXT,
            hint=t(
                N_(
                    "What is shown wrongly about this action? Only the secretariat reads this, unless you tick the "
                    "next box."
                )
            ),
            attributes=f'rows="2" maxlength="{LONGEST_TEXT}"',
        ),
        Field(
            name="may_publish", shape=Shape.TICK,
            label=t(N_("My words may stand beside the action if the secretariat agrees")),
        ),
    )  # fmt: skip


def _list_number_fields(t: Translator, rules: Rules, number: ActionNumber) -> tuple[Field, ...]:
    level, day, how = number.field_names
    hint = t(N_("In all until that day, not only since the last report"))
    if number.baseline:
        baseline = format_amount(number.baseline, t.language)
        hint = t(N_("In all, with the {baseline} from before the action"), baseline=baseline)
    return (
        make_amount_field(level, t(N_("Number reached")), hint, t.language),
        Field(
            name=day, label=t(N_("Day of this number")), shape=Shape.DAY, read=rules.take_past_day, empty=None,
        ),
        Field(
            name=how, label=t(N_("How it is known")), hint=t(N_("Lists, a survey, an estimate …")), read=take_line,
            attributes=f'maxlength="{LONGEST_LINE}"',
        ),
    )  # fmt: skip


def list_post_fields(t: Translator, rules: Rules, actions: Sequence[OpenAction]) -> tuple[Field, ...]:
    """List the fields of a story or an event; their names are those of a report."""
    titles = {action.action_id: name_action(t, action) for action in actions}
    line = f'maxlength="{LONGEST_LINE}"'
    return (
        Field(
            name="kind", label=t(N_("What it is")), shape=Shape.CHOICE, is_needed=True,
            choices={kind: t(REPORT_KINDS[kind]) for kind in POSTS},
        ),
        Field(name="title", label=t(N_("Title")), is_needed=True, read=take_line, attributes=line),
        Field(
            name="narrative", label=t(N_("Text")), shape=Shape.TEXT, is_needed=True,
            hint=t(N_("Give no child’s name, school or exact place.")),
            attributes=f'rows="6" maxlength="{LONGEST_TEXT}"',
        ),
        Field(name="on_day", label=t(N_("Day")), shape=Shape.DAY, read=rules.take_near_day, empty=None),
        Field(name="place", label=t(N_("Place")), hint=t(N_("Only of an event")), read=take_line, attributes=line),
        _address_field(t),
        Field(
            name="action_id", label=t(N_("The action of which it tells")), shape=Shape.LIST,
            choices={"": t(N_("None of them alone"))} | titles,
        ),
    )  # fmt: skip


def _address_field(t: Translator) -> Field:
    return Field(
        name="evidence", label=t(N_("Web address that shows it")), read=take_address,
        hint=t(N_("A page or document, beginning with https://")),
        attributes=f'type="url" inputmode="url" autocomplete="off" maxlength="{LONGEST_ADDRESS}"',
    )  # fmt: skip


def name_action(t: Translator, action: OpenAction) -> str:
    """Name an action by its title."""
    return clean(action.title or t(N_("Untitled action")))
