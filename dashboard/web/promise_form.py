"""The form for new actions: what it asks, by the campaign's codelists, days and limits; nothing is chosen beforehand.

The names of its fields are those of a promise, and the columns of the inbox that an accepted one becomes.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.commitments.criteria import (
    CRITERIA,
    LANGUAGES,
    REASONS,
    Commitment,
    judge,
    list_patterns,
)
from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.reports import LONGEST_ADDRESS, LONGEST_TEXT, Report
from dashboard.errors import UserError, join, sentence
from dashboard.formats import format_date
from dashboard.ground.codelist_codes import UNCLASSIFIED, Code
from dashboard.i18n import N_, Translator
from dashboard.mail.addresses import LONGEST, check_address
from dashboard.web.plain_fields import (
    LONGEST_LINE,
    Field,
    Form,
    Part,
    Shape,
    draw_answers,
    take_address,
    take_day,
    take_line,
    take_text,
)
from dashboard.web.plain_pages import draw_words

LISTS = ("stakeholder_groups", "categories", "themes", "regions", "countries")
SECTIONS = {
    N_("The action"): ("title", "description", "category", "themes", "due_on", "address"),
    N_("Who promises it"): ("stakeholder", "stakeholder_group", "partners"),
    N_("Where"): ("regions", "countries"),
    N_("For the secretariat alone"): ("contact_name", "contact_email"),
}
"""The names of the fields, by the headings above them."""
WRITTEN = ("title", "description", "address", "stakeholder", "partners", "contact_name", "contact_email")
PERSONAL = SECTIONS["For the secretariat alone"]
MAY_STAY_EMPTY = N_("It may stay empty.")

Codelists = Mapping[str, Sequence[Code]]


def load_choices(folder: CampaignFolder) -> Codelists:
    """Read the campaign's codelists that the form offers: those by which the next build understands a promise."""
    codelists = {name: load_codelist(folder, name) for name in LISTS}
    return {name: [code for code in codes if code.code != UNCLASSIFIED] for name, codes in codelists.items()}


def list_fields(t: Translator, campaign: Campaign, codelists: Codelists) -> tuple[Field, ...]:
    """List the fields, in the order of their sections; a codelist that is empty is not asked for."""
    limits, day = campaign.limits, format_date(campaign.action_deadline, t.language)
    labels = {name: {code.code: code.labels[t.language] for code in codes} for name, codes in codelists.items()}
    line = f'maxlength="{LONGEST_LINE}"'
    fields = (
        Field(
            name="title", label=t(N_("Title of the action")), hint=_say_limit(t, limits.title), is_needed=True,
            read=_limit_words(limits.title, take_line), attributes=line,
        ),
        Field(
            name="description", label=t(N_("What will be done")), shape=Shape.TEXT, is_needed=True,
            hint=f"{_say_limit(t, limits.description)} {t(N_('Name no child, no school and no exact place.'))}".strip(),
            read=_limit_words(limits.description, take_text), attributes=f'rows="6" maxlength="{LONGEST_TEXT}"',
        ),
        Field(
            name="category", label=t(N_("Kind of action")), shape=Shape.CHOICE, is_needed=True,
            choices=labels["categories"],
        ),
        Field(
            name="themes", label=t(N_("Themes")), hint=t(N_("One or several")), shape=Shape.SEVERAL, is_needed=True,
            choices=labels["themes"],
        ),
        Field(
            name="due_on", label=t(N_("Day by which it will be done")), shape=Shape.DAY,
            hint=t(N_("Without a day it is due on {day}."), day=day), read=_make_day_reader(t, campaign), empty=None,
            attributes=f'min="{campaign.start}" max="{campaign.end}"',
        ),
        Field(
            name="address", label=t(N_("Web address of the action")), read=take_address,
            hint=f"{t(N_('A page or document, beginning with https://'))}. {t(MAY_STAY_EMPTY)}",
            attributes=f'type="url" inputmode="url" autocomplete="off" maxlength="{LONGEST_ADDRESS}"',
        ),
        Field(
            name="stakeholder", label=t(N_("Name of the stakeholder")), hint=_say_who(t, campaign, codelists),
            is_needed=True, read=take_line, attributes=f'autocomplete="organization" {line}',
        ),
        Field(
            name="stakeholder_group", label=t(N_("Stakeholder group")), shape=Shape.CHOICE, is_needed=True,
            choices=labels["stakeholder_groups"],
        ),
        Field(
            name="partners", label=t(N_("Partners")), hint=t(MAY_STAY_EMPTY), shape=Shape.TEXT,
            attributes=f'rows="2" maxlength="{LONGEST_TEXT}"',
        ),
        Field(
            name="regions", label=t(N_("Whole regions")), shape=Shape.SEVERAL, choices=labels["regions"],
            hint=t(N_("Only if the action is for all of a region, or for the whole world")),
        ),
        Field(
            name="countries", label=t(N_("Countries")), hint=t(N_("One or several; open a region to find them")),
            shape=Shape.SEVERAL, choices=labels["countries"], folds=_fold_countries(t, codelists),
        ),
        Field(
            name="contact_name", label=t(N_("Your name")), is_needed=True, read=take_line,
            attributes=f'autocomplete="name" {line}',
        ),
        Field(
            name="contact_email", label=t(N_("E-mail address")), is_needed=True, read=_read_mail_address,
            attributes=f'type="email" autocomplete="email" maxlength="{LONGEST}"',
        ),
    )  # fmt: skip
    return tuple(one for one in fields if one.choices or one.shape not in (Shape.CHOICE, Shape.SEVERAL))


def _say_limit(t: Translator, words: int) -> str:
    return t.plural("At most {n} word", "At most {n} words", words) + "." if words else ""


