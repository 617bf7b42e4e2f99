"""Words that match no code: what each means is chosen, of few words a card each, of many in one table.

Nothing is chosen beforehand: what looks misspelt is said to, and offered first.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.answers.meaning import NEW_MEMBER, NOTHING, Meaning, write_lines
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import read_recipe_titles
from dashboard.i18n import N_, Translator
from dashboard.quality.word_meanings import (
    EVERYWHERE,
    OWN,
    SEVERAL,
    Codes,
    Place,
    Row,
    Scene,
    WordKey,
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
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import anew, campaign_commands, seen_files
from dashboard.ui.pieces.messages import plain

PAGE_WORDS = 10
"""Words that have a card each; more of one field are a table."""

Answers = MutableMapping[WordKey, Meaning]


def make_scene(snapshot: Path, build_id: str, codes: Codes, key: str, *, is_disabled: bool = False) -> Scene:
    """Where the words of a snapshot are asked about; `key` tells its widgets from others of the page."""
    titles = read_recipe_titles(CampaignFolder(Settings.from_environment().campaign))
    return Scene(snapshot, build_id, codes, titles, key, is_disabled)


def show_card(
    view: Frame, scene: Scene, row: Row, number: int, answers: Answers, *, asks_completion: bool = False
) -> None:
    """Draw one word with its choice, and what that changes; what is chosen is put into `answers`.

    Args:
        view: The page.
        scene: Where it is asked.
        row: The word.
        number: Its place among those that are shown.
        answers: What the reader has said of words so far; kept by the caller.
        asks_completion: Whether it is asked in so many words if a status is completed: words such as yes and 1 mean so
            in files of one kind first of all.
    """
    t, key, meaning = view.t, anew.name_key(f"{scene.key}-{number}"), answers.get(key_of(row))
    title = t("Does “{word}” mean completed?", word=row["word"]) if asks_completion else row["word"]
    note = describe(t, scene, row)
    with st.container(key=f"card-{key}"):
        st.html(f'<p class="card-title">{escape(title)}</p><p class="card-note">{escape(note)}</p>')
        take = partial(_take, scene, row, answers, f"{scene.key}-{number}", is_of_recipe=asks_completion)
        if row["field"] == "status":
            _show_statuses(t, scene, row, key, read_options(meaning, scene.codes), take, asks_completion)
        else:
            _show_codes(t, scene, row, key, read_options(meaning, scene.codes), take)
        if meaning is None:
            return
        if not meaning.is_new_member:
            places = list_places(scene, row, recipe_first=asks_completion)
            _show_where(t, scene, key, places, where_of(meaning), take)
        st.html(f'<p class="card-note">{escape(say_effect(t, scene, row, meaning))}</p>')


def _show_statuses(
    t: Translator,
    scene: Scene,
    row: Row,
    key: str,
    chosen: list[str],
    take: Callable[..., None],
    asks_completion: bool,
) -> None:
    """A button a status, and a list of those that are staff's own."""
    every = list_options(row, scene.codes, t.language)
    options = [option for option in every if not option.startswith(OWN)]
    spoken = {"statuses:completed": t("Yes"), NOTHING: t("No, it says nothing")} if asks_completion else {}
    options.sort(key=lambda option: option not in spoken)
    st.segmented_control(
        t("What it means"),
        options,
        default=chosen[0] if chosen and chosen[0] in options else None,
        format_func=lambda option: spoken.get(option) or name_option(t, row, option, scene.codes),
        key=f"{key}-means",
        label_visibility="collapsed",
        disabled=scene.is_disabled,
        on_change=take,
        args=(f"{key}-means", f"{key}-where"),
    )
    own_statuses = [option for option in every if option.startswith(OWN)]
    st.selectbox(
        t("Or a status of its own"),
        own_statuses,
        index=own_statuses.index(chosen[0]) if chosen and chosen[0] in own_statuses else None,
        placeholder=t(N_("None", "no meaning is chosen")),
        format_func=lambda option: name_option(t, row, option, scene.codes),
        key=f"{key}-own",
        width=360,
        disabled=scene.is_disabled,
        on_change=take,
        args=(f"{key}-own", f"{key}-where"),
    )


def _show_codes(t: Translator, scene: Scene, row: Row, key: str, chosen: list[str], take: Callable[..., None]) -> None:
    """A list of what a word can mean: of several codes where its field takes several values."""
    options, takes_several = list_options(row, scene.codes, t.language), row["field"] in SEVERAL
    common: dict[str, Any] = {
        "format_func": lambda option: name_option(t, row, option, scene.codes),
        "key": f"{key}-means",
        "placeholder": t("Not answered yet"),
        "disabled": scene.is_disabled,
        "width": 360,
        "on_change": take,
        "args": (f"{key}-means", f"{key}-where"),
    }
    if takes_several:
        label = t("What it means (several are possible)")
        st.multiselect(label, options, default=chosen, select_all=False, wrap=True, **common)
    else:
        index = options.index(chosen[0]) if chosen and chosen[0] in options else None
        st.selectbox(t("What it means"), options, index=index, **common)


