"""A form as a declaration of its fields; this piece draws, reads and checks them, and shows faults beside them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.settings_fields import LONGEST, Kind
from dashboard.errors import UserError
from dashboard.i18n import Translator
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import messages

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_OUTCOME = "form-outcome"

Faults = Mapping[str, str]
"""What cannot be so, in the reader's language, by the names of fields (`title`, `title.fr`); of the whole by ""."""


@dataclass(frozen=True)
class Field:
    """One field of a form, in the reader's language.

    Attributes:
        label: Its label; for texts by language, without the language.
        value: Its content: a text, texts by language, a day or None, a number, a list of options.
        notes: Notes on the options, a line each; the options then stand below each other.
        placeholder: The text while it is empty; for texts by language.
        heading: The heading above it and the fields before it with the same one.
        is_wide: Whether it has the whole width, where one of its kind does not.
        is_long: Whether a text has several lines, or options are all seen at once.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    value: Any = ""
    help: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    placeholder: str | Mapping[str, str] = ""
    longest: int = LONGEST
    heading: str = ""
    is_wide: bool = False
    is_long: bool = False

    @property
    def beside(self) -> int:
        """Return how many fields of its kind stand beside each other."""
        is_wide = self.is_wide or self.is_long or self.notes or self.kind in (Kind.CHOICES, Kind.FLAG)
        return 1 if is_wide else 3 if self.kind is Kind.TEXTS else 2


@dataclass(frozen=True)
class Form:
    """A form: the prefix of its widgets' keys, its title, its purpose, its fields, its button."""

    key: str
    title: str
    note: str
    fields: Sequence[Field]
    button: str
    icon: str = ":material/check:"
    is_primary: bool = False


def show(view: Frame, form: Form, keep: Callable[[dict[str, Any]], Faults], done: str = "") -> bool:
    """Draw a form in a card; return once, after a submission, whether its values were accepted.

    `keep`: saves the values of all fields by name; returns faults, or raises a `UserError`.
    `done`: the words after saving.
    """
    with st.container(border=True, key=f"{form.key}-block"):
        messages.show_card_title(form.title)
        if form.note:
            messages.show_note(form.note)
        return show_bare(view, form, keep, done)


def show_bare(view: Frame, form: Form, keep: Callable[[dict[str, Any]], Faults], done: str = "") -> bool:
    """Draw a form without card and title; as `show`."""
    faults: dict[str, str] | None = None
    if st.session_state.get(_OUTCOME, ("",))[0] == form.key:
        faults = dict(st.session_state.pop(_OUTCOME)[1])
    # A form: the latest text counts, also where the button is pressed before the page has run with it.
    with st.form(f"{form.key}-form", border=False, enter_to_submit=False):
        unplaced = dict(faults or {})
        _draw(view, form, unplaced)
        st.form_submit_button(
            form.button,
            key=f"{form.key}-keep",
            icon=form.icon,
            type="primary" if form.is_primary else "secondary",
            on_click=_submit,
            args=(view.t, form, keep),  # a view would hold its snapshot open
        )
    for fault in dict.fromkeys(unplaced.values()):
        st.error(plain(fault), icon=":material/error:")
    if faults == {} and done:
        st.success(done, icon=":material/check:")
    return faults == {}


def _submit(t: Translator, form: Form, keep: Callable[[dict[str, Any]], Faults]) -> None:
    try:
        faults = keep({one.name: _read(form, one) for one in form.fields})
    except UserError as error:
        faults = {"": messages.say_error(t, error)}
    st.session_state[_OUTCOME] = (form.key, faults)


def stamp(*contents: Any) -> str:
    """Make the end of a widget's key from its content, so that after an undo the widget shows that."""
    return hashlib.sha256(json.dumps(contents, default=str).encode()).hexdigest()[:12]


def name_text(t: Translator, label: str, lang: str) -> str:
    """Name a text in one of several languages."""
    return t("{field} ({language})", field=label, language=formats.format_language(lang, t.language, is_inside=True))


