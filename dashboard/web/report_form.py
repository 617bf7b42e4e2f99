"""The form behind a stakeholder's link: what it asks about each action, how answers are read, and how it is drawn.

What is typed stays as it was typed, whatever is wrong with it, so that a refusal gives it all back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

from dashboard.campaign.reporting.links import ReportLink, find_today
from dashboard.campaign.reporting.reports import (
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    REPORT_STATES,
    Report,
    ReportState,
    is_after_figures,
)
from dashboard.formats import clean, format_date
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import N_, Translator
from dashboard.mail.letter import say_report
from dashboard.measures.counts import headline
from dashboard.measures.register import name_stakeholder, plain_cell
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.plain_fields import Field, Part, Shape, draw_answers, take_address, take_day, take_percent
from dashboard.web.plain_pages import draw_words

OLDEST = 10
"""Years before a campaign's start in which nothing can have been completed: a day before them is mistyped."""
MOST_SHOWN = 5
"""Earlier reports of a link about an action that are shown, the latest ones."""
NAMES = ("status", "percent", "completed_on", "narrative", "evidence", "correction")
"""The fields of a report of progress."""
TEXTS = ("narrative", "evidence", "correction")
"""Those of what is written."""


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
    rows = snapshot.query("report_actions", parameters).to_dict("records")
    return [OpenAction(**{str(name): plain_cell(value) for name, value in row.items()}) for row in rows]


class Rules(NamedTuple):
    """What answers are checked by: the statuses that can be chosen, and the campaign's first day."""

    statuses: Mapping[str, Code]
    starts_on: date

    def take_past_day(self, text: str) -> date:
        """Read a day that has come, not long before the campaign."""
        day = take_day(text)
        if day > find_today() + timedelta(days=1):  # in the east it is tomorrow already
            raise ValueError(N_("This day has not come yet."))
        if day.year < self.starts_on.year - OLDEST:
            raise ValueError(N_("This day is long before the campaign. Look at the year."))
        return day


def find_rules(snapshot: Snapshot) -> Rules:
    """Find the rules of a campaign; derived statuses, such as overdue, cannot be reported."""
    statuses = snapshot.codes["statuses"].values()
    return Rules({one.code: one for one in statuses if one.base_status}, snapshot.campaign["starts_on"])


def list_fields(t: Translator, rules: Rules) -> tuple[Field, ...]:
    """List the fields of a report of progress; their names are those of a report."""
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
        Field(
            name="narrative", label=t(N_("What was done and learned")), shape=Shape.TEXT,
            attributes=f'rows="4" maxlength="{LONGEST_TEXT}"',
        ),
        Field(
            name="evidence", label=t(N_("Web address that shows it")),
            hint=t(N_("A page or document, beginning with https://")), read=take_address,
            attributes=f'type="url" inputmode="url" autocomplete="off" maxlength="{LONGEST_ADDRESS}"',
        ),
        Field(
            name="correction", label=t(N_("This is not right")),
            hint=t(N_("What is shown wrongly about this action? Only the secretariat reads this.")), shape=Shape.TEXT,
            attributes=f'rows="2" maxlength="{LONGEST_TEXT}"',
        ),
    )  # fmt: skip


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


class ActionForm(NamedTuple):
    """One action of the form.

    Attributes:
        reports: What this link has reported about it, the earliest first.
    """

    action: OpenAction
    part: Part
    reports: Sequence[Report]

    @property
    def waiting(self) -> Report | None:
        """The last report of this link about it, if it still waits: what a new one changes."""
        return self.reports[-1] if self.reports and self.reports[-1].state is ReportState.WAITING else None


def name_action(t: Translator, action: OpenAction) -> str:
    """Name an action by its title."""
    return clean(action.title or t(N_("Untitled action")))


def draw_action(form: ActionForm, snapshot: Snapshot, t: Translator) -> str:
    """Draw an action: its title, what is public now, what this link has reported, and the fields."""
    action = form.action
    report = snapshot.codes["statuses"]["not_reported"].labels[t.language]
    if action.reported_on is not None:
        report = say_report(snapshot, t, action._asdict())
    facts = [
        clean(name_stakeholder(action.stakeholder, snapshot.person_names, t.language) or ""),
        t(N_("Public now: {report}"), report=report),
        *(_say_reported(t, one) for one in form.reports[-MOST_SHOWN:]),
    ]
    title_id, lang = f"{form.part.place}title", escape(action.language or t.language)
    heading = f'<h2 id="{title_id}" lang="{lang}">{escape(name_action(t, action))}</h2>'
    hints = "".join(f'<p class="hint">{escape(fact)}</p>' for fact in facts if fact)
    return f'<section aria-labelledby="{title_id}">{heading}{hints}{form.part.draw(t)}</section>'


def _say_reported(t: Translator, report: Report) -> str:
    day = format_date(report.received_at.date(), t.language)
    words = N_("Reported by this link on {day}: {number} · {state}")
    return t(words, day=day, number=report.report_no, state=t(REPORT_STATES[report.state]))


def draw_receipt(report: Report, title: str, t: Translator, rules: Rules) -> str:
    """Draw what was understood of a report."""
    answers = draw_answers(list_fields(t, rules), vars(report), t)
    hint = ""
    base = rules.statuses[report.status].base_status if report.status in rules.statuses else None
    if base == "completed" and report.completed_on is None:
        hint = draw_words(t(N_("Do you know the day of completion? Then add it: it shows whether it was in time.")))
    number = escape(t(N_("Number {number}"), number=report.report_no))
    return f"<section><h2>{escape(title)}</h2><p>{number}</p>{answers}{hint}</section>"
