"""To classify: a hundred actions a page, with suggestions from their words, accepted or changed singly or together."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.accepted import FIELDS, read_accepted
from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.files.extracts.choice import EXCEL
from dashboard.ground.codelist_codes import UNCLASSIFIED
from dashboard.i18n import N_
from dashboard.lists.quality import classifying
from dashboard.lists.quality.classifying import LABELS, LACKS, Accepted, Action, ClassificationFilter
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.queries import MOST_ROWS, as_list
from dashboard.measures.register import name_stakeholder
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.ui.frame.streamlit_grips import DeltaGenerator
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import at_work, campaign_commands, file_at_once, messages, paging
from dashboard.ui.quality import classify_answers, listing
from dashboard.ui.quality.classify_answers import Classified

PAGE_LINES = 100
SHEET = "classification to fill in.xlsx"
_SEEN = "staff-classify-seen"
_SUGGESTED = {
    "any": (N_("With or without"), None),
    "with": (N_("With suggestions"), True),
    "without": (N_("Without suggestions"), False),
}
Listed = tuple[Sequence[Action], int]


def show(view: View, file: str | None, _numbers: object) -> None:
    """Draw how far it is, the filters, and one page of the table."""
    t, classified = view.t, classify_answers.find()
    try:
        accepted = read_accepted(CampaignFolder(Settings.from_environment().campaign))
    except UserError as error:
        messages.show_error(view, error)
        return
    at_work.show(view, "classify")
    classified.is_changed = False  # this draws the whole page
    classified.tell(view)
    _show_progress(view, accepted, file)
    st.markdown(
        t(
            "The words of each action suggest where it belongs. Tick the lines that are right, change the others, "
            "and save. Nothing is classified automatically."
        )
    )
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _ask_who(view, classified)
        at_once = st.container(width="content")
        _show_downloads(view, file)
    _show_actions(view, classified, accepted, _show_filters(view, file), at_once)


def _ask_who(view: View, classified: Classified) -> None:
    t = view.t
    help_text = t(
        "So that colleagues see who answered. It stays in the inbox folder and never appears on public pages or "
        "in extracts."
    )
    saved = t("Saved with each answer")
    name = st.text_input(
        t("Your name or initials"),
        classified.who,
        max_chars=40,
        key="classify-who",
        placeholder=saved,
        help=help_text,
        width=240,
    )
    classified.who = name.strip()


def _show_filters(view: View, file: str | None) -> ClassificationFilter:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="classify-filters"):
        words = st.text_input(t("Search"), key="classify-search", placeholder=t("Stakeholder, title or id"), width=230)
        missing, placeholder = t(N_("Missing", "fields that an action lacks")), t("Stated or suggested")
        lacks = st.selectbox(
            missing, list(LACKS), format_func=lambda name: t(LACKS[name]), key="classify-lacks", width=190
        )
        suggested = st.selectbox(
            t("Suggestions"),
            list(_SUGGESTED),
            format_func=lambda name: t(_SUGGESTED[name][0]),
            key="classify-suggested",
            width=190,
        )
        chosen = []
        for label, codelist, name in (
            (t("Stakeholder group"), "stakeholder_groups", "groups"),
            (t("Country"), "countries", "countries"),
        ):
            codes = list_codes(view, (codelist,))
            write, key = codes.__getitem__, f"classify-{name}"
            chosen.append(
                st.multiselect(label, list(codes), format_func=write, key=key, placeholder=placeholder, width=240)
            )
    groups, countries = map(tuple, chosen)
    return ClassificationFilter(file, words, lacks, groups, countries, _SUGGESTED[suggested][1])


def _show_actions(
    view: View, classified: Classified, accepted: Accepted, filters: ClassificationFilter, at_once: DeltaGenerator
) -> None:
    """Draw one page of the chosen actions; `at_once` classifies all of them."""
    t = view.t
    key = f"classify-{hash(filters)}-{view.snapshot.build_id[:12]}"
    page = paging.find(f"{key}-page", PAGE_LINES)
    table_key = f"{key}-{page.number}-{classified.version}"
    # The first state stays as long as it is worked on: a colleague's answer does not slip under it unseen.
    read = partial(classifying.read_actions, view.snapshot, accepted, filters, PAGE_LINES, page.offset)
    actions, total = _remember(table_key, read)
    if not total:
        st.info(t("No action matches these filters."), icon=":material/search_off:")
        return
    if not actions:  # the last page has become empty
        st.session_state.pop(page.key, None)
        st.rerun()
    with at_once:
        _show_all_at_once(view, classified, accepted, filters, total)
    st.fragment(show_table)(view, actions, table_key)
    paging.show_others(page, total)
    numbers = paging.name_range(page, len(actions), total)
    st.caption(t("Actions {first} to {last} of {total}. Save a page before you go on to the next.", **numbers))
    _show_action(view, actions)


def _remember(key: str, make: Callable[[], Listed]) -> Listed:
    remembered: tuple[str, Listed] | None = st.session_state.get(_SEEN)
    if remembered is None or remembered[0] != key:
        remembered = st.session_state[_SEEN] = (key, make())
    return remembered[1]


def _show_progress(view: View, accepted: Accepted, file: str | None) -> None:
    """Draw how many of how many are classified, and the gaps of the others."""
    t, lang = view.t, view.lang
    progress = classifying.count(view.snapshot, accepted, file)
    if progress.classified == progress.actions:
        st.success(t(LISTS["unclassified"].empty), icon=":material/check_circle:")
        return
    text = t("{done} of {total} actions are classified", done=progress.classified, total=progress.actions)
    lacking = (f"{t(LACKS[name])} {formats.format_count(n, lang)}" for name, n in progress.lacking.items() if n)
    st.progress(progress.classified / progress.actions, text=text)
    st.caption(t("Missing: {fields}", fields=" · ".join(lacking)))


def _show_all_at_once(
    view: View, classified: Classified, accepted: Accepted, filters: ClassificationFilter, total: int
) -> None:
    """Draw the suggestions of every action that the filters choose, for acceptance by one click."""
    t = view.t
    label = t("Accept suggestions of all {n}", n=total)
    with st.popover(label, icon=":material/checklist:"):
        st.markdown(
            t(
                "Accepts the suggestions for every filtered action, on all pages. Groups and countries are mostly "
                "right; check categories and themes first. You can undo it."
            )
        )
        fields = st.multiselect(
            t("Of these fields"),
            list(FIELDS),
            default=["stakeholder_group", "countries", "regions"],
            format_func=lambda name: t(LABELS[name]),
            key="classify-all-fields",
        )
        st.button(
            t("Accept them"),
            key="accept-all-classes",
            type="primary",
            icon=":material/done_all:",
            disabled=not fields or not classified.may_save(view),
            on_click=_accept_all,
            args=(view, classified, accepted, filters, fields),
        )


def _accept_all(
    view: View, classified: Classified, accepted: Accepted, filters: ClassificationFilter, fields: Sequence[str]
) -> None:
    """Save the suggestions of every action chosen; a button's callback."""
    actions, _ = classifying.read_actions(view.snapshot, accepted, filters, MOST_ROWS)
    answers = classifying.accept_suggestions(actions, fields)
    if answers:
        classified.save(view, answers, {action.action_id: action.title for action in actions}, ())


