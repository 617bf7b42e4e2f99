"""Columns without a use, a card each: their values, their possible uses, and the choice; many in one table."""

from collections.abc import Mapping, MutableMapping, Sequence
from functools import partial
from hashlib import sha256
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign.answers.question_kinds import I_DO_NOT_KNOW, UNKNOWN
from dashboard.errors import UserError
from dashboard.i18n import Translator
from dashboard.lists.quality.open_columns import (
    PROGRESS,
    SEVERAL,
    Contest,
    Key,
    OpenColumn,
    find_contests,
    list_at_once,
    name_answer,
    say_all,
)
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, choice, messages, paging
from dashboard.ui.pieces.choice import ChoiceHeadings, Line

PAGE_CARDS = 20
FEW_CARDS = 8
"""Columns that have a card each; more are a table."""
_LONGEST = 80  # characters of a value that are shown
_VALUES = "staff-open-values"


class Values(NamedTuple):
    """The most frequent values of a column with their rows, and how many different ones it has."""

    most_frequent: list[tuple[str, int]]
    kinds: int


class Scene(NamedTuple):
    """The columns of one page that staff are asked about.

    Attributes:
        values: The values in the columns, by recipe and header.
        answers: The reader's answers so far, in the command's words; kept by the caller.
    """

    view: Frame
    values: Mapping[tuple[str, str], Values]
    answers: MutableMapping[Key, str]
    key: str

    def find_values(self, column: OpenColumn) -> Values:
        """Find the values of a column; None where they are unknown."""
        return self.values.get((column.key.recipe, column.key.headers[0]), Values([], 0))

    def is_dimension(self, column: OpenColumn) -> bool:
        """Whether a column without a question could be used for breakdowns."""
        return column.is_dimension(self.find_values(column).kinds)


def read_values(view: Frame, what: str, *options: str) -> dict[tuple[str, str], Values]:
    """Read the values of the open columns, by recipe and header; from the files, once in a session.

    `what`: the build or draft of the columns.
    `options`: further options of the command.
    """
    cached: tuple[str, dict[tuple[str, str], Values]] = st.session_state.get(_VALUES, ("", {}))
    if cached[0] == what:
        return cached[1]
    try:
        with st.spinner(view.t("Reading the files …")):
            answer = campaign_commands.run("column", "--open", *options)
    except UserError as error:
        text = view.t("The content of these columns cannot be shown: {why}", why=view.t(error.what))
        st.warning(plain(text), icon=":material/visibility_off:")
        return {}
    columns: list[dict[str, Any]] = answer.get("columns", [])
    values = {
        (column["recipe"], column["header"]): Values(
            [(str(value), int(rows)) for value, rows in column["values"]], int(column["kinds"])
        )
        for column in columns
    }
    st.session_state[_VALUES] = (what, values)
    return values


def show(scene: Scene, columns: Sequence[OpenColumn]) -> None:
    """Draw the columns, few as cards and many as a table; choices go into the scene's answers."""
    contests = find_contests(columns, scene.answers)
    for contest in contests:
        with st.container(border=True, gap="xsmall"):
            title = name_contest(scene.view.t, contest.field)
            messages.show_card_title(title, level=4)
            show_contest(scene, contest)
    contested = {column.key for contest in contests for column in contest.columns}
    uncontested = [column for column in columns if column.key not in contested]
    uncontested.sort(key=lambda column: (not column.is_asked, not scene.is_dimension(column)))
    _show_all_at_once(scene, uncontested)
    if len(uncontested) > FEW_CARDS:
        _show_table(scene, uncontested)
        return
    for column in uncontested:
        with st.container(border=True, gap="xsmall"):
            show_column(scene, column)


def _show_table(scene: Scene, columns: Sequence[OpenColumn]) -> None:
    """Draw many columns as a table: the values of each, and the choice."""
    t, by_key = scene.view.t, {column.key: column for column in columns}
    uses = dict.fromkeys(use for column in columns for use in (*column.buttons, *column.list_dimensions()))
    uses |= dict.fromkeys(use for column in columns for use in column.choices)
    choice.show(
        t,
        f"{scene.key}-table",
        ChoiceHeadings(
            t("Column"), t("What it is"), t("In the file"), t("Filled cells"), t("Columns, with what each is"), 420
        ),
        [Line(one.key, one.header, _write_values(scene, one), one.filled) for one in columns],
        {use: t(I_DO_NOT_KNOW) if use == UNKNOWN else name_answer(t, use) for use in uses},
        scene.answers,
        partial(answer_in_table, by_key, scene.answers),
    )


def answer_in_table(
    columns: Mapping[Key, OpenColumn], answers: MutableMapping[Key, str], key: Key, use: str | None
) -> None:
    """Take a choice for a column in the table, which offers all choices; ignore one that this column cannot have."""
    if use is None or use in columns[key].choices:
        say_all(answers, [key], use or "")


def name_contest(t: Translator, field: str) -> str:
    """Write the question about several columns that may be one field."""
    return t("Which of these columns counts as “{field}”?", field=name_answer(t, field))