def _say_who(t: Translator, campaign: Campaign, codelists: Codelists) -> str:
    """Say whose name is asked for, and what becomes of a person's, where the campaign has persons."""
    persons = {code.code for code in codelists["stakeholder_groups"]} & set(campaign.individuals.groups)
    if not persons:
        return t(N_("The organisation that promises the action"))
    who = t(N_("The organisation that promises the action, or your own name if you promise it yourself."))
    hidden = t(N_("A person’s name is not shown in public."))
    return who if campaign.individuals.agreed_to_be_named else f"{who} {hidden}"


def _fold_countries(t: Translator, codelists: Codelists) -> dict[str, list[str]]:
    """Fold countries under the regions in which they lie, both by the campaign's lists, in the order of their names."""
    by_name = sorted(codelists["countries"], key=lambda one: _fold_name(one.labels[t.language]))
    regions = {one.code: one.labels[t.language] for one in codelists["regions"]}
    folds: dict[str, list[str]] = {words: [] for words in (*regions.values(), t(N_("Other countries")))}
    for country in by_name:
        folds[regions.get(country.extra["region"], t(N_("Other countries")))].append(country.code)
    return {words: codes for words, codes in folds.items() if codes}


def _fold_name(name: str) -> str:
    """Return what a name is sorted by: an accented letter stands with the plain one."""
    return unicodedata.normalize("NFKD", name).casefold()


def _limit_words(words: int, read: Callable[[str], str]) -> Callable[[str], str]:
    """Make what reads a text of so many words at most; 0 means any number."""

    def read_limited(text: str) -> str:
        if words and len(text.split()) > words:
            what = N_("These are {length} words; {longest} are taken. Shorten it.")
            raise ValueError(sentence(what, length=len(text.split()), longest=words))
        return read(text)

    return read_limited


def _make_day_reader(t: Translator, campaign: Campaign) -> Callable[[str], date]:
    """Make what reads a day of the campaign."""

    def read(text: str) -> date:
        day = take_day(text)
        if not campaign.start <= day <= campaign.end:
            first, last = (format_date(one, t.language) for one in (campaign.start, campaign.end))
            raise ValueError(sentence(N_("Choose a day from {first} to {last}."), first=first, last=last))
        return day

    return read


def _read_mail_address(text: str) -> str:
    try:
        return check_address(text)
    except UserError as error:
        raise ValueError(join((error.what, error.remedy))) from None


def read_promise(fields: Sequence[Field], form: Form) -> tuple[dict[str, Any], Part]:
    """Read what was sent: the promise as it is kept, without what is wrong; and the form with what is typed."""
    values, part = Part(fields).read_form(form).check()
    if not values.get("regions") and not values.get("countries"):
        part = replace(part, faults={**part.faults, "regions": N_("Choose at least one region or country.")})
    promise: dict[str, Any] = {name: "" for names in SECTIONS.values() for name in names}
    for name, value in values.items():
        promise[name] = list(value) if isinstance(value, tuple) else str(value or "")
    return promise, part


def fill_form(fields: Sequence[Field], report: Report) -> Part:
    """Write a promise into the form, for whoever changes it."""
    return Part(fields).fill(_read_kept(report))


def draw_form(part: Part, t: Translator) -> str:
    """Draw the fields, in sections."""
    field_names = {one.name for one in part.fields}
    return "".join(
        f"<section><h2>{escape(t(heading))}</h2>{part.draw(t, section_names)}</section>"
        for heading, names in SECTIONS.items()
        if (section_names := [name for name in names if name in field_names])
    )


def draw_promise(fields: Sequence[Field], report: Report, t: Translator) -> str:
    """Draw what was understood of a promise, for whoever submitted it; once it is decided about, without the person."""
    number = draw_words(t(N_("Number {number}"), number=report.report_no))
    public_fields = [one for one in fields if report.decided_at is None or one.name not in PERSONAL]
    return f"<section>{number}{draw_answers(public_fields, _read_kept(report), t)}</section>"


def draw_advice(folder: CampaignFolder, promise: Mapping[str, Any], t: Translator) -> str:
    """Draw what a promise lacks of a good commitment: advice, which nobody has to follow.

    Empty in a language whose texts the criteria cannot read.
    """
    if t.language not in LANGUAGES:
        return ""
    campaign = folder.load()
    commitment = Commitment(
        title=promise["title"],
        description=promise["description"],
        partners=promise["partners"],
        due_on=date.fromisoformat(promise["due_on"]) if promise["due_on"] else None,
        has_place=bool(promise["countries"] or set(promise["regions"]) - {"global"}),
        has_theme=bool(promise["themes"]),
    )
    patterns = list_patterns(load_codelist(folder, "themes"), campaign.start, campaign.action_deadline)
    (findings,) = judge([commitment], patterns)
    missing = [
        f"<li><strong>{escape(t(CRITERIA[one.criterion]))}</strong>: {escape(t(REASONS[one.reason]))}</li>"
        for one in findings
        if not one.is_met
    ]
    if not missing:
        return draw_words(t(N_("This action says what is done, how much, by what means and by when.")))
    advice = t(N_("A good action says what is done, how much, by what means and by when. You can add to yours:"))
    closing = t(N_("This is advice: the action is taken as it is, too."))
    return f"<section>{draw_words(advice)}<ul>{''.join(missing)}</ul>{draw_words(closing)}</section>"


def _read_kept(report: Report) -> dict[str, Any]:
    """Read a promise as the fields have it."""
    day = str(report.promise.get("due_on", ""))
    return {**report.promise, "due_on": date.fromisoformat(day) if day else None}
