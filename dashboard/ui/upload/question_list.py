"""The questions to staff about a draft, as one list, those first that change the headline most; and their answers.

The effects of the answers in this preview, and the earlier answers, each with a button that takes it back.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import streamlit as st

from dashboard import formats
from dashboard.campaign.answers.question import FIGURES, Question, is_error_cell, say_effects
from dashboard.campaign.answers.question_kinds import ANSWERS, BY_NAME, KINDS, SHEETS, SPELLINGS, UNKNOWN, WORDS, Kind
from dashboard.campaign.file_names import FileNames, find_names
from dashboard.errors import UserError
from dashboard.i18n import Translator
from dashboard.lists.quality.alike_sheets import COUNTS, LEFT_OUT, USES, AlikeSheet, SheetKey, choose, say_sheet_answer
from dashboard.lists.quality.differences import Preview
from dashboard.lists.quality.file_questions import read_kept
from dashboard.lists.quality.open_columns import PROGRESS, Contest, OpenColumn, find_contests, name_answer
from dashboard.lists.quality.word_meanings import Row, WordKey, group_words, is_place, key_of, read_line, sum_up_words
from dashboard.lists.quality.wording import name_field
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import answer_files, choice, html_tables, messages, open_columns, word_choices
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.upload import open_questions
from dashboard.ui.upload.draft_answers import Answers
from dashboard.ui.upload.open_questions import Card, list_cards
from dashboard.ui.upload.state import Upload

_WORDS_LISTED = 5


def show_try(view: Frame, upload: Upload) -> None:
    """Draw the button that shows the effects of all answers, without keeping them."""
    is_old = upload.settled == upload.tried
    label, icon = view.t("Preview with these answers"), ":material/preview:"
    st.button(label, key="try-answers", type="primary", icon=icon, on_click=upload.try_answers, disabled=is_old)


def show_tried(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw the effects of this preview's answers, before they are kept, with buttons to keep or forget them."""
    t = view.t
    messages.show_heading(t("What your answers change"), level=3)
    before, after = upload.unanswered, preview.figures
    changed = [name for name in FIGURES if name in before and before[name] != after[name]]
    if changed:
        _show_figures(view, before, after, changed)
    else:
        st.markdown(t("They change no figures."))
    lines = [
        AnsweredLine(words, partial(_forget, upload, answers)) for words, answers in _list_tried(view, upload.tried)
    ]
    answer_files.show(view, lines, "drop-answer")
    files = ", ".join(name for name, answers in upload.tried.by_file.items() if answers)
    if not upload.settings:
        st.markdown(t("They are saved in {files} when you publish this preview, or now.", files=files))
    else:  # they may be about a recipe that is not the campaign's yet
        st.markdown(t("They are saved in {files} when you publish this preview.", files=files))
    with st.container(horizontal=True):
        if not upload.settings:
            save = partial(_run, upload, partial(_save, upload))
            st.button(t("Save these answers"), key="keep-answers", icon=":material/check:", on_click=save)
        forget = partial(_forget, upload, upload.tried)
        st.button(t("Undo all"), key="drop-answers", icon=":material/undo:", on_click=forget)


def show_first_figures(view: Frame, upload: Upload, figures: Mapping[str, int]) -> None:
    """Draw the figures that a draft with answers tells before it is made, without and with the answers."""
    before = upload.unanswered
    if upload.tried and before.keys() >= figures.keys():
        messages.show_heading(view.t("What your answers change"), level=3)
        _show_figures(view, before, figures, [name for name in FIGURES if name in figures])


def _show_figures(view: Frame, before: Mapping[str, int], after: Mapping[str, int], names: Iterable[str]) -> None:
    t = view.t
    columns = (*html_tables.words(t("Figure")), *html_tables.figures(t("Without them"), t("With them")))
    rows = [
        [t(FIGURES[name]), *(formats.format_count(one[name], view.lang) for one in (before, after))] for name in names
    ]
    html_tables.show(columns, rows)


def _list_tried(view: Frame, tried: Answers) -> list[tuple[str, Answers]]:
    """List the answers that this preview tries, a line each with its kind, those about words a line a field."""
    t = view.t
    lines = [(say_sheet_answer(t, key, use), Answers(sheets=tried.sheets))
             for key, use in tried.sheets.items()]  # fmt: skip
    lines += [(f"{key.headers[0]}: {name_answer(t, use)}", Answers(columns={key: use}))
              for key, use in tried.columns.items()]  # fmt: skip
    lines += [(open_questions.name_answer(view, key, use), Answers(questions={key: use}))
              for key, use in tried.questions.items()]  # fmt: skip
    for field in dict.fromkeys(key.field for key in tried.words):
        words = {key: meaning for key, meaning in tried.words.items() if key.field == field}
        first_words = ", ".join(meaning.word for meaning in list(words.values())[:_WORDS_LISTED])
        more = f" … ({formats.format_count(len(words), view.lang)})" if len(words) > _WORDS_LISTED else ""
        lines.append((f"{t(name_field(field))}: {first_words}{more}", Answers(words=words)))
    return lines


