"""Words that match no code, each with a choice of what it means and what that changes; and what was settled already.

The nearest code is chosen beforehand and applied by nobody but the person who keeps it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import streamlit as st

from dashboard import formats
from dashboard.campaign.codelists import BASE_STATUSES, DERIVED_STATUSES, UNCLASSIFIED, Code
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import read_recipe_titles
from dashboard.campaign.word_effects import Effect, Meant, codelists_of, read_effects
from dashboard.i18n import Translator
from dashboard.measures.register import SEPARATOR
from dashboard.quality.wording import name_field
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands
from dashboard.ui.pieces.messages import plain

PAGE_WORDS = 10
"""Words that are asked about at once."""
_LATER, _NOTHING, _OWN = "", "nothing", "own:"
_FILES = 3  # files that are named for a word

Codes = Mapping[str, Mapping[str, Code]]


class Wish(NamedTuple):
    """What is said of a word, as the command takes it."""

    word: str
    codelist: str
    means: str = ""
    based_on: str = ""
    recipe: str = ""


@dataclass(frozen=True)
class Scene:
    """Where words are asked about.

    Attributes:
        snapshot: The snapshot in which they match no code.
        build_id: The build that it holds.
        codes: Its codelists.
        key: What tells these widgets from others of the page.
        is_disabled: Whether nothing can be settled here.
    """

    snapshot: Path
    build_id: str
    codes: Codes
    key: str
    is_disabled: bool = False


def show_word(
    view: Frame, scene: Scene, row: Mapping[Any, Any], number: int, keep_it: Callable[[], None] | None = None
) -> None:
    """Draw one word (a row of the query `unmatched_words`) with its choice and what that changes.

    Args:
        view: The page.
        scene: Where it is asked.
        row: The word.
        number: Its place among those that are shown.
        keep_it: What a button of its own does; without it there is none.
    """
    t, key = view.t, f"{scene.key}-{number}"
    options = _list_options(row["field"], scene.codes, view.lang)
    st.html(_describe(view, scene, row))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = _find_nearest(row, options)
        st.selectbox(
            t("What it means"),
            options,
            index=options.index(first),
            format_func=lambda option: _name_option(t, option, scene.codes),
            key=f"{key}-means",
            disabled=scene.is_disabled,
            width=360,
        )
        titles = read_recipe_titles(CampaignFolder(Settings.from_environment().campaign))
        recipes = ["", *(recipe for recipe in row["recipes"] if isinstance(recipe, str))]
        st.selectbox(
            t("Where"),
            recipes,
            format_func=lambda recipe: (
                t("Only files of this kind: {recipe}", recipe=titles.get(recipe, recipe)) if recipe else t("All files")
            ),
            key=f"{key}-recipe",
            disabled=scene.is_disabled,
            width=300,
        )
        wish = read_wish(scene, row, number)
        if keep_it is not None:
            is_disabled = scene.is_disabled or wish is None
            st.button(t("Keep"), key=f"keep-word-{number}", on_click=keep_it, disabled=is_disabled)
    if wish is not None:
        st.html(f'<p class="card-note">{escape(say_effect(view, scene, row, wish))}</p>')


def read_wish(scene: Scene, row: Mapping[Any, Any], number: int) -> Wish | None:
    """What is chosen for a word now; None where it is left open."""
    key = f"{scene.key}-{number}"
    option = st.session_state.get(f"{key}-means", _LATER)
    recipe = st.session_state.get(f"{key}-recipe", "")
    if option == _LATER:
        return None
    if option.startswith(_OWN):
        return Wish(row["word"], "statuses", based_on=option.removeprefix(_OWN), recipe=recipe)
    lists = codelists_of(row["field"])
    if option == _NOTHING:
        return Wish(row["word"], lists[-1] if lists else "languages", means=_NOTHING, recipe=recipe)
    codelist, code = option.split(":", 1)
    return Wish(row["word"], codelist, means=code, recipe=recipe)


def keep(wishes: Sequence[Wish]) -> None:
    """Keep what was said of words.

    Raises:
        UserError: one of them cannot be meant; then none is kept.
    """
    lines = "\n".join(json.dumps(wish._asdict(), ensure_ascii=False) for wish in wishes)
    campaign_commands.run("spelling", "--lines", stdin=lines)


def take_back(wish: Wish) -> None:
    """Take back what was said of a word.

    Raises:
        UserError: nothing was said of it, or another line needs it.
    """
    options = [f"--list={wish.codelist}", *([f"--recipe={wish.recipe}"] if wish.recipe else [])]
    campaign_commands.run("spelling", "--undo", *options, operands=[wish.word])


def say_meaning(view: Frame, codes: Codes, wish: Wish) -> str:
    """What a word is said to mean, in the reader's words."""
    t, lang = view.t, view.lang
    if wish.based_on:
        base = codes["statuses"][wish.based_on].labels[lang]
        said = t("“{word}” is a status of its own, counted as: {status}", word=wish.word, status=base)
    elif wish.means == _NOTHING:
        said = t("“{word}” means nothing", word=wish.word)
    else:
        labels = [_label(codes, wish.codelist, code, lang) for code in wish.means.split("|")]
        said = t("“{word}” means {labels}", word=wish.word, labels=SEPARATOR.join(labels))
    if not wish.recipe:
        return said
    titles = read_recipe_titles(CampaignFolder(Settings.from_environment().campaign))
    return f"{said} ({t('Only files of this kind: {recipe}', recipe=titles.get(wish.recipe, wish.recipe))})"


