"""The form behind a stakeholder's link: what it asks about each action, how answers are read, and how it is drawn.

What is typed stays as it was typed, whatever is wrong with it, so that a refusal gives it all back.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from dashboard.campaign.reporting.links import ReportLink, find_today
from dashboard.campaign.reporting.reports import (
    LONGEST_ADDRESS,
    LONGEST_TEXT,
    REPORT_STATES,
    Report,
    ReportState,
    is_after_figures,
)
from dashboard.errors import sentence
from dashboard.formats import clean, format_date, format_share
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import N_, Translator
from dashboard.mail.letter import say_report
from dashboard.measures.counts import headline
from dashboard.measures.register import name_stakeholder, plain_cell
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.plain_pages import draw_words

OLDEST = 10
"""Years before a campaign's start in which nothing can have been completed: a day before them is mistyped."""
MOST_SHOWN = 5
"""Earlier reports of a link about an action that are shown, the latest ones."""
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%?")


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


@dataclass(frozen=True)
class Answers:
    """What is typed about one action; the names are those of a report and of the form's fields."""

    status: str = ""
    percent: str = ""
    completed_on: str = ""
    narrative: str = ""
    evidence: str = ""
    correction: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filled in."""
        return self == Answers()


NAMES = tuple(field.name for field in fields(Answers))
LABELS = {
    "status": N_("Status"),
    "percent": N_("How much is done, in percent"),
    "completed_on": N_("Day of completion"),
    "narrative": N_("What was done and learned"),
    "evidence": N_("Web address that shows it"),
    "correction": N_("This is not right"),
}
_HINTS = {
    "percent": N_("A number from 0 to 100"),
    "completed_on": N_("Only if it is completed"),
    "evidence": N_("A page or document, beginning with https://"),
    "correction": N_("What is shown wrongly about this action? Only the secretariat reads this."),
}


class Rules(NamedTuple):
    """What answers are checked by: the statuses that can be chosen, and the campaign's first day."""

    statuses: Mapping[str, Code]
    starts_on: date


def find_rules(snapshot: Snapshot) -> Rules:
    """Find the rules of a campaign; derived statuses, such as overdue, cannot be reported."""
    statuses = snapshot.codes["statuses"].values()
    return Rules({one.code: one for one in statuses if one.base_status}, snapshot.campaign["starts_on"])


def read_answers(form: Mapping[str, Sequence[str]], action_id: str) -> Answers:
    """Read what a form holds about an action: composed letters, no control characters but line breaks."""
    return Answers(**{name: _clean("".join(form.get(f"{action_id}/{name}", ()))) for name in NAMES})


def list_words(form: Mapping[str, Sequence[str]]) -> list[str]:
    """List all that somebody wrote into a form, for a page that cannot show the form again."""
    names = tuple(f"/{name}" for name in ("narrative", "evidence", "correction"))
    return [words for name, values in form.items() if name.endswith(names) and (words := _clean("".join(values)))]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", "\n".join(map(clean, text.strip().splitlines())))


def write_answers(report: Report | None) -> Answers:
    """Write a report as it would be typed; without one nothing is."""
    if report is None:
        return Answers()
    percent = "" if report.percent is None else f"{report.percent:g}"
    completed_on = report.completed_on.isoformat() if report.completed_on else ""
    texts = {name: getattr(report, name) for name in ("status", "narrative", "evidence", "correction")}
    return Answers(percent=percent, completed_on=completed_on, **texts)


def check_answers(answers: Answers, rules: Rules) -> tuple[dict[str, Any], dict[str, str]]:
    """Check what is typed about an action.

    Returns:
        The values of a report, and by the name of a field what is wrong with it, in English.
    """
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name in NAMES:
        text, read = getattr(answers, name), _READERS[name]
        try:
            values[name] = read(text, rules) if text else getattr(Report, name)
        except ValueError as error:
            faults[name] = error.args[0]
    return values, faults


def _read_status(text: str, rules: Rules) -> str:
    if text not in rules.statuses:
        raise ValueError(N_("Choose one of these statuses."))
    return text


