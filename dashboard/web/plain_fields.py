"""Fields of the forms of plain pages, each declared once: how it is drawn, what is typed in it, and what that means.

What is typed stays as it was typed, whatever is wrong with it, so that a refusal gives it all back. Nothing is chosen
beforehand, and what is typed is text, never markup.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from html import escape
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.reports import LONGEST_ADDRESS, LONGEST_TEXT
from dashboard.errors import sentence
from dashboard.formats import (
    clean,
    format_amount,
    format_date,
    format_share,
    join_list,
    plotly_separators,
    write_amount,
)
from dashboard.i18n import N_, Translator
from dashboard.web.plain_pages import draw_words

Form = Mapping[str, Sequence[str]]
"""What was sent, by the names of fields."""
LONGEST_LINE = 300
"""The most characters of a text of one line."""
NEEDED = N_("Fill this in.")
_TICKED = "yes"
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%?")


class Shape(Enum):
    """How a field looks, and how many values it has."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    LIST = "list"
    SEVERAL = "several"
    TICK = "tick"
    FILES = "files"


GROUPS = (Shape.CHOICE, Shape.SEVERAL)
"""Drawn as a group of boxes."""


def take_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Read a text that is not too long."""
    if len(text) > longest:
        what = N_("This is {length} characters long; {longest} are taken. Shorten it.")
        raise ValueError(sentence(what, length=len(text), longest=longest))
    return text


def take_line(text: str) -> str:
    """Read a text of one line that is not too long."""
    return take_text(" ".join(text.split()), LONGEST_LINE)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    Attributes:
        label: What is asked, in the reader's language.
        hint: More about it, in the reader's language.
        shape: How it looks. Choices, lists and ticks are checked by `choices`, everything else by `read`.
        choices: The labels of what can be chosen, by codes, in the reader's language; an empty code is for no answer.
        folds: Which of the choices stand folded under which words; without any they all stand open.
        read: Reads what is typed. A `ValueError` says what is wrong with it, in English.
        empty: What it means that nothing is typed; a tick is False then, and several are none.
        attributes: Further attributes of its element.
        lang: The language of the label, where it is not the reader's.
        amount_lang: Of a number that is no percentage the language in which it is written.
    """

    name: str
    label: str
    hint: str = ""
    shape: Shape = Shape.LINE
    choices: Mapping[str, str] = field(default_factory=dict)
    folds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    read: Callable[[str], Any] = take_text
    empty: Any = ""
    is_needed: bool = False
    attributes: str = ""
    lang: str = ""
    amount_lang: str = ""

    def take(self, typed: Sequence[str]) -> Any:
        """Read what is typed.

        Raises:
            ValueError: what is wrong with it, in English.
        """
        values = [value for value in typed if value]
        if not values:
            if self.is_needed:
                raise ValueError(NEEDED)
            return {Shape.TICK: False, Shape.SEVERAL: ()}.get(self.shape, self.empty)
        if self.shape is Shape.TICK:
            return True
        if self.choices and not set(values) <= set(self.choices):
            raise ValueError(N_("Choose one of these."))
        if self.shape is Shape.SEVERAL:
            return tuple(values)
        return values[0] if self.choices else self.read(values[0])

    def write(self, value: Any) -> tuple[str, ...]:
        """Write a value as it would be typed."""
        if value is None or value == "" or value is False:
            return ()
        if self.shape is Shape.TICK:
            return (_TICKED,)
        if self.shape is Shape.SEVERAL:
            return tuple(value)
        if self.amount_lang:
            return (write_amount(value, self.amount_lang),)
        return (value.isoformat() if isinstance(value, date) else f"{value:g}" if self.is_share(value) else str(value),)

    def say(self, value: Any, t: Translator) -> str:
        """Say a value in the reader's language; empty where there is none."""
        if value is None or value == "" or value is False:
            return ""
        if self.shape is Shape.TICK:
            return t(N_("Yes"))
        if self.shape is Shape.SEVERAL:
            return join_list([self.choices.get(code, code) for code in value], t.language)
        if isinstance(value, date):
            return format_date(value, t.language)
        if self.amount_lang:
            return format_amount(value, t.language)
        return format_share(value / 100, t.language) if self.is_share(value) else self.choices.get(value, value)

    @staticmethod
    def is_share(value: Any) -> bool:
        """Whether a value is a number, of percent if the field is none of amounts."""
        return isinstance(value, int | float)


