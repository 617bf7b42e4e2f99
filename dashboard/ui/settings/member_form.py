"""A codelist as it would be, and the form of one of its members: labels, spellings, place; a new one; one taken out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import code_uses, codelist_edit
from dashboard.campaign.code_uses import FIELDS, Uses
from dashboard.campaign.codelist_edit import ListError
from dashboard.campaign.codelists import list_kept, load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_fields import LONGEST, Kind
from dashboard.ground.codelist_codes import BASE_STATUSES, CODELISTS, DERIVED_STATUSES, SEPARATOR, UNCLASSIFIED, Code
from dashboard.i18n import N_
from dashboard.languages import Texts
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import forms, messages
from dashboard.ui.pieces.forms import Faults, Field, Form
from dashboard.ui.settings import basket
from dashboard.ui.settings.changes import Way, show_ways

WORDS_OFFERED = 15
"""The number of words that match no code and are offered as spellings at once."""


class Codelist(NamedTuple):
    """One codelist among the others."""

    name: str
    folder: CampaignFolder
    codelists: dict[str, list[Code]]
    uses: Uses

    @property
    def codes(self) -> list[Code]:
        """Its members in their order."""
        return self.codelists[self.name]

    @property
    def file(self) -> str:
        """Its file's name in the working copy."""
        return f"codelists/{self.name}.csv"

    def uses_of(self, code: str) -> dict[str, int]:
        """Count the uses of a member by kind."""
        return dict(self.uses.get((self.name, code), {}))

    def is_fixed(self, code: str) -> bool:
        """Return whether a member can be neither renamed nor removed: the program gives it, or it is used."""
        return code in list_kept(self.name) or any(self.uses_of(code).values())

    def count_used(self, name: str) -> int:
        """Count the members of a list that something uses."""
        return sum(bool(self.uses.get((name, code.code))) for code in self.codelists[name])


def read(view: Frame, name: str) -> Codelist:
    """Read a codelist as it would be now, with its uses in the published data and in the settings.

    Raises:
        CampaignError: a list or another file of settings cannot be read, as after an edit by hand.
    """
    folder = basket.folder()
    codelists = {one: load_codelist(folder, one) for one in CODELISTS}
    published: Uses = {}
    if isinstance(view, View):
        rows = view.snapshot.query("code_uses")
        published = code_uses.gather(list(rows.itertuples(index=False, name=None)))
    return Codelist(name, folder, codelists, code_uses.join(published, code_uses.list_named(folder, codelists)))


def list_words(view: Frame, codelist: Codelist, code: str) -> dict[str, int]:
    """List the unmatched words of the published files that may be spellings of this list, with their rows.

    Those that are near `code` stand first.
    """
    fields = FIELDS.get(codelist.name, ())
    if not isinstance(view, View) or not fields:
        return {}
    rows = view.snapshot.query("unmatched_words", {"files": None, "most": 500, "first": 0})
    rows = rows[rows["field"].isin(fields)].sort_values("nearest_code", key=lambda codes: codes != code, kind="stable")
    spellings = {text.casefold() for one in codelist.codes for text in one.spellings}
    words = {
        str(word): int(count)
        for word, count in zip(rows["word"], rows["row_count"], strict=True)
        if str(word).casefold() not in spellings and "|" not in str(word)
    }
    return dict(islice(words.items(), WORDS_OFFERED))


class Column(NamedTuple):
    """A further column of a list: its name, the list of its members, if any, one or several, its purpose."""

    label: str
    of: str = ""
    kind: Kind = Kind.TEXT
    help: str = ""
    longest: int = LONGEST


_REGION = Column(N_("Region"), "regions")
COLUMNS = {
    "statuses": {"base_status": Column(N_("Counts as"), "statuses")},
    "subregions": {"region": _REGION},
    "countries": {
        "subregion": Column(N_("Subregion"), "subregions"),
        "region": _REGION._replace(help=N_("A country with a subregion is in that subregion’s region.")),
        "iso2": Column(N_("Two-letter code (ISO 3166)"), longest=2),
    },
    "groupings": {
        "countries": Column(N_("Countries"), "countries", Kind.CHOICES),
        "source": Column(N_("Source"), help=N_("Who lists these countries, and as of when."), longest=300),
    },
}
"""The further data of a member in single lists."""
COUNTS = {
    "not_started": N_("Counts as reported, not completed."),
    "in_progress": N_("Counts as reported, not completed."),
    "completed": N_("Counts as completed."),
    "discontinued": N_("Counts as reported; never completed or overdue."),
}
"""The meaning of each base status for the figures."""
_OPEN = "settings-open-member"
_LABEL_LENGTH = 200


