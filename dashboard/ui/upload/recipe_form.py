"""Questions about the columns of a file of a new kind, one by one: nobody writes a recipe by hand."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from hashlib import sha256
from itertools import zip_longest

import streamlit as st

from dashboard.campaign.code_uses import codelists_of
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.recipe_edit import CHOICE, KEPT, RESULT, field_of, member_field_of, read_guesses
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import DERIVED_STATUSES, UNCLASSIFIED
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.open_columns import SEVERAL, name_answer
from dashboard.lists.quality.wording import KIND_NAMES, name_field
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import choice, html_tables, messages, paging
from dashboard.ui.pieces.choice import ChoiceHeadings, Line
from dashboard.ui.upload.proposed import NEEDED, PERSONS, SEPARATORS, Proposed, ProposedColumn, SeenChoice

PAGE_COLUMNS = 30
FEW_COLUMNS = 12
"""The most columns with a card each; more are a table."""
LONGEST_TITLE = 100
_ORDERS = {"dmy": N_("the day first: 31/12/2026"), "mdy": N_("the month first: 12/31/2026")}
_NO_MEMBERS = (UNCLASSIFIED, *DERIVED_STATUSES)
"""Entries of lists that no column gives to an action."""
_MARKS = {"": N_("one value in a cell"), "\n": N_("each on a line of its own")}

Labels = Callable[[str], Mapping[str, str]]
"""The labels of a field's codes, by its name; each field's lists are read once."""


def show(view: Frame, proposal: Proposed, key: str, propose_again: Callable[[str], None]) -> None:
    """Draw the questions about one sheet.

    Put the choices into `proposal`; `propose_again` proposes anew for rows of another kind.
    """
    t = view.t
    labels: Labels = cache(partial(_read_labels, view))
    _show_head(view, proposal, key, propose_again)
    st.markdown(t("Say what each column is. Unassigned columns are neither counted nor published."))
    _show_offered(view, proposal, key)
    cards = list_cards(proposal)
    if len(cards) < len(proposal.columns):
        _show_table(view, proposal, key)
    for number, column in enumerate(proposal.columns):
        if column in cards:
            _show_column(view, proposal, column, f"{key}-{number}", labels)
    if proposal.asks_order and proposal.has_days:
        _show_order(t, proposal, key)
    _show_guesses(view, proposal, key, labels)
    _show_rows(view, proposal, labels)


def list_cards(proposal: Proposed) -> list[ProposedColumn]:
    """List the columns that have a card: all of a few; of many, which stand in a table, those that need an answer."""
    if len(proposal.columns) <= FEW_COLUMNS:
        return proposal.columns
    return [column for column in proposal.columns if len(column.headers) > 1 or _needs_card(proposal, column)]


def _needs_card(proposal: Proposed, column: ProposedColumn) -> bool:
    """Return whether a column needs an answer: its use, the separator of its values, or the choice that it means."""
    if use := proposal.uses[column.headers]:
        return use in SEVERAL or bool(member_field_of(use))
    return column.headers in proposal.offered or column.is_other_day or bool(proposal.find_holder(column.rival_of))


def _show_table(view: Frame, proposal: Proposed, key: str) -> None:
    """Draw the columns as a table: the values of each, and the choice of its use."""
    t, columns = view.t, [column for column in proposal.columns if len(column.headers) == 1]
    by_key = {column.headers: column for column in columns}
    choice.show(
        t,
        f"{key}-table",
        ChoiceHeadings(
            t("Column"), t("What it is"), t("In the file"), t("Filled cells"), t("Columns, with what each is"), 420
        ),
        [
            Line(
                column.headers,
                column.headers[0],
                _say_values(view, column, proposal.uses[column.headers]),
                column.filled,
            )
            for column in columns
        ],
        {use: _name_use(t, use) for use in proposal.list_choices(columns[0])},
        proposal.uses,
        lambda headers, use: _take_use(proposal, by_key[headers], use),
    )


def _show_offered(view: Frame, proposal: Proposed, key: str) -> None:
    """Draw the uncertain proposals, with the button that confirms all of them."""
    t, offered = view.t, proposal.list_offered()
    if len(offered) < 2:
        return
    lines = [f"{_name(view, column)}: {_name_use(t, use)}" for column, use in offered]
    st.markdown(plain(t("Not sure, and not read before you say so: {columns}.", columns=t("; ").join(lines))))
    label = t("Yes, all of this is right ({n})", n=len(offered))
    st.button(label, key=f"{key}-all-offered", on_click=_confirm, args=(proposal, offered))


def list_faults(t: Translator, proposal: Proposed) -> list[str]:
    """List the reasons why a sheet cannot be read yet, a sentence each."""
    faults = []
    for group in proposal.missing:
        names = [f"“{t(name_field(name))}”" for name in group]
        if len(names) == 1:
            faults.append(t("One column must be {field}.", field=names[0]))
        else:
            faults.append(t("One column must be one of: {fields}", fields=", ".join(names)))
    faults += [
        t("Several columns are assigned to “{field}”: choose one.", field=t(name_field(name)))
        for name in proposal.twice
    ]
    return faults + [_say_without_member(t, proposal, column) for column in proposal.without_member]


def _say_without_member(t: Translator, proposal: Proposed, column: ProposedColumn) -> str:
    field, header = t(name_field(member_field_of(proposal.uses[column.headers]))), column.headers[0]
    if len(column.headers) == 1:
        return t("Choose which of “{field}” the column “{column}” means.", field=field, column=header)
    return t(
        "No column of the question “{column} …” is assigned yet: choose which “{field}” each means.",
        field=field,
        column=header,
    )


def list_unread(view: Frame, proposal: Proposed) -> list[str]:
    """Say, a sentence each, which columns of questions with one column per choice are not read."""
    return [_say_unread(view, proposal, column, without) for column, without in proposal.partly_read]


def _say_unread(view: Frame, proposal: Proposed, column: ProposedColumn, without: int) -> str:
    return view.t(
        "Columns of the question “{column} …” that mean no “{field}” and are not read: {n} of {count}.",
        column=column.headers[0],
        field=view.t(name_field(field_of(proposal.uses[column.headers]))),
        n=without,
        count=len(column.headers),
    )


def _name_use(t: Translator, use: str) -> str:
    if use.startswith(CHOICE):
        return t("One choice of: {field}", field=t(name_field(field_of(use))))
    if use.startswith(RESULT):
        return t("Of a result: {field}", field=t(name_field(field_of(use))))
    return name_answer(t, use)


def _show_head(view: Frame, proposal: Proposed, key: str, propose_again: Callable[[str], None]) -> None:
    t = view.t
    left, right = st.columns(2)
    with left:
        choice.show_list(
            f"{key}-kind",
            t("One row per"),
            {kind: t(KIND_NAMES[kind]) for kind in NEEDED},
            proposal.kind,
            propose_again,
            is_disabled=proposal.is_known,
            width="stretch",
        )
    titled = f"{key}-title"
    st.session_state[titled] = proposal.title
    right.text_input(
        t("What you call files of this kind"),
        key=titled,
        max_chars=LONGEST_TITLE,
        on_change=_take_title,
        args=(proposal, titled),
    )


def _take_title(proposal: Proposed, key: str) -> None:
    proposal.title = " ".join(str(st.session_state[key]).split()) or proposal.title


def _show_column(view: Frame, proposal: Proposed, column: ProposedColumn, key: str, labels: Labels) -> None:
    """Draw one column: its first values, its possible uses, and the choice of one."""
    t, use, is_one = view.t, proposal.uses[column.headers], len(column.headers) == 1
    name = f"{key}-{sha256(repr(column.headers).encode()).hexdigest()[:8]}"
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{plain(_name(view, column))}**")
            st.markdown(plain(_say_values(view, column, use)))
            if not use:
                _show_what_it_may_be(t, proposal, column, name)
        with st.container(width=260, gap="small"):
            choice.show_list(
                name,
                t("What it is: {column}", column=_name(view, column)),
                {one: _name_use(t, one) for one in proposal.list_choices(column)},
                use,
                partial(_take_use, proposal, column),
                placeholder=t("Unassigned"),
                is_label_hidden=True,
            )
            if use in SEVERAL and is_one:
                _show_separator(t, proposal, use, name)
            if is_one and (member_field := member_field_of(use)):
                names = _name_members(proposal, column.headers[0], member_field, labels)
                _show_member(view, proposal, column.choices[0], names, f"{name}-member")
    if use.startswith(CHOICE) and not is_one:
        _show_members(view, proposal, column, labels(field_of(use)), name)


def _name_members(proposal: Proposed, header: str, field: str, labels: Labels) -> Mapping[str, str]:
    """Name the possible members of a column; an indicator may be one in another unit than its own."""
    names, (code, _, unit) = labels(field), proposal.members.get(header, "").partition("|")
    return {**names, f"{code}|{unit}": f"{names.get(code, code)} ({labels('unit').get(unit, unit)})"} if unit else names


def _show_what_it_may_be(t: Translator, proposal: Proposed, column: ProposedColumn, name: str) -> None:
    """Draw the possible use of a column without one, with the button that confirms it, or why nothing is proposed."""
    if offered := proposal.offered.get(column.headers):
        label = t("Yes, it is: {field}", field=_name_use(t, offered))
        st.button(label, key=f"{name}-yes", on_click=_confirm, args=(proposal, [(column, offered)]))
    if column.is_other_day:
        st.caption(t("Nothing is proposed: its header mentions a deadline, a plan or a start."))
    if holder := proposal.find_holder(column.rival_of):
        field = t(name_field(column.rival_of or ""))
        st.caption(
            plain(t("It could also be “{field}”, like “{column}”: say which one counts.", field=field, column=holder))
        )


def _confirm(proposal: Proposed, offered: Sequence[tuple[ProposedColumn, str]]) -> None:
    """Give columns the uses that are proposed; a button's callback."""
    for column, use in offered:
        proposal.say(column, use)


