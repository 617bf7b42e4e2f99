"""The page Actions: the register as a list for reading, or the one action that the link names.

The list is sorted and cut into pages by the database, so that the browser gets one page of it. Filters, columns, order
and page are all in the link, so that it opens the same list again; saved views are such links.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from zlib import crc32

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.folder import read_publisher
from dashboard.errors import UserError
from dashboard.files.extracts.choice import Choice
from dashboard.ground.codelist_codes import CLAIMED, EVIDENCE_STEPS, EVIDENCED
from dashboard.i18n import N_, Translator
from dashboard.lists.for_readers import ACTIONS
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.shared import shared
from dashboard.ui.actions import action_model
from dashboard.ui.actions.action_model import ActionModel, Fact, Origin, Ways
from dashboard.ui.actions.secretariat import Desk, Letter
from dashboard.ui.frame import browser_part, link, page, page_link, reading, staff
from dashboard.ui.frame.link import PAGE
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import (
    account,
    answer_files,
    empty_selection,
    file_at_once,
    html_tables,
    list_cells,
    list_table,
    messages,
    paging,
    rebuild,
    session_answers,
    tolerant_list,
)
from dashboard.ui.pieces.answer_files import DECISIONS
from dashboard.ui.pieces.list_cells import Cell, Line
from dashboard.ui.pieces.list_table import ListModel
from dashboard.ui.pieces.session_answers import SessionAnswers


def _show_action(view: View, action_id: str) -> None:
    """Draw the action, or say that there is none of this id."""
    _show_ways(view, action_model.find_ways(view, action_id))
    publisher = read_publisher(Settings.from_environment().campaign, is_fictional=view.snapshot.is_sample)
    desk = Desk(publisher.email, link.site_address(view.page_id))
    action = action_model.make_model(view, action_id, desk, is_staff=staff.may_open())
    if action is None:
        quoted_id = f"`{action_id.replace('`', '')[:80]}`"
        st.error(view.t("There is no action with the ID {id} in this data.", id=quoted_id))
        return
    _show_head(view, action)
    list_cells.show_items(view, action.replies)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _show_texts(view, action)
    with right:
        facts = "".join(_draw_fact(view, fact) for fact in action.facts)
        st.html(f'<h3 class="card-title">{escape(view.t("Facts"))}</h3><dl class="action-facts">{facts}</dl>')
    if action.numbers:
        numbers = "".join(_draw_fact(view, number) for number in action.numbers)
        heading = escape(view.t("Numbers promised and reached"))
        st.html(f'<h3 class="card-title">{heading}</h3><dl class="action-facts numbers">{numbers}</dl>')
    for section in (action.timeline, action.reports, action.evidence):
        list_cells.show_items(view, section)
    if action.evidence.items and staff.may_open():
        show_evidence(view, action.evidence_rows)
    for section in (action.criteria, action.files, action.posts, *action.similar_actions):
        list_cells.show_items(view, section)
    _show_origin(view, action.origin)
    _show_letter(view, action.letter)


def _show_ways(view: View, ways: Ways) -> None:
    drawn = zip(("back", "prev", "place", "next"), (ways.back, *ways.steps), strict=False)
    cells = "".join(
        f'<span class="{side}">{list_cells.draw_cell(view, cell, is_cut=bool(cell.excerpt))}</span>'
        for side, cell in drawn
    )
    st.html(f'<nav class="action-ways" aria-label="{escape(ways.label)}">{cells}</nav>')


def _show_head(view: View, action: ActionModel) -> None:
    """Draw its title, also in the browser's tab, its stakeholder and its status."""
    st.set_page_config(page_title=action.tab)
    heading = reading.heading(action.title.text, page.find_place(view.page_id), 2, action.title.lang)
    about = list_cells.draw_line(view, Line("about", (action.maker, Cell(action.action_id))))
    st.html(f'{heading}{about}<p class="about">{list_cells.draw_status(action.status)}</p>')


def _show_texts(view: View, action: ActionModel) -> None:
    if not action.texts:
        messages.show_note(view.t("The submission contains no other text."))
    html = "".join(
        f'<h3 class="card-title">{escape(label)}</h3>{list_cells.draw_line(view, Line("text", (words,)))}'
        for label, words in action.texts
    )
    html += list_cells.draw_line(view, Line("text", (action.url,)))
    if html:
        st.html(f'<div class="texts">{html}</div>')