def _read_percent(text: str, _rules: Rules) -> float:
    match = _PERCENT.fullmatch(text)
    number = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= number <= 100:
        raise ValueError(N_("Write a number from 0 to 100."))
    return number


def _read_day(text: str, rules: Rules) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            sentence(N_("Write the day as year, month and day: {day}."), day=find_today().isoformat())
        ) from None
    if day > find_today() + timedelta(days=1):  # in the east it is tomorrow already
        raise ValueError(N_("This day has not come yet."))
    if day.year < rules.starts_on.year - OLDEST:
        raise ValueError(N_("This day is long before the campaign. Look at the year."))
    return day


def _read_text(text: str, _rules: Rules) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(
            sentence(
                N_("This is {length} characters long; {longest} are taken. Shorten it."),
                length=len(text),
                longest=LONGEST_TEXT,
            )
        )
    return text


def _read_address(text: str, _rules: Rules) -> str:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError(N_("Write a whole web address, beginning with https://"))
    if len(text) > LONGEST_ADDRESS:
        raise ValueError(
            sentence(N_("This address is too long; {longest} characters are taken."), longest=LONGEST_ADDRESS)
        )
    return text


_READERS: Mapping[str, Callable[[str, Rules], Any]] = {
    "status": _read_status,
    "percent": _read_percent,
    "completed_on": _read_day,
    "narrative": _read_text,
    "evidence": _read_address,
    "correction": _read_text,
}


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
        number: Its place on the page, for the ids of its fields.
        faults: What is wrong, by the name of the field.
        reports: What this link has reported about it, the earliest first.
    """

    number: int
    action: OpenAction
    answers: Answers
    faults: Mapping[str, str]
    reports: Sequence[Report]

    @property
    def waiting(self) -> Report | None:
        """The last report of this link about it, if it still waits: what a new one changes."""
        return self.reports[-1] if self.reports and self.reports[-1].state is ReportState.WAITING else None

    def name_field(self, name: str) -> str:
        """Name a field as the page's links do."""
        return f"a{self.number}-{name}"


def name_action(t: Translator, action: OpenAction) -> str:
    """Name an action by its title."""
    return clean(action.title or t(N_("Untitled action")))


def draw_action(form: ActionForm, snapshot: Snapshot, t: Translator, rules: Rules) -> str:
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
    title_id, lang = form.name_field("title"), escape(action.language or t.language)
    heading = f'<h2 id="{title_id}" lang="{lang}">{escape(name_action(t, action))}</h2>'
    hints = "".join(f'<p class="hint">{escape(fact)}</p>' for fact in facts if fact)
    fields = "".join(draw(form, t, rules) for draw in _DRAWERS)
    return f'<section aria-labelledby="{title_id}">{heading}{hints}{fields}</section>'


def _say_reported(t: Translator, report: Report) -> str:
    day = format_date(report.received_at.date(), t.language)
    words = N_("Reported by this link on {day}: {number} · {state}")
    return t(words, day=day, number=report.report_no, state=t(REPORT_STATES[report.state]))


def draw_faults(forms: Sequence[ActionForm], t: Translator) -> str:
    """Draw the list of what is wrong, with links to the fields."""
    items = "".join(
        f'<li><a href="#{form.name_field(name)}">{escape(name_action(t, form.action))} · '
        f"{escape(t(N_('{name}: {value}'), name=t(LABELS[name]), value=t(fault)))}</a></li>"
        for form in forms
        for name, fault in form.faults.items()
    )
    return f'<div class="wrong" role="alert">{draw_words(t(N_("Nothing has been sent yet.")))}<ul>{items}</ul></div>'


def _draw_status(form: ActionForm, t: Translator, rules: Rules) -> str:
    fault, marks = _draw_fault(form, t, "status")
    labels = {code: one.labels[t.language] for code, one in rules.statuses.items()} | {"": t(N_("I do not state it"))}
    name, field_id, boxes = f"{escape(form.action.action_id)}/status", f' id="{form.name_field("status")}"', ""
    for code, label in labels.items():
        checked = " checked" if code and code == form.answers.status else ""
        button = f'<input type="radio" name="{name}" value="{escape(code)}"{field_id}{checked}>'
        boxes, field_id = f'{boxes}<label class="box">{button} {escape(label)}</label>', ""
    legend = f"<legend>{escape(t(LABELS['status']))}</legend>"
    return f'<fieldset{marks}>{legend}{fault}<div class="boxes">{boxes}</div></fieldset>'