def find_open(codelist: Codelist) -> str | None:
    """Return the code of this list's open member, empty for a new one; None where none is open."""
    name, code = st.session_state.get(_OPEN, ("", None))
    return code if name == codelist.name else None


def open_member(codelist: Codelist, code: str = "") -> None:
    """Open a member, or the form of a new one; a button's callback."""
    st.session_state[_OPEN] = (codelist.name, code)


def close() -> None:
    """Close the open member; a button's callback."""
    st.session_state.pop(_OPEN, None)


def show(view: Frame, codelist: Codelist, code: Code | None) -> None:
    """Draw the form of a member, or of a new one, and the buttons to move it and to take it out."""
    t = view.t
    form = make_form(view, codelist, code, codelist_edit.list_order(basket.read(codelist.file)))
    forms.show(view, form, lambda values: _keep(view, codelist, code, values))
    ways = _list_ways(view, codelist, code.code) if code else []
    show_ways([*ways, Way(f"close-{codelist.name}", t("Close"), "close", close)])


def make_form(view: Frame, codelist: Codelist, code: Code | None, order: Sequence[str]) -> Form:
    """Make the form of a member, or of a new one; `order` are the codes in the list's file."""
    t, current = view.t, code.code if code else ""
    labels = code.labels if code else {}
    texts = {lang: labels.get(lang, "") for lang in dict.fromkeys((*codelist.folder.load().languages, *labels))}
    words = list_words(view, codelist, current)
    fields = [
        Field("labels", t("Label"), Kind.TEXTS, texts, longest=_LABEL_LENGTH),
        *_make_columns(view, codelist, code),
        Field(
            "aliases",
            t("Other spellings, one per line"),
            value="\n".join(code.aliases) if code else "",
            help=t("Capitals, accents and punctuation do not matter. The labels count as spellings."),
            is_long=True,
        ),
    ]
    if words:
        label = t("Words in the files that are not understood: choose those that mean this")
        word_labels = {word: f"{word} ({formats.format_count(rows, view.lang)})" for word, rows in words.items()}
        fields.append(Field("words", label, Kind.CHOICES, [], options=word_labels, is_long=True))
    fields.append(_make_place(view, codelist, current, order))
    if not codelist.is_fixed(current):
        hint = "" if codelist.name == "countries" else t("made from the label if left empty")
        help_text = t("Small letters, digits and underscores; of a country the three capital letters of ISO 3166.")
        fields.append(
            Field(
                "code", t("Code"), value=current, help=help_text, placeholder=hint, longest=codelist_edit.LONGEST_CODE
            )
        )
    title = code.labels[view.lang] if code else t("New member")
    key = f"settings-member-{codelist.name}-{current}"
    return Form(key, title, _say_code(view, codelist, code), fields, t("Add to the changes"))


def _say_code(view: Frame, codelist: Codelist, code: Code | None) -> str:
    """Write the form's note on the member's code."""
    t = view.t
    if code is None:
        return t("Readers see the label; the code appears in links and files, and cannot change once it is used.")
    if code.code in list_kept(codelist.name):
        return t("The code “{code}” is set by the program and cannot change; its labels can.", code=code.code)
    uses = codelist.uses_of(code.code)
    if any(uses.values()):
        return t("The code “{code}” cannot change: it is used by {uses}.", code=code.code, uses=t(code_uses.say(uses)))
    return t("Nothing uses the code “{code}” yet.", code=code.code)


def _make_columns(view: Frame, codelist: Codelist, code: Code | None) -> list[Field]:
    """Make the fields of the list's further columns; a member that the program gives has none."""
    t, fields = view.t, []
    if code is not None and code.code in (*BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED):
        return []
    for name, column in COLUMNS.get(codelist.name, {}).items():
        value: Any = code.extra.get(name, "") if code else ""
        codes = codelist.codelists[column.of] if column.of else []
        options = {one.code: one.labels[view.lang] for one in codes if one.code != UNCLASSIFIED}
        notes: list[str] = []
        if name == "base_status":
            options = {base: options[base] for base in BASE_STATUSES}
            notes = [t(COUNTS[base]) for base in BASE_STATUSES]
        elif column.kind is Kind.CHOICES:
            options = dict(sorted(options.items(), key=lambda pair: codelist_edit.sort_key(pair[1])))
            value = [part.strip() for part in value.split(SEPARATOR) if part.strip() in options]
        elif options:
            options = {"": t("none"), **options}
        help_text = t(column.help) if column.help else ""
        fields.append(
            Field(name, t(column.label), column.kind, value, help_text, options, notes, longest=column.longest)
        )
    return fields