def show_questions(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw, folded, the readings of ambiguous columns, and staff's answers."""
    t = view.t
    cards = open_questions.list_cards(t, view.lang, preview.questions, upload.answers.questions)
    decided_cards = [card for card in cards if not card.is_open and card.key not in upload.answers.questions]
    if decided_cards:
        with st.expander(f"{t('Read it differently')} · {formats.format_count(len(decided_cards), view.lang)}"):
            st.markdown(t("These columns could be read in several ways. Your answer overrides what decided it."))
            for card in decided_cards:
                with st.container(border=True):
                    st.markdown(f"**{plain(card.title)}**")
                    open_questions.show_card(view, upload, card)
    lines = [
        AnsweredLine(
            f"{' · '.join(filter(None, key[1:4]))}: {open_questions.name_answer(view, key, use)}",
            partial(_run, upload, partial(answer_files.take_back, ANSWERS, {key: ""})),
        )
        for key, use in read_kept(Settings.from_environment().campaign)
        if key.kind in BY_NAME
    ]
    answer_files.show(view, lines, "undo-question", title=t("What staff have answered"))


def show_sheets_and_words(view: Frame, upload: Upload, preview: Preview) -> None:
    """Draw, folded, staff's earlier decisions on sheets and words; without those that this preview tries."""
    t = view.t
    lines = [
        AnsweredLine(
            say_sheet_answer(t, key, use),
            partial(_run, upload, partial(answer_files.keep, SHEETS, {key: ""})),
        )
        for key, use in preview.settled_sheets.items()
        if key not in upload.tried.sheets
    ]
    answer_files.show(view, lines, "undo-sheet", title=t("Which sheets count, as staff have said"))
    scene = upload.make_scene("draft-words")
    tried = {(meaning.word, meaning.recipe, meaning.file) for meaning in upload.tried.words.values()}
    rows = [
        row
        for row in preview.settled_words.to_dict("records")
        if (meaning := read_line(scene, row)) and (meaning.word, meaning.recipe, meaning.file) not in tried
    ]
    lines = word_choices.list_settled(
        view, scene, rows, lambda _, meaning: _run(upload, partial(answer_files.take_back, SPELLINGS, {0: meaning}))
    )
    answer_files.show(view, lines, "undo-draft-word", title=t("What words mean, as staff have said"))


def _save(upload: Upload) -> None:
    """Keep the answers of the preview, those of each file in one run."""
    for name, answers in upload.tried.by_file.items():
        if answers:
            answer_files.keep(name, answers)
    upload.forget_tried(upload.tried)


def _run(upload: Upload, command: Callable[[], None]) -> None:
    """Change the kept answers and make the preview again; show a refusal instead. A button's callback."""
    try:
        command()
    except UserError as error:
        upload.error = error
        return
    upload.make()


def _forget(upload: Upload, answers: Answers) -> None:
    """Make the preview without some of its answers; a button's callback."""
    upload.forget_tried(answers)
    upload.make()


_COLUMN = BY_NAME["column"]
_SHEET = next(kind for kind in BY_NAME.values() if kind.file == SHEETS)
_FIELDS = (
    *PROGRESS, "title", "stakeholder", "submission_id", "countries", "regions", "category", "themes",
    "stakeholder_group",
)  # fmt: skip
"""Fields in the order in which they change the headline; all others come after them."""

_DIMENSIONS = frozenset({"category", "themes", "countries", "regions"})
"""Fields that divide the figures."""


@dataclass(frozen=True)
class Item:
    """One question of the list, of whichever kind.

    Attributes:
        field: Its field; empty where it is about rows or a sheet.
        sheets: The sheets among which the answer chooses.
        contest: The columns among which the answer chooses.
    """

    kind: Kind
    title: str
    is_open: bool
    is_answered: bool
    field: str = ""
    card: Card | None = None
    sheets: tuple[AlikeSheet, ...] = ()
    contest: Contest | None = None
    column: OpenColumn | None = None
    words: tuple[Row, ...] = ()

    @property
    def rank(self) -> tuple[int, int, bool]:
        """Its place in the order: questions about columns and their values by the field, each with its words."""
        is_of_column = self.kind in (WORDS, _COLUMN)
        field = _FIELDS.index(self.field) if self.field in _FIELDS else len(_FIELDS)
        return KINDS.index(_COLUMN if is_of_column else self.kind), field if is_of_column else 0, self.kind is WORDS


def list_items(t: Translator, preview: Preview, names: FileNames, answers: Answers, tried: Answers) -> list[Item]:
    """List every question of a draft, in their order."""
    answered = answers.questions.keys() | tried.questions.keys()
    cards = [
        card
        for card in list_cards(t, t.language, preview.questions, answers.questions)
        if card.is_open or card.key in answered
    ]
    items = [
        *_list_sheets(t, preview.sheets, answers),
        *(
            Item(BY_NAME[card.key.kind], card.title, card.is_open, card.key in answers.questions, card=card)
            for card in cards
            if card.key.kind != WORDS.name
        ),
        *_list_columns(t, preview.columns, answers),
        *_list_words(t, preview, names, [card for card in cards if card.key.kind == WORDS.name], answers),
    ]
    return sorted(items, key=lambda item: item.rank)


def _list_sheets(t: Translator, groups: Iterable[list[AlikeSheet]], answers: Answers) -> list[Item]:
    """List one question for each workbook with sheets that hold the same actions."""
    return [
        Item(_SHEET, t(_SHEET.title), True, COUNTS in {answers.sheets.get(sheet.key) for sheet in group},
             sheets=tuple(group))
        for group in groups
    ]  # fmt: skip


def _list_columns(t: Translator, columns: list[OpenColumn], answers: Answers) -> list[Item]:
    """List one question for each column that looks like a field, and one for all that may be the same field."""
    contests = find_contests(columns, answers.columns)
    contested = {column.key for contest in contests for column in contest.columns}
    return [
        *(
            Item(_COLUMN, open_columns.name_contest(t, contest.field),
                 any(column.is_asked for column in contest.columns), not contest.is_unsettled(answers.columns)
                 and any(column.key in answers.columns for column in contest.columns), contest.field, contest=contest)
            for contest in contests
        ),
        *(
            Item(_COLUMN, t(_COLUMN.title), True, column.key in answers.columns, column.looks_like or "", column=column)
            for column in columns
            if column.is_asked and column.key not in contested
        ),
    ]  # fmt: skip


def _list_words(t: Translator, preview: Preview, names: FileNames, cards: list[Card], answers: Answers) -> list[Item]:
    """List one question for each column that is mostly not understood, and for each field with further words."""
    questions: dict[object, Question] = {question.key: question for question in preview.questions}
    items: list[Item] = []
    asked_words: set[WordKey] = set()
    rows = [
        row
        for row in preview.words.to_dict("records")
        if not is_error_cell(row["field"], row["word"], preview.questions)
    ]
    by_field = group_words(rows)
    for card in cards:
        subject = questions[card.key].subject
        words = [
            row
            for row in by_field.get("countries" if is_place(subject.field) else subject.field, [])
            if subject.file in {names.file(str(handle)) for handle in row["files"]}
        ]
        asked_words |= {key_of(row) for row in words}
        is_answered = answers.questions.get(card.key) == UNKNOWN or all(key_of(row) in answers.words for row in words)
        items.append(Item(WORDS, card.title, card.is_open, is_answered, subject.field, card=card, words=tuple(words)))
    for field, words in group_words(row for row in rows if key_of(row) not in asked_words).items():
        is_answered = all(key_of(row) in answers.words for row in words)
        items.append(Item(WORDS, t(WORDS.title), False, is_answered, field, words=tuple(words)))
    return items


def show(view: Frame, upload: Upload) -> None:
    """Draw the questions, with the number of those that publishing needs; below them those that can wait."""
    if upload.preview is None:
        return
    t = view.t
    items = list_items(t, upload.preview, find_names(upload.folder / "snapshot.duckdb"), upload.answers, upload.tried)
    if items:
        needed = [item for item in items if item.is_open]
        answered = sum(item.is_answered for item in needed)
        messages.show_heading(t("Questions"), level=3)
        if needed:
            st.markdown(
                t(
                    "These files can be read in several ways, and only you know which is right. Nothing can be "
                    "published until you have answered."
                )
            )
            count = t("Answered: {n} of {total}", n=answered,
                      total=len(needed))  # fmt: skip
            st.progress(answered / len(needed), text=count)
        for number, item in enumerate(items):
            _show_item(view, upload, item, number)
    words = upload.preview.words
    if len(words) and (more := int(words["words_in_all"].iloc[0]) - len(words)) > 0:
        st.caption(t("More words follow when these are answered: {n}.", n=more))
    _show_others(view, upload, items)


def _show_item(view: Frame, upload: Upload, item: Item, number: int) -> None:
    t, mark = view.t, " ✓" if item.is_answered else ""
    with st.container(border=True, gap="xsmall", key=f"question-item-{number}"):
        messages.show_card_title(f"{formats.format_count(number + 1, view.lang)}. {item.title}{mark}", level=4)
        can_wait = not item.is_open and not item.is_answered
        about = [t("Publishing does not wait for it.")] if can_wait else []
        if item.words and item.card is None:
            about.append(sum_up_words(t, item.field, item.words))
        if about:
            st.caption(" ".join(about))
        show_words = partial(_show_words, view, upload, item, number) if item.words else None
        if item.card is not None:
            open_questions.show_card(view, upload, item.card, show_words)
        elif show_words is not None:
            show_words()
        if item.sheets:
            _show_sheets(view, item.sheets, upload.answers.sheets)
        if item.contest is not None:
            open_columns.show_contest(_make_scene(view, upload, "asked-column"), item.contest)
        if item.column is not None:
            open_columns.show_column(_make_scene(view, upload, "asked-column"), item.column)
        if item.kind in (_COLUMN, _SHEET):
            st.caption(open_questions.say_changes(t, item.kind))


def _show_sheets(view: Frame, group: Sequence[AlikeSheet], choices: MutableMapping[SheetKey, str]) -> None:
    """Draw the sheets of a workbook that hold the same actions; put the chosen ones into `choices`."""
    t, keys = view.t, [sheet.key for sheet in group]
    uses = {use: t(_SHEET.choices[use]) for use in USES}
    st.markdown(f"**{plain(keys[0].file)}**")
    st.markdown(
        t(
            "These sheets of one workbook contain the same actions, so an old one could override the current one. "
            "Say which counts before publishing."
        )
    )
    for sheet in group:
        name = f"sheet-choice-{sha256(repr(sheet.key).encode()).hexdigest()[:12]}"
        st.markdown(plain(sheet.key.sheet))
        st.caption(_describe_sheet(view, sheet))
        label, take = t("Sheet {sheet}", sheet=sheet.key.sheet), partial(choose, keys, choices, sheet.key)
        choice.show_buttons(name, label, uses, choices.get(sheet.key), take)
        if effects := say_effects(sheet.effects):
            st.caption(plain(f"{uses[LEFT_OUT]} — {t(effects)}"))
    counting = sum(choices.get(key) == COUNTS for key in keys)
    if counting > 1:
        st.caption(t("Where several sheets count, the last row of each action wins."))
    elif not counting and all(key in choices for key in keys):
        st.caption(t("One of them must count."))


def _describe_sheet(view: Frame, sheet: AlikeSheet) -> str:
    """Describe a sheet's content, to tell it from the others."""
    t = view.t
    actions = t.plural("{n} action", "{n} actions", sheet.actions)
    completed = t("{n} of them completed", n=sheet.completed)
    same = t("{n} of them also on another sheet", n=sheet.same)
    return f"{actions}, {completed}, {same}"


def _show_words(view: Frame, upload: Upload, item: Item, number: int) -> None:
    """Draw the words of a field: few as cards, many as a table; those that publishing needs by yes or no."""
    if item.card is None:
        st.markdown(
            view.t(
                "The rows count, but this field stays empty. Say once what each word means; it also applies to next "
                "month’s file, unless you choose one file only."
            )
        )
    scene = upload.make_scene(f"draft-word-{upload.note.build_id[:12] if upload.note else ''}-{number}")
    asks_completion = item.field == "status" and item.is_open
    word_choices.show_field(view, scene, item.words, upload.answers.words, asks_completion=asks_completion)


def _show_others(view: Frame, upload: Upload, items: list[Item]) -> None:
    """Draw columns without a use that do not delay publishing."""
    if upload.preview is None:
        return
    t, contested = view.t, {c.key for item in items if item.contest for c in item.contest.columns}
    waiting_columns = [
        column for column in upload.preview.columns if not column.is_asked and column.key not in contested
    ]
    if not waiting_columns:
        return
    is_grouped = any(_DIMENSIONS & column.read_as.keys() for column in waiting_columns)
    title = t("Other unassigned columns: {n}", n=len(waiting_columns))
    is_first = not items and any(column.proposed for column in waiting_columns)
    with st.expander(title, expanded=is_first or not is_grouped):
        if not is_grouped:
            st.markdown(t("No column gives the category, theme or place of an action yet. One of these may."))
        st.markdown(
            t(
                "They are neither counted nor published. Say what they are now, or later on the page Data quality. "
                "Closed questions become public only if you say so."
            )
        )
        open_columns.show(_make_scene(view, upload, "other-column"), waiting_columns)


def _make_scene(view: Frame, upload: Upload, key: str) -> open_columns.Scene:
    """Make the scene of the draft's open columns."""
    options = ["--uploads", str(upload.folder / "uploads")]
    if upload.settings:
        options += ["--draft", str(upload.folder)]
    values = open_columns.read_values(view, f"{upload.folder.name}-{upload.recipes_made}", *options)
    return open_columns.Scene(view, values, upload.answers.columns, key)