def _take_use(proposal: Proposed, column: ProposedColumn, use: str | None) -> None:
    proposal.say(column, use or "")


def _show_members(view: Frame, proposal: Proposed, column: ProposedColumn, labels: Mapping[str, str], key: str) -> None:
    """Draw the columns of one question with a column a choice, each with its first values and its meaning."""
    page = paging.find(f"{key}-page", PAGE_COLUMNS, len(column.choices))
    with st.container(border=True):
        if without := proposal.count_without_member(column):
            st.markdown(plain(_say_unread(view, proposal, column, without)))
        st.caption(view.t("A column that means none of them stays unassigned."))
        for number, one in enumerate(column.choices[page.offset : page.offset + PAGE_COLUMNS], page.offset):
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container(width="stretch", gap=None):
                    st.markdown(f"**{plain(one.header)}**")
                    st.markdown(plain(_say_cells(view.t, column, one.values)))
                with st.container(width=260):
                    _show_member(view, proposal, one, labels, f"{key}-member-{number}")
        paging.show_others(page, len(column.choices))


def _show_member(view: Frame, proposal: Proposed, one: SeenChoice, labels: Mapping[str, str], key: str) -> None:
    member = proposal.members.get(one.header)
    codes = [*(code for code in labels if code not in _NO_MEMBERS), *([member] if member else [])]
    choice.show_list(
        key,
        view.t("Which one it means: {column}", column=one.header),
        {code: labels.get(code, code) for code in codes},
        member,
        lambda code: proposal.members.update({one.header: code or ""}),
        placeholder=view.t("Which one?"),
        is_label_hidden=True,
    )