def _show_downloads(view: View, file: str | None) -> None:
    t = view.t
    sheet = file_at_once.File(
        "download-sheet",
        t("Download a sheet to fill in"),
        partial(_make_sheet, view.lang),
        SHEET,
        EXCEL,
        help=t("Fill in this classification sheet offline and upload it like any other export."),
        icon=":material/edit_document:",
        is_disabled=view.snapshot.is_shipped_sample,
    )
    excel = listing.name_excel(view, "unclassified", t("Download as Excel"), ["unclassified"], file)
    file_at_once.show(view, "staff-files-classify", file, sheet, excel)


def _make_sheet(lang: str) -> bytes:
    with Scratch("classify") as place:
        path = Path(place) / SHEET
        campaign_commands.run("classify", "--sheet", str(path), "--lang", lang)
        return path.read_bytes()


def _show_action(view: View, actions: Sequence[Action]) -> None:
    """Draw an action of the page, whole: its description and the link to it."""
    t, by_id = view.t, {action.action_id: action for action in actions}
    titles = {name: f"{action.title or t('Untitled action')} ({name})" for name, action in by_id.items()}
    label, none = t("Read one of these actions in full"), t("Choose an action")
    action = by_id.get(listing.choose(label, titles, none, key="quality-read") or "")
    if action is not None:
        with st.container(border=True):
            st.text(action.description or t("The submission contains no other text."))
            listing.show_origin(view, *action.source, action.action_id, "classify")