def say_effect(view: Frame, scene: Scene, row: Mapping[Any, Any], wish: Wish) -> str:
    """What it changes in the figures, if a word means this."""
    t = view.t
    status = wish.based_on or (wish.means if wish.codelist == "statuses" else "")
    base = scene.codes["statuses"][status].base_status if status in scene.codes["statuses"] else None
    meant = () if wish.means == _NOTHING else (Meant(wish.codelist, wish.means or wish.based_on, base),)
    try:
        effects = read_effects(scene.snapshot, scene.build_id, row["word_key"], wish.recipe or None, meant)
    except duckdb.Error:
        return ""
    if not effects:
        return t("No figure changes by it.")
    return "; ".join(_say_one(view, scene.codes, effect) for effect in effects)


def show_settled(view: Frame, scene: Scene, rows: Sequence[Mapping[Any, Any]], undo: Callable[[Wish], None]) -> None:
    """Draw what was settled before this build (rows of the query `settled_words`), each with its way back."""
    t = view.t
    for number, row in enumerate(rows):
        wish = _read_line(row)
        count = t.plural("{n} row", "{n} rows", row["row_count"], n=formats.format_count(row["row_count"], view.lang))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"{say_meaning(view, scene.codes, wish)} · {count}"))
            st.button(
                t("Undo"),
                key=f"{scene.key}-undo-{number}",
                icon=":material/undo:",
                on_click=partial(undo, wish),
                disabled=scene.is_disabled,
            )


def _read_line(row: Mapping[Any, Any]) -> Wish:
    """What a line of the file says."""
    based_on, recipe = (row[name] if isinstance(row[name], str) else "" for name in ("based_on", "recipe"))
    means = "" if based_on else "|".join(row["codes"]) or _NOTHING
    return Wish(row["word"], row["codelist"], means, based_on, recipe)


def _describe(view: Frame, scene: Scene, row: Mapping[Any, Any]) -> str:
    """The word, the field it stands in, in how many rows and in which files."""
    t = view.t
    count = t.plural("{n} row", "{n} rows", row["row_count"], n=formats.format_count(row["row_count"], view.lang))
    names = find_names(scene.snapshot)
    files = [names.file(str(handle)) for handle in row["files"]]
    named = ", ".join(files[:_FILES]) + (" …" if len(files) > _FILES else "")
    note = " · ".join((t(name_field(row["field"])), count, named))
    return f'<p class="card-title">{escape(row["word"])}</p><p class="card-note">{escape(note)}</p>'


def _list_options(field: str, codes: Codes, lang: str) -> list[str]:
    """What a word of a field can mean: codes by their lists, nothing, and for a status one of its own."""
    options = [_LATER]
    if field == "status":
        options += [f"{_OWN}{base}" for base in BASE_STATUSES]
    options.append(_NOTHING)
    for codelist in codelists_of(field):
        known = [
            code for code in codes.get(codelist, {}).values() if code.code not in (UNCLASSIFIED, *DERIVED_STATUSES)
        ]
        if codelist == "countries":
            known.sort(key=lambda code: code.labels[lang])
        options += [f"{codelist}:{code.code}" for code in known]
    if field == "language":
        options += [f"languages:{code}" for code in formats.list_languages(lang)]
    return options


def _find_nearest(row: Mapping[Any, Any], options: Sequence[str]) -> str:
    nearest = row["nearest_code"]
    if not isinstance(nearest, str):
        return _LATER
    return next((option for option in options if option.partition(":")[2] == nearest and option[:4] != _OWN), _LATER)


def _name_option(t: Translator, option: str, codes: Codes) -> str:
    lang = t.language
    if option == _LATER:
        return t("Leave it open")
    if option == _NOTHING:
        return t("Nothing: the field stays empty")
    if option.startswith(_OWN):
        status = codes["statuses"][option.removeprefix(_OWN)].labels[lang]
        return t("A status of its own, counted as: {status}", status=status)
    codelist, code = option.split(":", 1)
    return _label(codes, codelist, code, lang)


def _label(codes: Codes, codelist: str, code: str, lang: str) -> str:
    if codelist == "languages":
        return formats.list_languages(lang).get(code, code)
    lists = codelists_of("countries") if codelist in codelists_of("countries") else [codelist]
    known = next((codes[name][code] for name in lists if code in codes.get(name, {})), None)
    return known.labels[lang] if known is not None else code


def _say_one(view: Frame, codes: Codes, effect: Effect) -> str:
    t, name = view.t, _label(codes, effect.codelist, effect.code, view.lang)
    after = formats.format_count(effect.after, view.lang)
    if effect.before is not None:
        before = formats.format_count(effect.before, view.lang)
        return t("{status}: {before} → {after} actions", status=name, before=before, after=after)
    return t.plural("{n} action moves to {member}", "{n} actions move to {member}", effect.after, n=after, member=name)
