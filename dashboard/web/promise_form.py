"""The form for new actions: what it asks, by the campaign's codelists, days and limits; nothing is chosen beforehand.

The names of its fields are those of a promise, and the columns of the inbox that an accepted one becomes.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, NamedTuple

from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.commitments.criteria import (
    CRITERIA,
    REASONS,
    Commitment,
    judge,
    list_patterns,
    list_readable,
)
from dashboard.campaign.folder import Campaign, CampaignFolder
from dashboard.campaign.reporting.numbers import MOST_PROMISED, SentNumber, say_number
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
    make_amount_field,
    take_address,
    take_day,
    take_line,
    take_text,
)
from dashboard.web.plain_pages import draw_words

LISTS = ("stakeholder_groups", "categories", "themes", "regions", "countries", "indicators", "units")
SECTIONS = {
    N_("The action"): ("title", "description", "category", "themes", "due_on", "address"),
    N_("Who promises it"): ("stakeholder", "stakeholder_group", "partners"),
    N_("Where"): ("regions", "countries"),
    N_("For the secretariat alone"): ("contact_name", "contact_email"),
}
"""The names of the fields, by the headings above them."""
NUMBER = ("indicator", "unit", "baseline", "target", "target_on")
"""The fields of a number that an action promises; in the form they end with its place."""
NUMBERS = tuple(f"{name}_{place}" for place in range(1, MOST_PROMISED + 1) for name in NUMBER)
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
        *(
            one for place in range(1, MOST_PROMISED + 1) if codelists["indicators"]
            for one in _list_number_fields(t, campaign, labels, place)
        ),
    )  # fmt: skip
    return tuple(one for one in fields if one.choices or one.shape not in (Shape.CHOICE, Shape.SEVERAL))


def _list_number_fields(
    t: Translator, campaign: Campaign, labels: Mapping[str, Mapping[str, str]], place: int
) -> Iterator[Field]:
    yield Field(
        name=f"indicator_{place}", label=t(N_("What is counted")), shape=Shape.LIST,
        choices={"": t(N_("No number"))} | dict(labels["indicators"]),
    )  # fmt: skip
    yield Field(
        name=f"unit_{place}", label=t(N_("Unit")), shape=Shape.LIST,
        choices={"": t(N_("The usual one of what is counted"))} | dict(labels["units"]),
    )  # fmt: skip
    before, promised = t(N_("Number before the action")), t(N_("Number that is promised"))
    yield make_amount_field(f"baseline_{place}", before, t(MAY_STAY_EMPTY), t.language)
    yield make_amount_field(f"target_{place}", promised, "", t.language)
    yield Field(
        name=f"target_on_{place}", label=t(N_("Day by which it is reached")), shape=Shape.DAY,
        hint=t(N_("Without a day it is that of the action.")), read=_make_day_reader(t, campaign), empty=None,
        attributes=f'min="{campaign.start}" max="{campaign.end}"',
    )  # fmt: skip


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
    # An accented letter stands with the plain one.
    by_name = sorted(
        codelists["countries"], key=lambda one: unicodedata.normalize("NFKD", one.labels[t.language]).casefold()
    )
    regions = {one.code: one.labels[t.language] for one in codelists["regions"]}
    folds: dict[str, list[str]] = {words: [] for words in (*regions.values(), t(N_("Other countries")))}
    for country in by_name:
        folds[regions.get(country.extra["region"], t(N_("Other countries")))].append(country.code)
    return {words: codes for words, codes in folds.items() if codes}


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


class Promise(NamedTuple):
    """A promise as it is kept: its answers by the names of fields, and the numbers that it states."""

    answers: dict[str, Any]
    results: tuple[SentNumber, ...]


def read_promise(fields: Sequence[Field], codelists: Codelists, form: Form) -> tuple[Promise, Part]:
    """Read what was sent: the promise as it is kept, without what is wrong; and the form with what is typed."""
    values, part = Part(fields).read_form(form).check()
    faults = dict(part.faults)
    results = tuple(_take_numbers(values, faults, codelists))
    part = replace(part, faults=faults)
    if not values.get("regions") and not values.get("countries"):
        part = replace(part, faults={**part.faults, "regions": N_("Choose at least one region or country.")})
    promise: dict[str, Any] = {name: "" for names in SECTIONS.values() for name in names}
    for name, value in values.items():
        promise[name] = list(value) if isinstance(value, tuple) else str(value or "")
    return Promise(promise, results), part


def _take_numbers(values: dict[str, Any], faults: dict[str, str], codelists: Codelists) -> Iterator[SentNumber]:
    """Take the numbers out of the values of fields, and note what does not fit together."""
    indicators = {one.code: one.extra for one in codelists["indicators"]}
    sent_numbers: set[tuple[str, str]] = set()
    for place in range(1, MOST_PROMISED + 1):
        indicator, unit, baseline, target, target_on = (values.pop(f"{name}_{place}", None) for name in NUMBER)
        if not indicator:
            if unit or target_on or baseline is not None or target is not None:
                faults.setdefault(f"indicator_{place}", N_("Choose what is counted."))
            continue
        unit = unit or indicators[indicator].get("unit", "")
        is_falling = indicators[indicator].get("direction") == "down"
        if not unit:
            faults.setdefault(f"unit_{place}", N_("Choose the unit."))
        elif (indicator, unit) in sent_numbers:
            faults.setdefault(f"indicator_{place}", N_("This stands above already, in the same unit."))
        elif target is None:
            faults.setdefault(f"target_{place}", N_("Write the number that is promised."))
        elif is_falling and baseline is None:
            faults.setdefault(f"baseline_{place}", N_("Write from where it falls."))
        elif baseline is not None and (baseline <= target if is_falling else baseline >= target):
            what = (
                N_("It falls: promise less than before.") if is_falling else N_("It rises: promise more than before.")
            )
            faults.setdefault(f"target_{place}", what)
        else:
            sent_numbers.add((indicator, unit))
            yield SentNumber(indicator=indicator, unit=unit, baseline=baseline, target=target, target_on=target_on)


def fill_form(fields: Sequence[Field], report: Report) -> Part:
    """Write a promise into the form, for whoever changes it."""
    numbers = {
        f"{name}_{place}": getattr(one, name) for place, one in enumerate(report.results, start=1) for name in NUMBER
    }
    return Part(fields).fill(_read_kept(report) | numbers)


def draw_form(part: Part, t: Translator) -> str:
    """Draw the fields, in sections."""
    field_names = {one.name for one in part.fields}
    sections = [
        f"<section><h2>{escape(t(heading))}</h2>{part.draw(t, section_names)}</section>"
        for heading, names in SECTIONS.items()
        if (section_names := [name for name in names if name in field_names])
    ]
    if NUMBERS[0] in field_names:
        sections.insert(1, _draw_numbers(part, t))
    return "".join(sections)


def _draw_numbers(part: Part, t: Translator) -> str:
    """Draw the numbers, all but the first one folded until something is typed in them."""
    drawn = part.draw(t, NUMBERS[: len(NUMBER)])
    for place in range(2, MOST_PROMISED + 1):
        names = [f"{name}_{place}" for name in NUMBER]
        words = escape(t(N_("Number {n}"), n=place))
        is_open = any(any(part.typed.get(name, ())) or name in part.faults for name in names)
        drawn += f"<details{' open' * is_open}><summary>{words}</summary>{part.draw(t, names)}</details>"
    words = draw_words(t(N_("What the action is to change, as numbers that can be counted later. It may stay empty.")))
    return f"<section><h2>{escape(t(N_('The numbers that it promises')))}</h2>{words}{drawn}</section>"


def draw_promise(fields: Sequence[Field], codelists: Codelists, report: Report, t: Translator) -> str:
    """Draw what was understood of a promise, for whoever submitted it; once it is decided about, without the person."""
    labels = {name: {one.code: one for one in codelists[name]} for name in ("indicators", "units")}
    numbers = (say_number(t, labels, one) for one in report.results)
    number = draw_words(t(N_("Number {number}"), number=report.report_no))
    public_fields = [one for one in fields if report.decided_at is None or one.name not in PERSONAL]
    return f"<section>{number}{draw_answers(public_fields, _read_kept(report), t)}{draw_words(*numbers)}</section>"


def draw_advice(
    folder: CampaignFolder, promise: Mapping[str, Any], results: Sequence[SentNumber], t: Translator
) -> str:
    """Draw what a promise lacks of a good commitment: advice, which nobody has to follow; its numbers are measurable.

    Empty in a language whose texts the criteria cannot read.
    """
    if t.language not in list_readable():
        return ""
    campaign = folder.load()
    commitment = Commitment(
        title=promise["title"],
        description=promise["description"],
        partners=promise["partners"],
        due_on=date.fromisoformat(promise["due_on"]) if promise["due_on"] else None,
        has_place=bool(promise["countries"] or set(promise["regions"]) - {"global"}),
        has_theme=bool(promise["themes"]),
        has_target=any(one.target is not None for one in results),
    )
    patterns = list_patterns(load_codelist(folder, "themes"), campaign.start, campaign.action_deadline)
    (findings,) = judge([commitment], patterns)
    missing = [
        t(
            N_("{name}: {value}"),
            name=f"<li><strong>{escape(t(CRITERIA[one.criterion]))}</strong>",
            value=f"{escape(t(REASONS[one.reason]))}</li>",
        )
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
