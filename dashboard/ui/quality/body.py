"""The page Data quality: the choice of a file and a section, and the number of cases in each.

Columns without a use and words that match no code are settled here, and taken back.
"""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign.answers.answer import Meaning
from dashboard.campaign.answers.question_kinds import COLUMNS, SPELLINGS
from dashboard.campaign.file_names import find_names
from dashboard.ground.codelist_codes import CLAIMED_ONLY
from dashboard.i18n import N_
from dashboard.lists.quality import order
from dashboard.lists.quality.differences import WORDS_LOOKED_AT
from dashboard.lists.quality.lists import LISTS
from dashboard.lists.quality.open_columns import AS_READ, Key, name_answer, read_open, select_settled
from dashboard.lists.quality.queries import FILE, name_use
from dashboard.lists.quality.word_meanings import Scene, group_words, key_of, say_meaning, sum_up_words
from dashboard.measures.counts import headline
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import link, page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import (
    answer_files,
    file_at_once,
    messages,
    open_columns,
    page_parts,
    paging,
    rebuild,
    session_answers,
    word_choices,
)
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.pieces.session_answers import SessionAnswers
from dashboard.ui.quality import classify, decide, listing, sections

_COLUMN_VIEWS = {
    "open": N_("To decide"),
    "all": N_("All columns"),
    "readings": N_("How they were read"),
    "settled": N_("Decided by staff"),
}


def show_columns(view: View, file: str | None, _numbers: Mapping[str, int]) -> None:
    """Draw the view of the columns that is chosen."""
    answers = session_answers.begin(view, "columns", COLUMNS)
    names = {name: view.t(title) for name, title in _COLUMN_VIEWS.items()}
    chosen = listing.choose_part(view, "quality-columns-view", names, "open")
    if chosen == "open":
        _show_open_columns(view, answers, file)
    elif chosen == "settled":
        _show_settled_columns(view, answers, file)
    else:
        listing.show(view, LISTS["columns" if chosen == "all" else "readings"], file)


def _show_open_columns(view: View, answers: SessionAnswers, file: str | None) -> None:
    """Draw the columns without a use, with their values and a choice each."""
    t = view.t
    columns = [column for column in read_open(view.snapshot, file) if column.key not in answers.saved]
    if not columns:
        st.success(t("Every column has a use."), icon=":material/check_circle:")
        return
    st.markdown(
        t(
            "These columns are neither counted nor published. Say what they are; it also applies to next month’s "
            "file. Closed questions become public only if you say so."
        )
    )
    listing.show_download(view, LISTS["columns"], file)
    values = open_columns.read_values(view, view.snapshot.build_id)
    open_columns.show(open_columns.Scene(view, values, answers.chosen, "open-column"), columns)
    uses = {key: use for key, use in select_settled(columns, answers.chosen).items() if use != AS_READ}
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    _show_button(view, answers, t.plural("Save {n} answer", "Save {n} answers", len(uses)), uses, "keep-columns")


def _show_settled_columns(view: View, answers: SessionAnswers, file: str | None) -> None:
    """Draw staff's decisions on columns, also since this build; they can take back one or many at once."""
    t = view.t
    rows = (
        find_names(view.snapshot.path).show(view.snapshot.query("settled_columns", {"file": file})).to_dict("records")
    )
    of_build = {Key(row["recipe"], (row["header"],)): name_use(t, row["use"], row["target"]) for row in rows}
    decisions = of_build | {key: name_answer(t, use) for key, use in answers.saved.items()}
    keys = [key for key in decisions if key not in answers.undone]
    if not keys:
        st.success(t("No decisions about columns yet."), icon=":material/info:")
        return
    st.markdown(t("What staff decided about columns, as kept in columns.csv in the campaign folder."))
    page = paging.find("settled-page", open_columns.PAGE_CARDS * 2, len(keys))
    marked = {
        key: ""
        for place, key in enumerate(keys[page.offset : page.offset + page.size])
        if _show_line(view, key, decisions[key], f"settled-{page.number}-{place}")
    }
    paging.show_others(page, len(keys))
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    _show_button(view, answers, t.plural("Undo {n} answer", "Undo {n} answers", len(marked)), marked, "keep-columns")


def _show_line(view: View, key: Key, use: str, name: str) -> bool:
    """Draw one settled column; return whether it is marked to be taken back."""
    headers = key.headers[0] if len(key.headers) == 1 else f"{key.headers[0]} … ({len(key.headers)})"
    text = view.t("{column} is: {use}", column=plain(headers), use=plain(use))
    return st.checkbox(text, key=f"{name}-{view.snapshot.build_id[:12]}", disabled=view.snapshot.is_shipped_sample)


def _show_button(view: View, answers: SessionAnswers, label: str, changes: Mapping[Any, Any], key: str) -> None:
    st.button(
        label,
        key=key,
        type="primary",
        icon=":material/check:",
        on_click=answers.save,
        args=(view, changes),
        disabled=view.snapshot.is_shipped_sample or not changes,
    )


_WORD_PARTS = {"words": N_("To decide"), "settled": N_("Decided"), "all": N_("All values")}


