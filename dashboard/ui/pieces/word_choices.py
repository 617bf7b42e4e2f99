"""Words that match no code: staff choose the meaning of each, of few words a card each, of many in one table.

Nothing is chosen beforehand: words that look misspelt are marked so, and offered first.
"""

from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.campaign.answers.answer import NEW_MEMBER, NOTHING, OWN_STATUS, Meaning
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import read_recipe_titles
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.word_meanings import (
    EVERYWHERE,
    SEVERAL,
    Codes,
    Place,
    Row,
    Scene,
    WordKey,
    count_rows,
    describe,
    key_of,
    list_options,
    list_places,
    make_meaning,
    name_option,
    name_suggested,
    name_where,
    read_line,
    read_options,
    say_effect,
    say_meaning,
    where_of,
)
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import choice, messages
from dashboard.ui.pieces.answer_files import AnsweredLine
from dashboard.ui.pieces.choice import ChoiceHeadings, Line

FEW_WORDS = 10
"""Words that have a card each; more of one field are a table."""

Answers = MutableMapping[WordKey, Meaning]


def make_scene(snapshot: Path, build_id: str, codes: Codes, key: str, *, is_disabled: bool = False) -> Scene:
    """Make the scene for the words of a snapshot; `key` distinguishes its widgets from others of the page."""
    titles = read_recipe_titles(CampaignFolder(Settings.from_environment().campaign))
    return Scene(snapshot, build_id, codes, titles, key, is_disabled)


def show_card(
    view: Frame, scene: Scene, row: Row, number: int, answers: Answers, *, asks_completion: bool = False
) -> None:
    """Draw one word with its choice and its effect; choices go into `answers`.

    `number`: its place among the words on the page.
    `answers`: the reader's answers so far; kept by the caller.
    `asks_completion`: whether it is asked in so many words if a status is completed: words such as yes and 1 mean so in
    files of one kind first of all.
    """
    t, name, meaning = view.t, f"{scene.key}-{number}", answers.get(key_of(row))
    title = t("Does “{word}” mean completed?", word=row["word"]) if asks_completion else row["word"]
    with st.container(key=f"card-{name}"):
        st.html(f'<p class="card-title">{escape(title)}</p>{messages.note(describe(t, scene, row))}')
        places = list_places(scene, row, recipe_first=asks_completion)
        chosen, take = read_options(meaning, scene.codes), partial(_take, row, answers, places[0])
        if row["field"] == "status":
            _show_statuses(t, scene, row, name, next(iter(chosen), None), take, asks_completion=asks_completion)
        else:
            _show_codes(t, scene, row, name, chosen, take)
        if meaning is None:
            return
        if not meaning.is_new_member:
            place = where_of(meaning) if where_of(meaning) in places else EVERYWHERE
            choice.show_list(
                f"{name}-where",
                t("Where"),
                {one: name_where(t, scene, one) for one in places},
                place,
                partial(_answer, answers, row, chosen),
                is_disabled=scene.is_disabled,
            )
        st.html(messages.note(say_effect(t, scene, row, meaning)))


def _show_statuses(
    t: Translator, scene: Scene, row: Row, name: str, chosen: str | None, take: choice.Take, *, asks_completion: bool
) -> None:
    """Draw a button for each base status, and a list of the campaign's own."""
    short = {"statuses:completed": t("Yes"), NOTHING: t("No, it says nothing")} if asks_completion else {}
    words = short | {option: words for option, words in _name_options(t, scene, row).items() if option not in short}
    buttons = {option: word for option, word in words.items() if not option.startswith(OWN_STATUS)}
    label, is_disabled = t("What it means"), scene.is_disabled
    choice.show_buttons(f"{name}-means", label, buttons, chosen, take, is_disabled=is_disabled)
    choice.show_list(
        f"{name}-own",
        t("Or a status of its own"),
        {option: word for option, word in words.items() if option not in buttons},
        chosen,
        take,
        placeholder=t(N_("None", "no meaning is chosen")),
        is_disabled=is_disabled,
    )


def _show_codes(t: Translator, scene: Scene, row: Row, name: str, chosen: list[str], take: choice.Take) -> None:
    """Draw a list of what a word can mean: several codes where its field takes several values."""
    takes_several = row["field"] in SEVERAL
    choice.show_list(
        f"{name}-means",
        t("What it means (several are possible)") if takes_several else t("What it means"),
        _name_options(t, scene, row),
        chosen if takes_several else next(iter(chosen), None),
        take,
        placeholder=t("Not answered yet"),
        is_disabled=scene.is_disabled,
    )


def _take(row: Row, answers: Answers, first_place: Place, chosen: Any) -> None:
    """Take the choice for a word, in the place where it had a meaning before."""
    before = answers.get(key_of(row))
    place = first_place if before is None or before.is_new_member else where_of(before)
    _answer(answers, row, _list_chosen(chosen), place)


def _list_chosen(chosen: Any) -> list[str]:
    """List the choice: a word means codes, or nothing, or is new, and the last click decides."""
    options = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    alone = (NOTHING, NEW_MEMBER)
    return options[-1:] if options and options[-1] in alone else [one for one in options if one not in alone]