def _show_where(
    t: Translator, scene: Scene, key: str, places: Sequence[Place], place: Place, take: Callable[..., None]
) -> None:
    """Where the word means that."""
    st.selectbox(
        t("Where"),
        places,
        index=places.index(place if place in places else EVERYWHERE),
        format_func=lambda one: name_where(t, scene, one),
        key=f"{key}-where",
        disabled=scene.is_disabled,
        width=360,
        on_change=take,
        args=("", f"{key}-where"),
    )


def _take(
    scene: Scene, row: Row, answers: Answers, card: str, means_key: str, where_key: str, *, is_of_recipe: bool
) -> None:
    """Take what was chosen for a word, or where it holds; a widget's callback."""
    before = answers.get(key_of(row))
    if means_key:
        chosen = st.session_state[means_key]
        options = _keep_one_kind(chosen) if isinstance(chosen, list) else [chosen] if chosen else []
    else:
        options = read_options(before, scene.codes)
    first = list_places(scene, row, recipe_first=is_of_recipe)[0]
    place = first if before is None or before.is_new_member else st.session_state.get(where_key, where_of(before))
    _answer(answers, row, options, place)
    meaning, chosen = answers.get(key_of(row)), st.session_state[means_key] if means_key else None
    is_moved = meaning is not None and before is not None and bool(meaning.based_on) is not bool(before.based_on)
    if is_moved or (isinstance(chosen, list) and chosen != options):
        anew.draw(card)  # what was chosen before is put away


def _answer(answers: Answers, row: Row, options: Sequence[str], place: Place) -> None:
    meaning = make_meaning(row, options, place)
    if meaning is None:
        answers.pop(key_of(row), None)
    else:
        answers[key_of(row)] = meaning


def _keep_one_kind(chosen: Sequence[str]) -> list[str]:
    """A word means codes, or nothing, or is new: what was chosen last decides."""
    alone = (NOTHING, NEW_MEMBER)
    if chosen and chosen[-1] in alone:
        return [chosen[-1]]
    return [option for option in chosen if option not in alone]


def show_table(view: Frame, scene: Scene, rows: Sequence[Row], answers: Answers) -> None:
    """Draw many words of one field as a table: searched, filled downwards and pasted into as a spreadsheet is.

    Args:
        view: The page.
        scene: Where it is asked.
        rows: The words, all of one field.
        answers: What the reader has said of words so far; kept by the caller.
    """
    t, first, takes_several = view.t, rows[0], rows[0]["field"] in SEVERAL
    key = anew.name_key(f"{scene.key}-table")
    # Streamlit keeps what is edited beside the table as it was first drawn.
    frame = st.session_state.setdefault(f"{key}-frame", _make_frame(t, scene, rows, answers))
    options_by_name = _name_options(t, scene, first)
    config = st.column_config
    columns: dict[str, Any] = {
        "word": config.TextColumn(t("In the file"), disabled=True, width=150),
        "rows": config.NumberColumn(t("Rows"), disabled=True, width=70),
        "looks": config.TextColumn(t("Looks like"), disabled=True, width=180),
        "means": (config.MultiselectColumn if takes_several else config.SelectboxColumn)(
            t("What it means"),
            options=list(options_by_name),
            width=170,
        ),
    }
    st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        column_config=columns,
        column_order=["word", "means", *(["looks"] if frame["looks"].any() else []), "rows"],
        disabled=scene.is_disabled,
        key=key,
        placeholder="",
        alt=t("Words, with what each means"),
        on_change=_take_edits,
        args=(options_by_name, rows, answers, key),
    )
    st.caption(
        t(
            "Choose what each word means. Ctrl+D fills the marked cells below a choice; you can paste a column of "
            "choices from a spreadsheet."
        )
    )


def show_at_once(view: Frame, scene: Scene, rows: Sequence[Row], answers: Answers) -> None:
    """Draw what says the same of all words of a field that are still open, and how many words have which meaning."""
    t, options = view.t, list_options(rows[0], scene.codes, view.lang)
    drawn = [f"{scene.key}-table", *(f"{scene.key}-{number}" for number in range(min(len(rows), PAGE_WORDS)))]
    open_rows = [row for row in rows if key_of(row) not in answers]
    # A misspelling is no new member.
    new_rows = [row for row in open_rows if not isinstance(row["nearest_code"], str)]
    with st.container(horizontal=True):
        for option, others in ((NEW_MEMBER, new_rows), (NOTHING, open_rows)):
            if len(others) > 1 and option in options:
                st.button(
                    t(
                        "{meaning} (all still open: {n})",
                        n=len(others),
                        meaning=name_option(t, rows[0], option, scene.codes),
                    ),
                    key=f"{scene.key}-all-{'new' if option == NEW_MEMBER else option}",
                    on_click=_say_all,
                    args=(answers, others, option, drawn),
                    disabled=scene.is_disabled,
                )
        if len(open_rows) < len(rows) > 1:
            clear = partial(_clear, answers, rows, drawn)
            st.button(t("Leave all {n} open", n=len(rows)), key=f"{scene.key}-clear", on_click=clear)
    if len(rows) > PAGE_WORDS:
        for line in _sum_up(t, scene, rows, answers):
            st.caption(plain(line))