def show_words(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the words to settle, the settled ones, or the list of all values."""
    answers = session_answers.begin(view, "unmatched", SPELLINGS)
    settled_words = view.snapshot.query("settled_words").to_dict("records")
    counts = {"words": numbers["words"], "settled": len(settled_words), "all": numbers["unmatched"]}
    part = listing.choose_part(
        view,
        "quality-words-part",
        {
            name: f"{view.t(title)} · {formats.format_count(counts[name], view.lang)}"
            for name, title in _WORD_PARTS.items()
        },
        "words" if numbers["words"] or not settled_words else "settled",
    )
    if part == "all":
        listing.show(view, LISTS["unmatched"], file)
    elif part == "settled":
        _show_settled_words(view, answers, settled_words)
    elif not numbers["words"]:
        st.success(view.t(LISTS["unmatched"].empty), icon=":material/check_circle:")
    else:
        _show_open_words(view, answers, file, numbers["words"])


def _show_open_words(view: View, answers: SessionAnswers, file: str | None, total: int) -> None:
    t = view.t
    st.markdown(
        t("These words are in no codelist: the rows count, but this field stays empty. Say once what each means.")
    )
    if view.snapshot.is_shipped_sample:
        messages.show_sample_note(view)
    parameters = {"files": None if file is None else [file], "most": WORDS_LOOKED_AT, "first": 0}
    words = view.snapshot.query("unmatched_words", parameters).to_dict("records")
    key = f"word-{view.snapshot.build_id[:12]}-{file}"
    _show_saved(view, answers, _make_scene(view, key))
    for field, rows in group_words(row for row in words if key_of(row) not in answers.saved).items():
        with st.container(border=True, gap="xsmall", key=f"card-{key}-{field}"):
            messages.show_card_title(sum_up_words(t, field, rows))
            word_choices.show_field(view, _make_scene(view, f"{key}-{field}"), rows, answers.chosen)
    label = t.plural("Save {n} choice", "Save {n} choices", len(answers.chosen))
    _show_button(view, answers, label, answers.chosen, "keep-words")
    if total > len(words):
        st.caption(t("More words follow when these are answered: {n}.", n=total - len(words)))


def _show_saved(view: View, answers: SessionAnswers, scene: Scene) -> None:
    """Draw the answers about words since the last build, each with a button that takes it back."""
    lines = [
        AnsweredLine(
            say_meaning(view.t, scene, meaning),
            partial(answers.undo, view, key, partial(answer_files.take_back, SPELLINGS, {0: meaning})),
        )
        for key, meaning in answers.saved.items()
    ]
    answer_files.show(view, lines, "undo-word")


def _show_settled_words(view: View, answers: SessionAnswers, settled_words: list[dict[Any, Any]]) -> None:
    """Draw the words settled before this build, each with a button that takes it back."""
    if not settled_words:
        st.success(view.t("Nothing has been resolved yet."), icon=":material/info:")
        return
    st.markdown(view.t("What words mean, as kept in spellings.csv in the campaign folder; each build applies it."))
    rows = [row for row in settled_words if row["line"] not in answers.undone]
    if len(rows) < len(settled_words):
        st.caption(view.t("Undone; the next build no longer applies it."))

    def undo(line: int, meaning: Meaning) -> None:
        answers.undo(view, line, partial(answer_files.take_back, SPELLINGS, {0: meaning}))

    scene = _make_scene(view, "settled")
    lines = word_choices.list_settled(view, scene, rows, undo)
    answer_files.show(view, lines, "settled-undo", is_disabled=scene.is_disabled)


def _make_scene(view: View, key: str) -> Scene:
    snapshot = view.snapshot
    return word_choices.make_scene(
        snapshot.path, snapshot.build_id, snapshot.codes, key, is_disabled=snapshot.is_shipped_sample
    )


PARAMETERS = (page_parts.PARAMETER, *listing.PARAMETERS)


class Section(NamedTuple):
    """One section of the page.

    Attributes:
        counts: The numbers that add up to its cases, by their names in the query.
        advice: The advice on them; empty where it only informs.
    """

    title: str
    show: Callable[[View, str | None, Mapping[str, int]], None]
    counts: tuple[str, ...] = ()
    advice: str = ""

    def total(self, numbers: Mapping[str, int]) -> int:
        """Count its cases."""
        return sum(numbers[name] for name in self.counts)

    def name(self, view: View, numbers: Mapping[str, int]) -> str:
        """Write its title, with the number of its cases."""
        title = view.t(self.title)
        return f"{title} · {formats.format_count(self.total(numbers), view.lang)}" if self.counts else title


def show(view: View) -> None:
    """Draw the page."""
    file = _choose_file(view)
    row = view.snapshot.query("quality_counts", {"file": file}).iloc[0]
    numbers = {str(name): int(number) for name, number in row.items()}
    titles = {name: section.name(view, numbers) for name, section in SECTIONS.items()}
    section = SECTIONS[page_parts.choose(view, "quality-section", titles, instead=listing.OTHER_LIST)]
    rebuild.show(view)
    section.show(view, file, numbers)


def _choose_file(view: View) -> str | None:
    """Choose the file of the lists, kept in the link; return its handle. Offer everything about it as a workbook."""
    t = view.t
    handles = view.snapshot.query("input_files")["source_file"].tolist()
    names = find_names(view.snapshot.path)
    requested = view.parameters.get(FILE)
    file = requested if requested in handles else None
    if requested is not None and file is None:
        name = f"`{requested.replace('`', '')}`"
        st.warning(t("The file {file} is not in this build; all files are shown.", file=name))
    with st.container(horizontal=True, vertical_alignment="bottom", key="quality-which"):
        st.selectbox(
            t("File"),
            sorted(handles, key=names.file),
            format_func=names.file,
            index=None,
            placeholder=t("All files"),
            width=420,
            **link.bind("quality-file", FILE, file, None, instead=listing.OTHER_LIST),
        )
        label = t("Everything to correct, as Excel") if file is None else t("Everything about this file, as Excel")
        excel = listing.name_excel(view, "office", label, order.FOR_AN_OFFICE, file)
        words = t("One sheet a list, ready to be sent back to the office that sent the file; no names of contacts.")
        file_at_once.show(view, "staff-files-office", file, excel._replace(help=words))
    if view.selection != Selection(lang=view.lang):
        st.caption(t("The filters of the other pages do not apply here: every row of the files counts."))
    return file


def _show_summary(view: View, file: str | None, numbers: Mapping[str, int]) -> None:
    """Draw the tasks, section by section, or a note that all is well."""
    t = view.t
    advised = [section for section in SECTIONS.values() if section.advice]
    waiting = [section for section in advised if section.total(numbers)]
    if not waiting:
        st.success(t("All is well: no row is rejected, no value unmatched, nothing waits for a decision."))
        _show_claims(view, file)
        return
    with st.container(gap=None, key="waiting"):
        for section_id, section in SECTIONS.items():
            if section in waiting:
                pairs = (("section", section_id), ("lang", view.lang), *((("file", file),) if file else ()))
                name = section.name(view, numbers)
                _show_way(PageLink(name, view.page_id, pairs, ":material/arrow_forward:"), t(section.advice))
    _show_claims(view, file)
    well = [t(section.title) for section in advised if section not in waiting]
    if well:
        st.caption(t("Nothing to do: {sections}.", sections=", ".join(well)))
    sections.show_account(view, file)


_CLAIMS = Selection(statuses=("completed",), evidence=(CLAIMED_ONLY,))


def _show_claims(view: View, file: str | None) -> None:
    """Draw the completed actions with no evidence but the claim, for staff to work through."""
    count = 0 if file else headline(view.snapshot, _CLAIMS).actions
    if not count:
        return
    t = view.t
    name = t("Completed, only claimed · {n}", n=count)
    pairs = (("status", "completed"), ("evidence", CLAIMED_ONLY), ("lang", view.lang))
    advice = t("Only the stakeholder says so. Open one to record the evidence you have seen.")
    with st.container(gap=None, key="waiting-claims"):
        _show_way(PageLink(name, "actions", pairs, ":material/arrow_forward:"), advice, f"**{name}**")


def _show_way(way: PageLink, advice: str, words: str = "") -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        page_link.show(way, words, 230)
        st.html(f'<p class="advice">{escape(advice)}</p>', width="stretch")


SECTIONS = {
    "summary": Section(N_("Summary"), _show_summary),
    "files": Section(N_("Files"), sections.show_files, ("files",)),
    "columns": Section(
        N_("Columns"),
        show_columns,
        ("open_columns",),
        N_("Unassigned columns: not counted or published until you say what they are."),
    ),
    "rejected": Section(
        N_("Rejected rows"),
        sections.show_rejected,
        ("rejected",),
        N_("Rows that count nowhere: correct them in the file, or send them back to the office."),
    ),
    "unmatched": Section(
        N_("Unmatched values"),
        show_words,
        ("unmatched",),
        N_("Words that were not understood: their field stays empty until you say what they mean."),
    ),
    "decide": Section(
        N_("To decide"),
        decide.show,
        ("stakeholders", "actions", "reports", "posts", "versions", "gone"),
        N_("Stakeholders, actions and reports that may be duplicates: decide once, every build remembers."),
    ),
    "orphans": Section(
        N_("Reports without action"),
        lambda view, file, _: listing.show(view, LISTS["orphans"], file),
        ("orphans",),
        N_("Reports that belong to no known action: counted separately."),
    ),
    "classify": Section(
        N_("To classify"),
        classify.show,
        ("unclassified",),
        N_("Actions without stakeholder group, category, themes or place: accept or change what their words suggest."),
    ),
    "checks": Section(
        N_("Checks"),
        sections.show_checks,
        ("warnings", "notes"),
        N_("Unlikely or contradictory entries: they count as they are, but should be checked."),
    ),
    "coverage": Section(N_("Coverage"), sections.show_coverage),
    "changes": Section(N_("Changes"), sections.show_changes),
}
"""The sections by their ids in the link, in their order on the page."""