def _make_place(view: Frame, codelist: Codelist, current: str, order: Sequence[str]) -> Field:
    """Make the field for the place in the list; a new member stands behind all that have a class."""
    t = view.t
    labels = {code.code: code.labels[view.lang] for code in codelist.codes}
    fixed = set(list_kept(codelist.name)) - set(BASE_STATUSES)
    place = order.index(current) if current in order else len([code for code in order if code not in fixed])
    codes = [code for code in order if code != current]
    options = {"": t("first")} | {code: t("behind {member}", member=labels.get(code, code)) for code in codes}
    return Field("behind", t("Place in the order"), value=["", *codes][place], options=options)


def _list_ways(view: Frame, codelist: Codelist, code: str) -> list[Way]:
    """List the buttons that move a member and take it out."""
    t, name, order = view.t, codelist.name, codelist_edit.list_order(basket.read(codelist.file))
    ways = []
    if code in order:
        place, last = order.index(code), len(order) - 1
        first_said = t("It is the first one.") if place == 0 else ""
        last_said = t("It is the last one.") if place == last else ""
        up, down = (codelist, code, place - 1), (codelist, code, place + 1)
        ways += [
            Way(f"move-{name}-up", t("Move up"), "arrow_upward", _move, up, refusal=first_said),
            Way(f"move-{name}-down", t("Move down"), "arrow_downward", _move, down, refusal=last_said),
        ]
    if not codelist.is_fixed(code):
        ways.append(Way(f"remove-{name}", t("Remove"), "delete", _remove, (view, name, code)))
    return ways


def _keep(view: Frame, codelist: Codelist, code: Code | None, values: dict[str, Any]) -> Faults:
    """Write the values of the fields into the working copy.

    Raises:
        UserError: the campaign would not hold together with it.
    """
    codes = load_codelist(basket.folder(), codelist.name)
    try:
        _change(codelist, lambda text: _write(view, codelist, code, values, text, codes))
    except ListError as error:
        return {error.field: messages.say_error(view.t, error)}
    close()
    return {}


def _write(
    view: Frame, codelist: Codelist, code: Code | None, values: dict[str, Any], text: str, codes: list[Code]
) -> str:
    """Write the list's file with the member of the form, behind the member that is chosen."""
    member = _read(codelist, code, values, [one.code for one in codes])
    if code is None:
        text = codelist_edit.add_member(text, codes, member, view.lang)
    else:
        text = codelist_edit.change_member(text, codes, member, view.lang)
    current = _state_code(codelist, values) or member.code
    if current != member.code:
        text = codelist_edit.rename_member(text, codes, codelist.name, member.code, current)
    order = [one for one in codelist_edit.list_order(text) if one != current]
    behind = values["behind"]
    return codelist_edit.move_member(text, current, order.index(behind) + 1 if behind in order else 0)


def _read(codelist: Codelist, code: Code | None, values: dict[str, Any], codes_in_use: list[str]) -> Code:
    """Read the member from the fields."""
    texts = values["labels"]
    labels = {lang: label for lang, label in (code.labels if code else {}).items() if lang not in texts}
    labels |= {lang: label for lang, label in texts.items() if label}
    spellings = (*codelist_edit.split_spellings(values["aliases"]), *values.get("words", ()))
    column_values = {name: values[name] for name in COLUMNS.get(codelist.name, {}) if name in values}
    extra = {
        name: SEPARATOR.join(value) if isinstance(value, list) else " ".join(str(value or "").split())
        for name, value in column_values.items()
    }
    if "iso2" in extra:
        extra["iso2"] = extra["iso2"].upper()
    extra = codelist_edit.fill_parents(extra, codelist.codelists)
    aliases = tuple(dict.fromkeys(spellings))
    if code is not None:
        return replace(code, labels=Texts(labels), aliases=aliases, extra=code.extra | extra)
    current, first = _state_code(codelist, values), next(iter(labels.values()), "")
    if not current and codelist.name != "countries":
        current = codelist_edit.propose_code(labels.get("en", first), codes_in_use)
    return Code(codelist.name, current, Texts(labels), aliases, 0, extra=extra)


def _state_code(codelist: Codelist, values: dict[str, Any]) -> str:
    """Return the code that somebody has written; empty where there is none."""
    code = str(values.get("code", ""))
    return code.upper() if codelist.name == "countries" else code


def _move(codelist: Codelist, code: str, to: int) -> None:
    _change(codelist, lambda text: codelist_edit.move_member(text, code, to))


def _remove(view: Frame, name: str, code: str) -> None:
    """Take a member out that nothing uses."""
    codelist = read(view, name)
    code_uses.refuse_used(name, code, codelist.uses_of(code))
    _change(codelist, lambda text: codelist_edit.remove_member(text, name, code))
    close()


def _change(codelist: Codelist, make: Callable[[str], str]) -> None:
    basket.change({codelist.file: make(basket.read(codelist.file))})