def _draw_line(name: str, attributes: str) -> Callable[[ActionForm, Translator, Rules], str]:
    """Make what draws a field of one line; `attributes` are those of its element."""

    def draw(form: ActionForm, t: Translator, _rules: Rules) -> str:
        value = escape(getattr(form.answers, name))
        return _draw_labelled(form, t, name, lambda common: f'<input {attributes} value="{value}"{common}>')

    return draw


def _draw_text(name: str) -> Callable[[ActionForm, Translator, Rules], str]:
    """Make what draws a field of several lines."""

    def draw(form: ActionForm, t: Translator, _rules: Rules) -> str:
        value, rows = escape(getattr(form.answers, name)), 4 if name == "narrative" else 2
        begin_tag = f'<textarea rows="{rows}" maxlength="{LONGEST_TEXT}"'
        return _draw_labelled(form, t, name, lambda common: f"{begin_tag}{common}>\n{value}</textarea>")

    return draw


def _draw_labelled(form: ActionForm, t: Translator, name: str, draw_element: Callable[[str], str]) -> str:
    """Draw a field with its label, its hint and what is wrong with it; the element gets what all have in common."""
    fault, marks = _draw_fault(form, t, name)
    field_id = form.name_field(name)
    common = f' id="{field_id}" name="{escape(form.action.action_id)}/{name}"{marks}'
    hint = f'<p class="hint" id="{field_id}-hint">{escape(t(_HINTS[name]))}</p>' if name in _HINTS else ""
    return f'<label for="{field_id}">{escape(t(LABELS[name]))}</label>{hint}{fault}{draw_element(common)}'


def _draw_fault(form: ActionForm, t: Translator, name: str) -> tuple[str, str]:
    """Draw what is wrong with a field, and the attributes by which screen readers find it and the hint."""
    field_id, described = form.name_field(name), [f"{form.name_field(name)}-hint"] if name in _HINTS else []
    fault, mark = "", ""
    if name in form.faults:
        fault = f'<p class="fault" id="{field_id}-fault">{escape(t(form.faults[name]))}</p>'
        described.append(f"{field_id}-fault")
        mark = "" if name == "status" else ' aria-invalid="true"'
    return fault, mark + (f' aria-describedby="{" ".join(described)}"' if described else "")


_DRAWERS = (
    _draw_status,
    _draw_line("percent", 'inputmode="decimal" autocomplete="off" maxlength="8"'),
    _draw_line("completed_on", 'type="date"'),
    _draw_text("narrative"),
    _draw_line("evidence", f'type="url" inputmode="url" autocomplete="off" maxlength="{LONGEST_ADDRESS}"'),
    _draw_text("correction"),
)


def draw_receipt(report: Report, title: str, t: Translator, rules: Rules) -> str:
    """Draw what was understood of a report."""
    answers: dict[str, str] = {name: getattr(report, name) for name in ("narrative", "evidence", "correction")}
    answers["status"] = rules.statuses[report.status].labels[t.language] if report.status in rules.statuses else ""
    answers["percent"] = "" if report.percent is None else format_share(report.percent / 100, t.language)
    answers["completed_on"] = format_date(report.completed_on, t.language) if report.completed_on else ""
    lines = "".join(
        f"<dt>{escape(t(LABELS[name]))}</dt><dd>{escape(answers[name])}</dd>" for name in NAMES if answers[name]
    )
    hint = ""
    base = rules.statuses[report.status].base_status if report.status in rules.statuses else None
    if base == "completed" and report.completed_on is None:
        hint = draw_words(t(N_("Do you know the day of completion? Then add it: it shows whether it was in time.")))
    number = escape(t(N_("Number {number}"), number=report.report_no))
    return f"<section><h2>{escape(title)}</h2><p>{number}</p><dl>{lines}</dl>{hint}</section>"