@dataclass(frozen=True)
class Part:
    """A part of a form: fields whose names and ids begin alike, with what is typed.

    Attributes:
        prefix: What the names of its fields begin with, as `FIX-030/`.
        place: What the ids of its fields begin with, as `a1-`.
        title: What stands before its fields in the list of what is wrong.
        typed: What is typed, by the name of the field.
        faults: What is wrong, in English, by the name of the field.
    """

    fields: Sequence[Field]
    prefix: str = ""
    place: str = ""
    title: str = ""
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not any(any(values) for values in self.typed.values())

    def read_form(self, form: Form) -> Self:
        """Read what was sent; a line that was not sent at all stays as it is."""
        typed = dict(self.typed)
        for one in self.fields:
            values = form.get(f"{self.prefix}{one.name}")
            if values is None and one.shape in (Shape.LINE, Shape.TEXT, Shape.DAY):
                continue
            texts = values or ()
            if one.shape in (Shape.LINE, Shape.TEXT, Shape.DAY):
                texts = ("".join(texts),)
            typed[one.name] = tuple(map(compose, texts))
        return replace(self, typed=typed)

    def fill(self, values: Mapping[str, Any]) -> Self:
        """Write values into the fields, as they would be typed."""
        texts = {one.name: one.write(values[one.name]) for one in self.fields if one.name in values}
        return replace(self, typed={**self.typed, **texts})

    def check(self) -> tuple[dict[str, Any], Self]:
        """Check what is typed; return the values of the fields without a fault, and the part with its faults."""
        values: dict[str, Any] = {}
        faults: dict[str, str] = {}
        for one in self.fields:
            try:
                values[one.name] = one.take(self.typed.get(one.name, ()))
            except ValueError as error:
                faults[one.name] = error.args[0]
        return values, replace(self, faults=faults)

    def draw(self, t: Translator, names: Iterable[str] = ()) -> str:
        """Draw its fields, or those of some names."""
        chosen_names = set(names) or {one.name for one in self.fields}
        return "".join(self._draw_field(one, t) for one in self.fields if one.name in chosen_names)

    def _draw_field(self, one: Field, t: Translator) -> str:
        element = _Element(one, f"{self.place}{one.name}", f"{self.prefix}{one.name}", self.typed.get(one.name, ()))
        hint = f'<p class="hint" id="{element.field_id}-hint">{escape(one.hint)}</p>' if one.hint else ""
        described, marks = [f"{element.field_id}-hint"] if one.hint else [], ""
        fault = self.faults.get(one.name, "")
        if fault:
            fault = f'<p class="fault" id="{element.field_id}-fault">{escape(t(fault))}</p>'
            described.append(f"{element.field_id}-fault")
            marks = "" if one.shape in GROUPS else ' aria-invalid="true"'
        marks += f' aria-describedby="{" ".join(described)}"' if described else ""
        lang = f' lang="{escape(one.lang)}"' if one.lang else ""
        label = escape(one.label)
        if one.shape in GROUPS:
            boxes = _draw_folds(element) if one.folds else _draw_boxes(element, one.choices, element.field_id)
            return f"<fieldset{marks}><legend{lang}>{label}</legend>{hint}{fault}{boxes}</fieldset>"
        drawn = _DRAWERS[one.shape](element, marks + (" required" if one.is_needed else ""))
        if one.shape is Shape.TICK:
            return f'<label class="box"{lang}>{drawn} {label}</label>{hint}{fault}'
        return f'<label for="{element.field_id}"{lang}>{label}</label>{hint}{fault}{drawn}'


class _Element(NamedTuple):
    """What the element of a field is drawn from."""

    field: Field
    field_id: str
    name: str
    typed: Sequence[str]

    @property
    def common(self) -> str:
        """The attributes that elements have in common."""
        return (
            f' id="{self.field_id}" name="{escape(self.name)}"{self.field.attributes and f" {self.field.attributes}"}'
        )


def _draw_line(element: _Element, marks: str, kind: str = "") -> str:
    return f'<input{kind}{element.common} value="{escape("".join(element.typed))}"{marks}>'


def _draw_text(element: _Element, marks: str) -> str:
    return f"<textarea{element.common}{marks}>\n{escape(''.join(element.typed))}</textarea>"


def _draw_list(element: _Element, marks: str) -> str:
    options = "".join(
        f'<option value="{escape(code)}"{" selected" * (code in element.typed)}>{escape(words)}</option>'
        for code, words in element.field.choices.items()
    )
    return f"<select{element.common}{marks}>{options}</select>"


def _draw_boxes(element: _Element, codes: Iterable[str], field_id: str = "") -> str:
    """Draw boxes of a group; the first one has the id of the field."""
    kind = "radio" if element.field.shape is Shape.CHOICE else "checkbox"
    boxes, mark = "", f' id="{field_id}"' if field_id else ""
    for code in codes:
        checked = " checked" if code and code in element.typed else ""
        button = f'<input type="{kind}" name="{escape(element.name)}" value="{escape(code)}"{mark}{checked}>'
        boxes, mark = f'{boxes}<label class="box">{button} {escape(element.field.choices[code])}</label>', ""
    return f'<div class="boxes">{boxes}</div>'


def _draw_folds(element: _Element) -> str:
    """Draw the boxes of a group folded; the first fold has the id of the field, and one with ticked boxes is open."""
    folds, mark = "", f' id="{element.field_id}"'
    for words, codes in element.field.folds.items():
        is_open = " open" if set(codes) & set(element.typed) else ""
        folds += f"<details{is_open}><summary{mark}>{escape(words)}</summary>{_draw_boxes(element, codes)}</details>"
        mark = ""
    return folds