def _show_separator(t: Translator, proposal: Proposed, use: str, key: str) -> None:
    choice.show_list(
        f"{key}-separator",
        t("Several values in a cell"),
        {mark: t(_MARKS[mark]) if mark in _MARKS else t("separated by {mark}", mark=mark) for mark in SEPARATORS},
        proposal.separators.get(use, ""),
        lambda mark: proposal.separators.update({use: mark or ""}),
    )


def _name(view: Frame, column: ProposedColumn) -> str:
    if len(column.headers) == 1:
        return column.headers[0]
    more = view.t("Columns, one per choice: {n}", n=len(column.headers))
    return f"{column.headers[0]} … ({more})"


def _say_values(view: Frame, column: ProposedColumn, use: str) -> str:
    if len(column.headers) > 1 and not column.is_hidden:
        return " · ".join(column.headers[:6])
    return _say_cells(view.t, column, column.values, is_hidden=use in PERSONS)


def _say_cells(t: Translator, column: ProposedColumn, values: tuple[str, ...], *, is_hidden: bool = False) -> str:
    if column.is_hidden or is_hidden:
        return t("Its cells may be contacts, and are not shown.")
    return " · ".join(values) if values else t("Its first cells are empty.")


def _show_order(t: Translator, proposal: Proposed, key: str) -> None:
    st.radio(
        t("Day and month cannot be told apart in this file. How are its dates written?"),
        list(_ORDERS),
        index=list(_ORDERS).index(proposal.date_order) if proposal.date_order else None,
        format_func=lambda order: t(_ORDERS[order]),
        key=f"{key}-order",
        on_change=lambda: setattr(proposal, "date_order", st.session_state[f"{key}-order"]),
    )