def _answer(answers: Answers, row: Row, options: Sequence[str], place: Place = EVERYWHERE) -> None:
    meaning = make_meaning(row, options, place)
    if meaning is None:
        answers.pop(key_of(row), None)
    else:
        answers[key_of(row)] = meaning


def show_table(view: Frame, scene: Scene, rows: Sequence[Row], answers: Answers) -> None:
    """Draw many words of one field as a table; choices go into `answers`.

    `rows`: the words, all of one field.
    `answers`: the reader's answers so far; kept by the caller.
    """
    t, takes_several = view.t, rows[0]["field"] in SEVERAL
    by_key = {key_of(row): row for row in rows}
    chosen = {key: read_options(meaning, scene.codes) for key, meaning in answers.items()}
    choice.show(
        t,
        f"{scene.key}-table",
        ChoiceHeadings(
            t("In the file"), t("What it means"), t("Looks like"), t("Rows"), t("Words, with what each means")
        ),
        [
            Line(key, str(row["word"]), name_suggested(t, row, scene.codes), int(row["row_count"]))
            for key, row in by_key.items()
        ],
        # In one field all words have the same choices, but for similar codes.
        _name_options(t, scene, {**rows[0], "nearest_code": None}),
        chosen if takes_several else {key: next(iter(options), None) for key, options in chosen.items()},
        lambda key, options: _answer(answers, by_key[key], _list_chosen(options)),
        takes_several=takes_several,
        is_disabled=scene.is_disabled,
    )


def show_field(
    view: Frame, scene: Scene, rows: Sequence[Row], answers: Answers, *, asks_completion: bool = False
) -> None:
    """Draw the words of a field, few as cards and many as a table, with buttons that answer all open ones alike.

    `answers`: the reader's answers so far; kept by the caller.
    `asks_completion`: as of `show_card`.
    """
    if len(rows) > FEW_WORDS:
        show_table(view, scene, rows, answers)
    else:
        for number, row in enumerate(rows):
            show_card(view, scene, row, number, answers, asks_completion=asks_completion)
    show_at_once(view, scene, rows, answers)


def show_at_once(view: Frame, scene: Scene, rows: Sequence[Row], answers: Answers) -> None:
    """Draw the buttons that answer all open words of a field alike, and how many words have which meaning."""
    t, options = view.t, list_options(rows[0], scene.codes, view.lang)
    open_rows = [row for row in rows if key_of(row) not in answers]
    # A misspelling is no new member.
    new_rows = [row for row in open_rows if not isinstance(row["nearest_code"], str)]
    with st.container(horizontal=True):
        for option, rows_of_option in ((NEW_MEMBER, new_rows), (NOTHING, open_rows)):
            if len(rows_of_option) > 1 and option in options:
                st.button(
                    t(
                        "{meaning} (all still open: {n})",
                        n=len(rows_of_option),
                        meaning=name_option(t, rows[0], option, scene.codes),
                    ),
                    key=f"{scene.key}-all-{'new' if option == NEW_MEMBER else option}",
                    on_click=_say_all,
                    args=(answers, rows_of_option, option),
                    disabled=scene.is_disabled,
                )
        if len(open_rows) < len(rows) > 1:
            clear = partial(_say_all, answers, rows, "")
            st.button(t("Leave all {n} open", n=len(rows)), key=f"{scene.key}-clear", on_click=clear)
    if len(rows) > FEW_WORDS:
        for line in _sum_up(t, scene, rows, answers):
            st.caption(plain(line))


def _name_options(t: Translator, scene: Scene, row: Row) -> dict[str, str]:
    return {one: name_option(t, row, one, scene.codes) for one in list_options(row, scene.codes, t.language)}


def _say_all(answers: Answers, rows: Sequence[Row], option: str) -> None:
    """Answer words alike, or clear the answers; a button's callback."""
    for row in rows:
        _answer(answers, row, [option] if option else [])


def _sum_up(t: Translator, scene: Scene, rows: Sequence[Row], answers: Answers) -> list[str]:
    """Write a line for each meaning: how many words have it, in how many rows."""
    answered_rows = [(row, answers[key_of(row)]) for row in rows if key_of(row) in answers]
    counts: dict[tuple[str, ...], list[int]] = {}
    for row, meaning in answered_rows:
        counts.setdefault(tuple(read_options(meaning, scene.codes)), []).append(int(row["row_count"]))
    return [
        "{meaning}: {words}, {rows}".format(
            meaning=", ".join(name_option(t, rows[0], option, scene.codes) for option in options),
            words=t.plural("{n} word", "{n} words", len(numbers), n=len(numbers)),
            rows=t.plural("{n} row", "{n} rows", sum(numbers), n=sum(numbers)),
        )
        for options, numbers in counts.items()
    ]


def list_settled(
    view: Frame, scene: Scene, rows: Sequence[Row], undo: Callable[[int, Meaning], None]
) -> list[AnsweredLine]:
    """List what was settled before this build (rows of the query `settled_words`), each with its undo.

    `undo` takes the line of spellings.csv and its content.
    """
    t, meanings = view.t, [read_line(scene, row) for row in rows]
    return [
        AnsweredLine(
            f"{say_meaning(t, scene, meaning)} · {count_rows(t, row['row_count'])}",
            partial(undo, int(row["line"]), meaning),
        )
        for row, meaning in zip(rows, meanings, strict=True)
    ]