_ROWS_IN_VIEW = 10
_HEAD_HEIGHT, _ROW_HEIGHT = 36, 68
"""Pixels; a row has three lines of text: Streamlit wraps words in rows of more than 64."""
_WIDTHS = {"stakeholder_group": 150, "category": 170, "themes": 190, "countries": 160, "regions": 130}


def show_table(view: View, actions: Sequence[Action], key: str) -> None:
    """Draw the table and its buttons; a saving draws the whole page anew.

    `actions`: the actions of one page, as first shown under this key.
    `key`: the key of this page of actions.
    """
    classified = classify_answers.find()
    if classified.is_changed:
        st.rerun()
    t, may_save = view.t, classified.may_save(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="classify-bar"):
        is_sample = view.snapshot.is_shipped_sample
        ticks_all = st.toggle(t("Tick all of this page"), key=f"{key}-all", disabled=is_sample)
        many = st.container(horizontal=True, vertical_alignment="bottom", width="content")
    before = _frame(view, actions, set(classified.ticked), ticks_all=ticks_all)
    after = _show_table(view, before, f"{key}-{ticks_all}")
    titles = {action.action_id: action.title for action in actions}
    with many:
        ticked = [action for action, takes in zip(actions, after["accept"], strict=True) if takes]
        _show_many(view, classified, ticked, titles)
    answers = gather(actions, before, after)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t.plural("Save {n} action", "Save {n} actions", len(answers)) if answers else t("Save"),
            key="save-classes",
            type="primary",
            icon=":material/save:",
            disabled=not answers or not may_save,
            on_click=classified.save,
            args=(view, answers, titles, ()),
        )
        if classified.savings:
            last = len(classified.savings[-1])
            label, undo = t.plural("Undo the last {n} action", "Undo the last {n} actions", last), classified.undo
            st.button(label, key="undo-classes", icon=":material/undo:", on_click=undo, args=(view,))
        if answers and not may_save:
            st.caption(t("Enter your name before you save."))