def _list_parts(view: Frame, form: Form) -> Iterable[tuple[Field, str, str, Any]]:
    """List the widgets of a form: field, name, label and value of each; for texts one a language."""
    for one in form.fields:
        if one.kind is not Kind.TEXTS:
            yield one, one.name, one.label, one.value
            continue
        for lang, text in one.value.items():
            yield one, f"{one.name}.{lang}", name_text(view.t, one.label, lang), text


def _draw(view: Frame, form: Form, faults: dict[str, str]) -> None:
    """Draw all fields; a fault that is shown beside one is removed from `faults`."""
    before = ""
    for (heading, beside), parts in groupby(_list_parts(view, form), lambda part: (part[0].heading, part[0].beside)):
        if heading != before:
            messages.show_heading(heading)
        before, rows = heading, list(parts)
        cells = [cell for _ in range(0, len(rows), beside) for cell in (st.columns(beside) if beside > 1 else [st])]
        for cell, (one, name, label, value) in zip(cells, rows, strict=False):
            _draw_field(cell, one, _key(form, one, name, value), label, value, name.removeprefix(f"{one.name}."))
            fault = faults.pop(name, None) or faults.pop(one.name, None)
            if fault:
                cell.error(plain(fault), icon=":material/error:")


def _key(form: Form, one: Field, name: str, value: Any) -> str:
    return f"{form.key}-{name.replace('.', '-')}-{stamp(value, list(one.options.items()))}"


def draw_field(one: Field, key: str) -> Any:
    """Draw a field that stands alone, under its own key; return its present content."""
    return _draw_field(st, one, key, one.label, one.value)


def _draw_field(cell: Any, one: Field, key: str, label: str, value: Any, lang: str = "") -> Any:
    more: dict[str, Any] = {"key": key, "help": one.help or None}
    words = {"placeholder": one.placeholder if isinstance(one.placeholder, str) else one.placeholder.get(lang, "")}
    options: dict[str, Any] = {"options": list(one.options), "format_func": lambda value: one.options.get(value, value)}
    if one.is_long or one.notes:  # words on the page itself, which Streamlit takes for Markdown
        options["format_func"] = lambda value: plain(one.options.get(value, value))
    match one.kind:
        case Kind.DAY:
            return cell.date_input(label, value, EARLIEST, LATEST, format="DD/MM/YYYY", **more)
        case Kind.FLAG:
            return cell.checkbox(label, value, **more)
        case Kind.CHOICES if one.is_long:
            return cell.pills(label, selection_mode="multi", default=value, **options, **more)
        case Kind.CHOICES:
            return cell.multiselect(label, default=value, select_all=False, wrap=True, **options, **more)
        case Kind.TEXT if one.options:
            index = list(one.options).index(value) if value in one.options else None
            if one.notes:
                return cell.radio(label, index=index, captions=one.notes, **options, **more)
            elif one.is_long:
                return cell.radio(label, index=index, **options, **more)
            else:
                return cell.selectbox(label, index=index, **options, **more)
        case Kind.TEXT if one.is_long:
            return cell.text_area(label, value, height=160, **words, **more)
        case _:  # numbers, too: in a form Streamlit's number field sends the former value
            return cell.text_input(label, str(value), max_chars=one.longest, **words, **more)


def _read(form: Form, one: Field) -> Any:
    """Read the present content of a field; an invalid number stays a text."""
    if one.kind is Kind.TEXTS:
        keys = {lang: _key(form, one, f"{one.name}.{lang}", text) for lang, text in one.value.items()}
        return {lang: str(st.session_state[key]).strip() for lang, key in keys.items()}
    value = st.session_state[_key(form, one, one.name, one.value)]
    if one.kind is Kind.NUMBER:
        text = str(value).strip() or "0"
        return int(text) if text.isdecimal() else text
    if one.kind is Kind.CHOICES:
        return list(value or ())
    return str(value or "").strip() if one.kind is Kind.TEXT else value