def _draw_fact(view: View, fact: Fact) -> str:
    value = view.t("; ").join(f"<bdi>{page_link.render(way, view.page_id)}</bdi>" for way in fact.ways)
    if fact.percent is not None:
        width = min(max(fact.percent, 0), 100)
        value += f' <span class="bar" aria-hidden="true"><span style="width:{width:.0f}%"></span></span>'
    return f"<dt>{escape(fact.label)}</dt><dd>{value}</dd>"


def _show_letter(view: View, letter: Letter | str) -> None:
    if isinstance(letter, Letter):
        st.html(list_cells.draw_line(view, Line("about to-secretariat", (letter.cell,), letter.intro)))
    elif letter:
        messages.show_note(letter)


def _show_origin(view: View, origin: Origin) -> None:
    """Draw where the action comes from: a line, or for staff every place and the rows themselves."""
    t = view.t
    heading = messages.part(t("Where it comes from"))
    if not origin.rows:
        st.html(heading + messages.note(origin.sentence))
        return
    st.html(heading)
    html_tables.show(
        html_tables.words(t(N_("Part", "a record an action is made of")), t("Source"), t("Reason")), origin.rows
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Original row"),
            origin.originals,
            format_func=lambda where: account.place(view, *account.name_place(view, *where[:2]), where[2]),
            key="original",
            width=560,
        )
        account.show_button(view, *chosen, key="action")


_NO_MORE = N_("No more than claimed")
_STEP, _DAY, _SOURCE, _NOTE = "evidence-step", "evidence-day", "evidence-source", "evidence-note"

Row = dict[Any, Any]


class EvidenceStep(NamedTuple):
    """A step of a report's evidence that staff set."""

    report_key: str
    step: str

    @property
    def words(self) -> list[str]:
        """The command's words for it."""
        return ["evidence", "report", self.report_key, self.step]


def show_evidence(view: View, rows: Sequence[Row]) -> None:
    """Draw staff's decisions on the evidence, with buttons that undo them, and the form for the report in force.

    `rows`: the steps of the evidence, as `register.evidence` has them.
    """
    t = view.t
    with st.container(key="evidence-staff"):
        answers = session_answers.tell(view, session_answers.find(view, "evidence", DECISIONS))
        _show_set(view, answers, rows)
        rebuild.show(view)
        report = min(rows, key=lambda row: row["place"])
        with st.expander(t("Record evidence for this status"), icon=":material/check_circle:"):
            if view.snapshot.is_shipped_sample:
                messages.show_sample_note(view)
            _show_form(view, answers, report)


def list_set(
    view: View, rows: Sequence[Row], set_steps: Iterable[EvidenceStep], back: Collection[EvidenceStep]
) -> Iterator[tuple[EvidenceStep, str, bool]]:
    """List the steps that staff set in this build and since: each with a sentence, and whether it can be taken back.

    `set_steps`: the steps that were set since.
    `back`: those that were taken back since.
    """
    t, keys = view.t, {row["report_key"] for row in rows}
    published = {
        EvidenceStep(row["report_key"], row["step"]): row["note"] for row in rows if row["decided_by"] == "staff"
    }
    for one in (*published, *(one for one in set_steps if one.report_key in keys)):
        label = _name(view, one.step)
        if one in back and one in published:
            yield one, t("{step}: undone; the next build no longer applies it.", step=label), False
            continue
        note = published.get(one)
        sentence = (
            t("Recorded by staff: {step}.", step=label) if one in published else t("Recorded: {step}.", step=label)
        )
        yield one, f":material/check: {sentence}{f' {plain(note)}' if note else ''}", True


def _show_set(view: View, answers: SessionAnswers, rows: Sequence[Row]) -> None:
    """Draw staff's decisions on the evidence, each with a button that takes it back."""
    for number, (one, sentence, can_undo) in enumerate(list_set(view, rows, answers.saved, answers.undone)):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(sentence)
            if can_undo:
                st.button(
                    view.t("Undo"),
                    key=f"undo-evidence-{number}",
                    icon=":material/undo:",
                    on_click=answers.undo,
                    args=(view, one, partial(answer_files.decide, one.words, "--undo")),
                    disabled=view.snapshot.is_shipped_sample,
                )