def _show_guesses(view: Frame, proposal: Proposed, key: str, labels: Labels) -> None:
    """Draw the words that look misspelt; the preview asks about those that are not ticked."""
    t, assigned_uses = view.t, set(proposal.uses.values())
    guesses = [guess for guess in read_guesses(proposal.text) if guess[0] in assigned_uses]
    if not guesses or proposal.is_known:
        return
    st.markdown(t("These words are in no list, and look misspelt. Tick what is right."))
    for number, (name, word, code) in enumerate(guesses):
        pair = (name, word)
        st.checkbox(
            plain(t("“{word}” means “{label}”", word=word, label=labels(name).get(code, code))),
            pair in proposal.guessed,
            key=f"{key}-guess-{number}",
            on_change=lambda pair=pair: proposal.guessed.symmetric_difference_update({pair}),
        )


def _read_labels(view: Frame, name: str) -> dict[str, str]:
    """Read the labels of a field's codes, in the order of its lists."""
    folder = CampaignFolder(Settings.from_environment().campaign)
    labels: dict[str, str] = {}
    for codelist in codelists_of(name):
        try:
            entries = load_codelist(folder, codelist)
        except UserError:
            continue
        for entry in entries:
            labels.setdefault(entry.code, entry.labels[view.lang])
    return labels


def _show_rows(view: Frame, proposal: Proposed, labels: Labels) -> None:
    t = view.t
    rows = list_first_rows(proposal, labels)
    if any(rows.values()):
        messages.show_card_title(t("The first rows, as they would be read"), level=3)
        cells = zip_longest(*rows.values(), fillvalue="")
        html_tables.show(html_tables.words(*(t(name_field(field)) for field in rows)), [list(row) for row in cells])


def list_first_rows(proposal: Proposed, labels: Labels) -> dict[str, list[str]]:
    """List the cells of the first rows by field; labels of choices replace the cell that may hold all of them."""
    cells_by_field: dict[str, list[str]] = {}
    chosen: dict[str, list[str]] = {}
    for column in proposal.columns:
        use = proposal.uses[column.headers]
        field = field_of(use)
        if use.startswith(CHOICE) and any(proposal.members.get(header) for header in column.headers):
            cells_by_field.setdefault(field, [])
            _add_taken(proposal, column, labels(field), chosen.setdefault(field, []))
        elif use and use == field and use not in KEPT and use not in PERSONS and column.cells:
            cells_by_field[field] = list(column.cells)
    for field, cells in chosen.items():
        cells_by_field[field] = [
            chosen_cell or cell for chosen_cell, cell in zip_longest(cells, cells_by_field[field], fillvalue="")
        ]
    return cells_by_field


def _add_taken(proposal: Proposed, column: ProposedColumn, labels: Mapping[str, str], cells: list[str]) -> None:
    """Add the labels of the choices that the first rows take to those of the field's other columns."""
    for one in column.choices:
        member = proposal.members.get(one.header)
        if not member:
            continue
        cells += [""] * (len(one.taken) - len(cells))
        for row, is_taken in enumerate(one.taken):
            if is_taken:
                cells[row] = " · ".join(filter(None, (cells[row], labels.get(member, member))))
