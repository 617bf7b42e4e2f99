"""To classify: what the words of each unclassified action suggest, to be accepted or changed in a table."""

import json
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import UNCLASSIFIED, Code
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.quality import order
from dashboard.quality.lists import LISTS
from dashboard.quality.queries import as_list
from dashboard.ui.frame.page import View
from dashboard.ui.pieces import campaign_commands, file_at_once, messages, paging
from dashboard.ui.pieces.paging import Page
from dashboard.ui.quality import listing, rebuild

PAGE_LINES = 20
SHEET = "classification to fill in.xlsx"
_FIELDS = {
    "category": (N_("Category"), ("categories",)),
    "themes": (N_("Themes"), ("themes",)),
    "countries": (N_("Countries"), ("countries",)),
    "regions": (N_("Region"), ("regions", "subregions")),
}
"""What an action is classified by: for each field its label and the codelists that it takes codes from."""
_SAVED = "staff-quality-classified"
_ERROR = "staff-quality-classify-error"


def show(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw one page of the table, or say that every action is classified."""
    t = view.t
    _tell(view)
    key = f"quality-classify-{file}-{view.snapshot.build_id[:12]}"
    page = paging.find(f"{key}-page", PAGE_LINES)
    parameters = {"file": file, "most": PAGE_LINES, "first": page.offset}
    frame = view.snapshot.query("quality_unclassified", parameters)
    if frame.empty:
        st.success(t(LISTS["unclassified"].empty), icon=":material/check_circle:")
        return
    total, listed = int(frame["rows_in_all"].iloc[0]), len(frame)
    saved = _list_saved(view)
    frame = frame[~frame["action_id"].isin(saved)].reset_index(drop=True)
    st.markdown(
        t(
            "The words of each action suggest where it belongs. Tick the actions whose line is right, change what is "
            "not, and save. Nothing is classified by itself."
        )
    )
    _show_downloads(view, file)
    if view.snapshot.is_sample:
        st.info(t("This is the fictional sample: it cannot be classified. Upload your own exports first."))
    if frame.empty:
        st.info(t("Every action of this page is saved and waits for the next build."), icon=":material/save:")
    else:
        _show_page(view, frame, f"{key}-{page.number}-{len(saved)}")
    _show_other_pages(view, page, listed, total)
    if not frame.empty:
        _show_action(view, frame)


def _show_page(view: View, frame: pd.DataFrame, key: str) -> None:
    """The table with the button that saves what is ticked."""
    t = view.t
    takes_all = st.toggle(t("Tick all actions of this page"), key=f"{key}-all", disabled=view.snapshot.is_sample)
    edited = _show_table(view, frame, f"{key}-{takes_all}", takes_all=takes_all)
    ticked = edited[edited["accept"]]
    answers = _gather(frame, ticked)
    label = t.plural("Save {n} action", "Save {n} actions", len(answers)) if answers else t("Save")
    st.button(
        label,
        key="save-classes",
        type="primary",
        icon=":material/save:",
        disabled=view.snapshot.is_sample or not answers,
        on_click=_save,
        args=(view, answers),
    )


def _show_other_pages(view: View, page: Page, listed: int, total: int) -> None:
    paging.show_others(page, total)
    numbers = paging.name_range(view, page, listed, total)
    st.caption(view.t("Actions {first} to {last} of {total}. Save a page before you go on to the next.", **numbers))


def _tell(view: View) -> None:
    """What came of the last saving; told once."""
    error: UserError | None = st.session_state.pop(_ERROR, None)
    if error is not None:
        messages.show_error(view, error)
    saved: int | None = st.session_state.pop(_SAVED, None)
    if saved is not None:
        n = formats.format_count(saved, view.lang)
        text = view.t.plural("{n} action is classified.", "{n} actions are classified.", saved, n=n)
        st.success(f"{text} {view.t('The figures show it after the next build.')}", icon=":material/check_circle:")


def _show_downloads(view: View, file: str | None) -> None:
    t = view.t
    with st.container(horizontal=True):
        sheet = file_at_once.File(
            "download-sheet",
            t("Download a sheet to fill in"),
            partial(_make_sheet, view.lang),
            SHEET,
            order.MEDIA_TYPE,
            help=t("Fill it in offline and upload it like any other export: it is a classification sheet."),
            icon=":material/edit_document:",
            is_disabled=view.snapshot.is_sample,
        )
        excel = listing.name_excel(view, "unclassified", t("Download as Excel"), ["unclassified"], file)
        file_at_once.show(view, "staff-files-classify", file, sheet, excel)


def _make_sheet(lang: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="classify-") as place:
        path = Path(place) / SHEET
        campaign_commands.run("classify", "--sheet", str(path), "--lang", lang)
        return path.read_bytes()


def _show_table(view: View, frame: pd.DataFrame, key: str, *, takes_all: bool) -> pd.DataFrame:
    """The table, filled with the suggestions; what may be chosen are the codelists' entries."""
    t, config = view.t, st.column_config
    rows = [
        {
            "accept": takes_all,
            "title": row["title"],
            "stakeholder": row["stakeholder"],
            "category": next(iter(as_list(row["category"])), None),
            **{name: as_list(row[name]) for name in ("themes", "countries", "regions")},
            "words": ", ".join(as_list(row["words"])),
        }
        for row in frame.to_dict("records")
    ]
    columns: dict[str, Any] = {
        "accept": config.CheckboxColumn(t("Right"), width="small", pinned=True),
        "title": config.TextColumn(t("Title"), width="large", disabled=True),
        "stakeholder": config.TextColumn(t("Stakeholder"), width="medium", disabled=True),
        "words": config.TextColumn(t("Words that suggest it"), width="medium", disabled=True),
    }
    for name, (label, codelists) in _FIELDS.items():
        codes = _list_codes(view, codelists)
        column = config.SelectboxColumn if name == "category" else config.MultiselectColumn
        write = partial(_name_code, codes, view.lang)
        columns[name] = column(t(label), options=list(codes), format_func=write, width="medium")
    edited = st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        num_rows="fixed",
        column_order=["accept", "title", "category", "themes", "countries", "regions", "words", "stakeholder"],
        column_config=columns,
        disabled=view.snapshot.is_sample,
        key=key,
        placeholder="",
        alt=t("Actions to classify, with what their words suggest"),
    )
    return pd.DataFrame(edited)