def _show_form(view: View, answers: SessionAnswers, report: Row) -> None:
    """Draw the form for one step of the report in force."""
    t = view.t
    reported = formats.format_date(pd.Timestamp(report["reported_on"]).date(), view.lang)
    statuses = view.snapshot.codes["statuses"]
    code = report["status_code"] if report["status_code"] in statuses else report["status"]
    st.markdown(
        t(
            "Recorded for the report of {day}: {status}. It holds for newer reports as long as they state the same "
            "status.",
            day=reported,
            status=plain(statuses[code].labels[view.lang]),
        )
    )
    with st.form("evidence-form", border=False):
        left, right = st.columns(2)
        left.selectbox(
            t("Step"), [*EVIDENCE_STEPS[1:], CLAIMED], format_func=lambda step: _name(view, step), key=_STEP,
            help=t("“No more than claimed” overrides what the report itself states."),
        )  # fmt: skip
        right.date_input(t("Date"), value="today", max_value="today", key=_DAY, format="DD/MM/YYYY")
        st.text_input(t("Web address or document that shows it"), key=_SOURCE, help=t("It is published."))
        st.text_input(t("Note for colleagues"), key=_NOTE)
        st.form_submit_button(
            t("Save"), type="primary", key="evidence-set", on_click=_set,
            args=(view, answers, report["report_key"]),
            disabled=view.snapshot.is_shipped_sample,
        )  # fmt: skip


def _name(view: View, step: str) -> str:
    return view.t(_NO_MORE) if step == CLAIMED else view.snapshot.codes["evidence"][step].labels[view.lang]


def write_options(step: str, day: date | None, source: str, note: str) -> list[str]:
    """Write the command's options for the values of the form.

    Raises:
        UserError: it names no evidence.
    """
    options = [f"--note={note.strip()}"]
    if step == EVIDENCED and not source.strip():
        raise UserError(N_("“Evidenced” needs a document or a web address."), N_("Enter it in the form."))
    if step != CLAIMED:
        options += [f"--on={day.isoformat() if day else ''}", f"--source={source.strip()}"]
    return options


def _set(view: View, answers: SessionAnswers, report_key: str) -> None:
    """Write the step of the form down; the button's callback."""
    chosen = st.session_state
    evidence = EvidenceStep(report_key, chosen[_STEP])

    def run() -> None:
        options = write_options(evidence.step, chosen[_DAY], chosen[_SOURCE], chosen[_NOTE])
        answer_files.decide(evidence.words, *options)

    answers.run(view, {evidence: True}, run)


COLUMNS = "columns"
"""The link's parameter: names of columns, separated by commas. The title need not be named: it is always there."""
IN_FILES = {
    "place": ("regions", "countries"),
    "language": ("language_code",),
    "milestones": (),
    "results_met": ("results", "results_met"),
}
"""The columns of extracts with the same content as a column of the list, where they have other names."""
NAMES = tuple(column.name for column in ACTIONS.columns)
SHOWN = ("title", "stakeholder", "status", "place", "themes", "due_on", "reported_on")
"""The columns where the reader has chosen none."""
VIEW_WORDS = {
    "label": N_("Name of this view (filters, columns and order)"),
    "save": N_("Save"),
    "empty": N_("No views saved in this browser yet."),
    "note": N_("Views are kept in this browser only. To share one, copy its link."),
    "copy": N_("Copy the link"),
    "rename": N_("Rename"),
    "remove": N_("Remove"),
    "of": N_("{action}: {name}"),
    "new_name": N_("New name of “{name}”"),
    "cancel": N_("Cancel"),
    "saved": N_("“{name}” was saved."),
    "replaced": N_("“{name}” now saves what you see."),
    "taken": N_("Another view is already called “{name}”."),
    "renamed": N_("It is now called “{name}”."),
    "removed": N_("“{name}” was removed."),
    "copied": N_("The link to “{name}” was copied."),
    "select": N_("Copy this link:"),
    "full": N_("This browser cannot save more views. Remove one, or allow this site to store data."),
}
"""The words of the browser part of saved views."""
_TITLE = "title"


@dataclass(frozen=True)
class RegisterModel:
    """The register as a list.

    Attributes:
        warning: The columns in the link that do not exist.
    """

    list_model: ListModel
    columns: tuple[str, ...]
    file: Choice
    views: Mapping[str, Any]
    warning: str = ""


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, parameters: Mapping[str, str], page_id: str
) -> RegisterModel:
    """Make the register of a selection, by its link."""
    view = View(page_id=page_id, snapshot=snapshot, selection=selection, t=t, parameters=parameters)
    columns, unknown = read_columns(view.parameters.get(COLUMNS))
    return RegisterModel(
        list_table.make_model(view, ACTIONS, ACTIONS.choose(columns)),
        columns,
        Choice(columns=name_in_files(columns)),
        describe_views(view),
        paging.say_unknown(view.t, COLUMNS, ",".join(unknown)) if unknown else "",
    )