def gather(actions: Sequence[Action], before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    """Gather the answers of the table for the command: whole lines where ticked, else the changed cells.

    `before`: the table as it was drawn, by action id.
    `after`: the table as it is now.
    """
    answers = []
    drawn, edited = before.to_dict("index"), after.to_dict("index")
    for action in actions:
        old, new = drawn[action.action_id], edited[action.action_id]
        row = {field: _codes(new[field]) for field in FIELDS}
        if not new["accept"]:
            row = {field: codes for field, codes in row.items() if codes != _codes(old[field])}
        answers.append(classifying.answer(action, row))
    return [answer for answer in answers if answer is not None]


def _codes(cell: Any) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else tuple(as_list(cell))


def _show_many(view: View, classified: Classified, ticked: Sequence[Action], titles: Mapping[str, str]) -> None:
    """Draw one choice for every ticked action."""
    t, labels = view.t, {name: view.t(LABELS[name]) for name in FIELDS}
    name = st.selectbox(
        t("Apply to the ticked"), list(labels), format_func=labels.__getitem__, key="classify-field", width=240
    )
    codes = list_codes(view, FIELDS[name].codelists)
    chosen = st.multiselect(
        labels[name],
        list(codes),
        format_func=codes.__getitem__,
        max_selections=None if FIELDS[name].takes_several else 1,
        key=f"classify-value-{name}",
        label_visibility="collapsed",
        placeholder=t("Choose"),
        width=240,
    )
    answers = [answer for action in ticked if chosen and (answer := classifying.answer(action, {name: chosen}))]
    st.button(
        t.plural("Apply to {n} action", "Apply to {n} actions", len(answers)) if answers else t("Apply"),
        key="set-classes",
        icon=":material/done_all:",
        disabled=not answers or not classified.may_save(view),
        on_click=classified.save,
        args=(view, answers, titles, [action.action_id for action in ticked]),
    )


def list_codes(view: View, codelists: Sequence[str]) -> dict[str, str]:
    """List the possible codes of a field with their labels, in their codelists' order; countries by name."""
    entries = {code: entry for name in codelists for code, entry in view.snapshot.codes.get(name, {}).items()}
    labels = {code: entry.labels[view.lang] for code, entry in entries.items() if code != UNCLASSIFIED}
    if tuple(codelists) == ("countries",):
        return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))
    return labels


def _frame(view: View, actions: Sequence[Action], ticked: set[str], *, ticks_all: bool) -> pd.DataFrame:
    """Make the table's rows, by action id, so that a change never moves to another action."""
    t = view.t
    rows = [
        {
            "accept": ticks_all or action.action_id in ticked,
            "stakeholder": name_stakeholder(action.stakeholder, view.snapshot.person_names, view.lang),
            "title": action.title,
            **{
                name: list(action.shown(name)) if field.takes_several else next(iter(action.shown(name)), None)
                for name, field in FIELDS.items()
            },
            "missing": ", ".join(t(LACKS[name]) for name in action.lacks),
            "words": ", ".join(action.words),
        }
        for action in actions
    ]
    frame = pd.DataFrame(rows, index=pd.Index([action.action_id for action in actions]))
    single = [name for name, field in FIELDS.items() if not field.takes_several]
    return frame.astype(dict.fromkeys(single, "string"))


def _show_table(view: View, frame: pd.DataFrame, key: str) -> pd.DataFrame:
    t, config = view.t, st.column_config
    columns: dict[str, Any] = {
        "accept": config.CheckboxColumn(t("Accept"), width=60, pinned=True),
        "stakeholder": config.TextColumn(t("Stakeholder"), width=180, disabled=True),
        "title": config.TextColumn(t("Title"), width=260, disabled=True),
        "missing": config.TextColumn(t("Still missing"), width=150, disabled=True),
        "words": config.TextColumn(t("Words that suggest it"), width=220, disabled=True),
    }
    for name, field in FIELDS.items():
        codes = list_codes(view, field.codelists)
        column = config.MultiselectColumn if field.takes_several else config.SelectboxColumn
        write = partial(_name_code, codes)
        columns[name] = column(t(LABELS[name]), options=list(codes), format_func=write, width=_WIDTHS[name])
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        column_order=["accept", "stakeholder", "title", *FIELDS, "missing", "words"],
        column_config=columns,
        disabled=view.snapshot.is_shipped_sample,
        key=key,
        height=min(len(frame), _ROWS_IN_VIEW) * _ROW_HEIGHT + _HEAD_HEIGHT,
        row_height=_ROW_HEIGHT,
        placeholder="",
        alt=t("Actions to classify, with what their words suggest"),
    )
    return pd.DataFrame(edited)


def _name_code(codes: Mapping[str, str], code: str) -> str:
    return codes.get(code, code)