def _name_code(codes: dict[str, Code], lang: str, code: str) -> str:
    return codes[code].labels[lang] if code in codes else code


def _list_codes(view: View, codelists: tuple[str, ...]) -> dict[str, Code]:
    """The codes that a field may be given, in their codelists' order; countries by name."""
    codes = {
        code: entry
        for name in codelists
        for code, entry in view.snapshot.codes.get(name, {}).items()
        if code != UNCLASSIFIED
    }
    if codelists == ("countries",):
        return dict(sorted(codes.items(), key=lambda item: item[1].labels[view.lang].casefold()))
    return codes


def _gather(frame: pd.DataFrame, ticked: pd.DataFrame) -> list[dict[str, Any]]:
    """The ticked lines as the command takes them; an empty cell says nothing."""
    answers = []
    for place, row in ticked.iterrows():
        answer: dict[str, Any] = {"action_id": frame["action_id"].iloc[int(str(place))]}
        if isinstance(row["category"], str):
            answer["category"] = row["category"]
        answer |= {name: as_list(row[name]) for name in ("themes", "countries", "regions") if as_list(row[name])}
        if len(answer) > 1:
            answers.append(answer)
    return answers


def _save(view: View, answers: list[dict[str, Any]]) -> None:
    """Hand the lines over; a button's callback."""
    lines = "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    try:
        campaign_commands.run("classify", stdin=lines)
    except UserError as error:
        st.session_state[_ERROR] = error
        return
    st.session_state[_SAVED] = len(answers)
    _list_saved(view).update(answer["action_id"] for answer in answers)
    rebuild.note_change(view)


def _list_saved(view: View) -> set[str]:
    """The actions that were saved since this build; kept in the session, to be added to."""
    saved: set[str] = rebuild.remember(view, f"{_SAVED}-ids", set)
    return saved


def _show_action(view: View, frame: pd.DataFrame) -> None:
    """An action of the page, whole: its description and the way to it."""
    t = view.t
    titles = {
        row["action_id"]: f"{row['title'] or t('Untitled action')} ({row['action_id']})"
        for row in frame.to_dict("records")
    }
    action_id = listing.choose(
        t("Read an action of this page whole"), titles, t("Choose an action"), key="quality-read"
    )
    if action_id is None:
        return
    row = frame[frame["action_id"] == action_id].iloc[0]
    with st.container(border=True):
        st.text(row["description"] if isinstance(row["description"], str) else t("The submission has no further text."))
        listing.show_origin(view, row["source_file"], row["sheet"], row["source_row"], action_id, "classify")