def show_contest(scene: Scene, contest: Contest) -> None:
    """Draw columns that may be one field, together: which counts, and what the others are."""
    t = scene.view.t
    if contest.field in SEVERAL:
        st.markdown(t("Several may count. Say of each what it is."))
    elif contest.field in PROGRESS:
        st.markdown(t("One counts. Say of the others what they are: an earlier or a later stage, or not used."))
    else:
        st.markdown(t("One counts. Say of the others what they are."))
    name = f"{scene.key}-{_hash(contest.field, contest.columns[0].key)}"
    page = paging.find(f"{name}-page", PAGE_CARDS, len(contest.columns))
    for column in contest.columns[page.offset : page.offset + PAGE_CARDS]:
        show_column(scene, column, contest)
    paging.show_others(page, len(contest.columns))
    if contest.is_unsettled(scene.answers):
        st.caption(t("Say of each column what it is: only then are these answers sent."))


def _show_all_at_once(scene: Scene, columns: Sequence[OpenColumn]) -> None:
    """Draw the button that answers all closed questions at once, where there are several."""
    t = scene.view.t
    at_once = list_at_once(columns)
    public, every = at_once["question"], at_once["staff"]
    if len(every) < 2:
        return
    publish = t("Publish all {n} questions", n=len(public))
    with st.container(horizontal=True, vertical_alignment="center"):
        for use, label, keys in (
            *([("question", publish, public)] if len(public) > 1 else []),
            ("staff", t("Keep all {n} for staff", n=len(every)), every),
            ("", t("Leave all {n} open", n=len(every)), every),
        ):
            st.button(label, key=f"{scene.key}-all-{use or 'open'}", on_click=say_all, args=(scene.answers, keys, use))
    if private_count := len(every) - len(public):
        note = t(
            "Questions that may be about persons ({n}) are not published by this. Check each, and say whether it is "
            "public.",
            n=private_count,
        )
        st.caption(plain(note))


def show_column(scene: Scene, column: OpenColumn, contest: Contest | None = None) -> None:
    """Draw one column: its place, its values and its possible uses, a button each; fields are a list.

    `contest`: the columns of which only one counts, where it is one of them.
    """
    t, chosen, name = scene.view.t, scene.answers.get(column.key), f"{scene.key}-{_hash(column.key)}"
    is_dimension = not column.is_asked and scene.is_dimension(column)
    buttons = [*(column.list_dimensions() if is_dimension and contest is None else []), *column.buttons]
    words = {use: _name_choice(t, column, use) for use in (*buttons, *column.choices)}
    st.markdown(f"**{plain(column.header)}**")
    shown_values = escape(_write_values(scene, column))  # as HTML: addresses in cells are no links of the page
    st.html(f'<p style="margin: 0">{shown_values}</p>')
    st.caption(plain(_write_place(scene.view, column)))
    if is_dimension:
        st.caption(t("Always filled, with few values: it could be used for breakdowns."))
    take = partial(_answer, scene.answers, column, contest)
    label = t("What it is: {column}", column=column.header)
    with st.container(horizontal=True, vertical_alignment="center"):
        choice.show_buttons(name, label, {use: words[use] for use in buttons}, chosen, take)
        choice.show_list(
            f"{name}-field",
            t("Something else: {column}", column=column.header),
            {use: word for use, word in words.items() if use not in buttons},
            chosen,
            take,
            placeholder=t("Something else"),
            is_label_hidden=True,
            width=240,
        )


def _name_choice(t: Translator, column: OpenColumn, use: str) -> str:
    """Write a choice in words: among several columns, that this one counts, or that nothing is read from it."""
    if use == UNKNOWN:
        return t(I_DO_NOT_KNOW)
    if column.counts_as and use in (column.counting, "nothing"):
        return t("This one counts") if use == column.counting else t("Not used")
    if use == column.looks_like:
        return t("Yes, it is: {field}", field=name_answer(t, use))
    return name_answer(t, use)


def _answer(answers: MutableMapping[Key, str], column: OpenColumn, contest: Contest | None, use: str | None) -> None:
    if contest is None:
        say_all(answers, [column.key], use or "")
    else:
        contest.say(column, use or "", answers)


def _hash(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:12]


def _write_values(scene: Scene, column: OpenColumn) -> str:
    """Write the values with their rows; for a question with a column for each choice, the columns."""
    view = scene.view
    if len(column.key.headers) > 1:
        shown_values, more = list(column.key.headers[:8]), len(column.key.headers) - 8
    else:
        column_values = scene.find_values(column)
        shown_values = [
            f"{_cut(value)} ({formats.format_count(rows, view.lang)})" for value, rows in column_values.most_frequent
        ]
        more = column_values.kinds - len(column_values.most_frequent)
    if more > 0:
        shown_values.append(view.t("and {n} more", n=more))
    return " · ".join(shown_values)


def _write_place(view: Frame, column: OpenColumn) -> str:
    t = view.t
    place = column.source_file
    if column.sheet is not None:
        place = t("{file}, sheet {sheet}", file=column.source_file, sheet=column.sheet)
    filled = t.plural("{n} filled cell", "{n} filled cells", column.filled)
    return ". ".join(part for part in (place, filled, column.explain(t)) if part)


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]} …"