def _name_options(t: Translator, scene: Scene, row: Row) -> dict[str, str]:
    """The choices of a field by their names: what is pasted is compared with these.

    In one field all words have the same choices, but for what they look like.
    """
    options = list_options({**row, "nearest_code": None}, scene.codes, t.language)
    names = [name_option(t, row, option, scene.codes) for option in options]
    return {
        name if names.count(name) == 1 else f"{name} ({option})": option
        for name, option in zip(names, options, strict=True)
    }


def _make_frame(t: Translator, scene: Scene, rows: Sequence[Row], answers: Answers) -> pd.DataFrame:
    """The words with what is said of them."""
    takes_several = rows[0]["field"] in SEVERAL
    names = {option: name for name, option in _name_options(t, scene, rows[0]).items()}
    chosen = [[names[one] for one in read_options(answers.get(key_of(row)), scene.codes)] for row in rows]
    return pd.DataFrame(
        {
            "word": [str(row["word"]) for row in rows],
            "rows": [int(row["row_count"]) for row in rows],
            "looks": [name_suggested(t, row, scene.codes) for row in rows],
            "means": pd.Series(chosen if takes_several else [one[0] if one else None for one in chosen], dtype=object),
        }
    )


def _take_edits(options_by_name: Mapping[str, str], rows: Sequence[Row], answers: Answers, key: str) -> None:
    """Take what was edited in the table, by the names of its choices; a widget's callback."""
    for number, cells in st.session_state[key]["edited_rows"].items():
        if "means" in cells:
            chosen, row = cells["means"], rows[int(number)]
            options = [
                options_by_name[name]
                for name in (chosen if isinstance(chosen, list) else [chosen])
                if name in options_by_name
            ]
            _answer(answers, row, _keep_one_kind(options), EVERYWHERE)


def _say_all(answers: Answers, rows: Sequence[Row], option: str, drawn: Sequence[str]) -> None:
    """Say the same of words; a button's callback."""
    for row in rows:
        _answer(answers, row, [option], EVERYWHERE)
    for name in drawn:
        anew.draw(name)


def _clear(answers: Answers, rows: Sequence[Row], drawn: Sequence[str]) -> None:
    """Say nothing of words; a button's callback."""
    for row in rows:
        answers.pop(key_of(row), None)
    for name in drawn:
        anew.draw(name)


def _sum_up(t: Translator, scene: Scene, rows: Sequence[Row], answers: Answers) -> list[str]:
    """A line a meaning: how many words have it, in how many rows."""
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


def keep(meanings: Sequence[Meaning]) -> None:
    """Keep what was said of words.

    Raises:
        UserError: one of them cannot be meant; then none is kept.
    """
    campaign_commands.run("spelling", "--lines", *seen_files.options("spellings.csv"), stdin=write_lines(meanings))
    seen_files.renew("spellings.csv")


def take_back(meaning: Meaning) -> None:
    """Take back what was said of a word.

    Raises:
        UserError: nothing was said of it, or another line needs it.
    """
    options = [f"--list={meaning.codelist}", *([f"--recipe={meaning.recipe}"] if meaning.recipe else [])]
    options += [f"--only={meaning.file}"] if meaning.file else []
    campaign_commands.run("spelling", "--undo", *options, operands=[meaning.word])
    seen_files.renew("spellings.csv")


def show_settled(view: Frame, scene: Scene, rows: Sequence[Row], undo: Callable[[int, Meaning], None]) -> None:
    """Draw what was settled before this build (rows of the query `settled_words`), each with its way back.

    `undo` takes the line of spellings.csv and what it says.
    """
    t = view.t
    for number, row in enumerate(rows):
        meaning = read_line(scene, row)
        count = t.plural("{n} row", "{n} rows", row["row_count"], n=row["row_count"])
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"{say_meaning(t, scene, meaning)} · {count}"))
            st.button(
                t("Undo"),
                key=f"{scene.key}-undo-{number}",
                icon=":material/undo:",
                on_click=partial(undo, int(row["line"]), meaning),
                disabled=scene.is_disabled,
            )