def read_columns(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the columns of a link, the title first, and the names in it that are no columns."""
    if text is None:
        return SHOWN, ()
    names = dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip())
    columns = (_TITLE, *(name for name in names if name in NAMES and name != _TITLE))
    return columns, tuple(name for name in names if name not in NAMES)


def write_columns(names: Iterable[str]) -> str | None:
    """Write the link's parameter for the reader's columns beside the title; the usual ones need none."""
    chosen = (_TITLE, *names)
    return None if chosen == SHOWN else ",".join(chosen[1:]) or _TITLE


def offer_columns(view: View) -> dict[str, str]:
    """Return the columns that may stand beside the title: their names, and their headings in the reader's language."""
    return {column.name: view.t(column.label) for column in ACTIONS.columns[1:]}


def name_in_files(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Name a file's columns for those that the reader has chosen; for the usual ones none, which means all."""
    if columns == SHOWN:
        return ()
    return tuple(
        dict.fromkeys(file_name for name in ("action_id", *columns) for file_name in IN_FILES.get(name, (name,)))
    )


def describe_views(view: View) -> dict[str, Any]:
    """Describe the saved views to the browser: the parts of the page in a view, and the words."""
    pairs = [pair for pair in view.page_pairs(action=None, **{PAGE: None}) if pair[0] != "lang"]
    return {
        "query": urlencode(pairs),
        "lang": view.lang,
        "words": {name: view.t(text, name="{name}", action="{action}") for name, text in VIEW_WORDS.items()},
    }


PARAMETERS = ("action", *list_table.PARAMETERS, COLUMNS)
_VIEWS = Path(__file__).with_name("saved_views")
_MOUNT_VIEWS = browser_part.register(
    "saved_views",
    _VIEWS,
    '<form class="save"><label></label><div><input maxlength="80" required><button></button></div></form>'
    '<ul></ul><p class="note"></p><p class="said" role="status"></p>',
)


def show(view: View, selection: Selection) -> None:
    """Draw the register, or the action that is open."""
    action_id = view.parameters.get("action")
    if action_id is not None:
        _show_action(view, action_id)
        return
    register = make_model(view.snapshot, view.selection, view.t, view.parameters, view.page_id)
    if register.list_model.total == 0:
        empty_selection.show(view, selection)
        _show_views(view, register.views)
    else:
        _show_register(view, selection, register)


def _show_register(view: View, selection: Selection, register: RegisterModel) -> None:
    if register.warning:
        st.warning(register.warning)
    with st.container(horizontal=True, vertical_alignment="center", key="register-top"):
        list_table.show_top(view, register.list_model)
        _show_columns(view, register.columns)
        _show_views(view, register.views)
        file_at_once.show_extract(view, selection, register.file)
    list_table.show_lines(view, register.list_model)


def _show_columns(view: View, columns: tuple[str, ...]) -> None:
    t, labels = view.t, offer_columns(view)
    with st.popover(t("Columns"), icon=":material/view_column:", key="register-columns-box"):
        label = t("Columns beside the title, in the order you choose them")
        st.caption(label)
        tolerant_list.show(
            t,
            label,
            labels,
            columns[1:],
            "register-columns",
            lambda names: link.change_page_parameter(COLUMNS, write_columns(names)),
            t("Title only"),
        )
        if columns != SHOWN:
            st.button(
                t("Default columns"),
                key="register-columns-reset",
                on_click=link.change_page_parameter,
                args=(COLUMNS, None),
            )


def _show_views(view: View, views: Mapping[str, Any]) -> None:
    """Draw the button that opens the saved views: links that a reader has given a name, kept in this browser alone."""
    # A new box for each view, so that it is closed when one has been opened.
    root = link.site_path(view.page_id)
    data = {"path": f"{root}/{view.page_id}", "store": f"dashboard-views:{root}", **views}
    key = f"saved-views-{crc32(link.query_string().encode())}"
    with st.popover(view.t("Saved views"), icon=":material/bookmark:", key=f"{key}-box"):
        _MOUNT_VIEWS(key=key, data=data)