def _draw_tick(element: _Element, marks: str) -> str:
    checked = " checked" if any(element.typed) else ""
    return f'<input type="checkbox" value="{_TICKED}"{element.common}{checked}{marks}>'


_DRAWERS: Mapping[Shape, Callable[[_Element, str], str]] = {
    Shape.LINE: _draw_line,
    Shape.DAY: lambda element, marks: _draw_line(element, marks, ' type="date"'),
    Shape.TEXT: _draw_text,
    Shape.LIST: _draw_list,
    Shape.TICK: _draw_tick,
    Shape.FILES: lambda element, marks: f'<input type="file" multiple{element.common}{marks}>',
}


def draw_faults(parts: Iterable[Part], t: Translator) -> str:
    """Draw the list of what is wrong, with links to the fields."""
    items = "".join(
        f'<li><a href="#{part.place}{one.name}">{escape(f"{part.title} · " if part.title else "")}'
        f"{escape(t(N_('{name}: {value}'), name=one.label, value=t(part.faults[one.name])))}</a></li>"
        for part in parts
        for one in part.fields
        if one.name in part.faults
    )
    return f'<div class="wrong" role="alert">{draw_words(t(N_("Nothing has been sent yet.")))}<ul>{items}</ul></div>'


def draw_answers(fields: Iterable[Field], values: Mapping[str, Any], t: Translator) -> str:
    """Draw what was understood of some fields; leave out those without a value."""
    answers = ((one, one.say(values.get(one.name), t)) for one in fields)
    lines = "".join(f"<dt>{escape(one.label)}</dt><dd>{escape(words)}</dd>" for one, words in answers if words)
    return f"<dl>{lines}</dl>"


def compose(text: str) -> str:
    """Write a text with composed letters, without control characters but line breaks."""
    return unicodedata.normalize("NFC", "\n".join(map(clean, text.strip().splitlines())))


def list_words(form: Form, names: Iterable[str]) -> list[str]:
    """List all that somebody wrote into fields of some names, for a page that cannot show the form again."""
    endings = tuple(f"/{name}" for name in names)
    return [
        words for name, values in form.items() if f"/{name}".endswith(endings) and (words := compose("".join(values)))
    ]


def take_percent(text: str) -> float:
    """Read a number of percent."""
    match = _PERCENT.fullmatch(text)
    number = float(match[1].replace(",", ".")) if match else -1.0
    if not 0 <= number <= 100:
        raise ValueError(N_("Write a number from 0 to 100."))
    return number


def make_amount_reader(lang: str) -> Callable[[str], float]:
    """Make what reads a number as people of a language write it: with their decimal mark, and groups or none.

    The other mark is a decimal one only where it cannot separate groups. A mark before three digits is refused where it
    separates no groups in this language: in another it would make a thousand of it.
    """
    decimal, group = map(re.escape, plotly_separators(lang))
    blanks = r"[\s’']"  # each kind of blank separates groups in every language
    whole_number = rf"\d{{1,15}}|\d{{1,3}}(?:{blanks}\d{{3}})+|\d{{1,3}}(?:{group}\d{{3}})+"
    pattern = re.compile(rf"({whole_number})(?:{decimal}(\d{{1,6}}))?\s*%?")
    of_either_mark = re.compile(r"(\d{1,15})[.,](\d{1,2}|\d{4,6})\s*%?")
    unclear = re.compile(rf"\d{{1,3}}{decimal}\d{{3}}\s*%?")
    example = format_amount(1234.5, lang)

    def read(text: str) -> float:
        match = pattern.fullmatch(text.strip()) or of_either_mark.fullmatch(text.strip())
        if match is None or unclear.fullmatch(text.strip()):
            raise ValueError(sentence(N_("Write a number, such as {example}."), example=example))
        digits = re.sub(r"\D", "", match[1])
        return float(f"{digits}.{match[2] or 0}")

    return read


def make_amount_field(name: str, label: str, hint: str, lang: str) -> Field:
    """Make the field of a number that is no percentage, for a reader of a language."""
    return Field(
        name=name, label=label, hint=hint, read=make_amount_reader(lang), empty=None, amount_lang=lang,
        attributes='inputmode="decimal" autocomplete="off" maxlength="24"',
    )  # fmt: skip


def take_day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = N_("Write the day as year, month and day: {day}.")
        raise ValueError(sentence(what, day=find_today().isoformat())) from None


def take_address(text: str) -> str:
    """Read the address of a page."""
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        is_address = False
    if not is_address:
        raise ValueError(N_("Write a whole web address, beginning with https://"))
    if len(text) > LONGEST_ADDRESS:
        what = N_("This address is too long; {longest} characters are taken.")
        raise ValueError(sentence(what, longest=LONGEST_ADDRESS))
    return text
