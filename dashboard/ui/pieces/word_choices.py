"""Words that match no code, each with a choice of what it means and what that changes; and what was settled already.

Nothing is chosen beforehand: what looks misspelt is said to, and offered first.
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
from dashboard.campaign.word_effects import Effect, Meant, Scope, codelists_of, read_effects
from dashboard.i18n import Translator
from dashboard.measures.register import SEPARATOR
from dashboard.quality.wording import name_field
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, seen_files
from dashboard.ui.pieces.messages import plain

PAGE_WORDS = 10
"""Words that are asked about at once."""
_LATER, _NOTHING, _OWN = "", "nothing", "own:"
_AND = "|"  # between several codes
_SEVERAL = ("themes", "countries", "regions")  # fields that take several values
_FILES = 3  # files that are named for a word

Codes = Mapping[str, Mapping[str, Code]]


class Wish(NamedTuple):
    """What is said of a word, as the command takes it."""

    word: str
    codelist: str
    means: str = ""
    based_on: str = ""
    recipe: str = ""
    file: str = ""


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
    view: Frame,
    scene: Scene,
    row: Mapping[Any, Any],
    number: int,
    keep_it: Callable[[], None] | None = None,
    *,
    asks_completion: bool = False,
) -> None:
    """Draw one word (a row of the query `unmatched_words`) with its choice and what that changes.

    Args:
        view: The page.
        scene: Where it is asked.
        row: The word.
        number: Its place among those that are shown.
        keep_it: What a button of its own does; without it there is none.
        asks_completion: Whether it is asked in so many words if this status is completed: words such as yes and 1 mean
            so in files of one kind first of all.
    """
    t, key = view.t, f"{scene.key}-{number}"
    title = t("Does “{word}” mean completed?", word=row["word"]) if asks_completion else row["word"]
    st.html(_describe(view, scene, row, title))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if asks_completion:
            for label, means in ((t("Yes"), "statuses:completed"), (t("No, it says nothing"), _NOTHING)):
                st.button(
                    label,
                    key=f"{key}-is-{means}",
                    on_click=partial(_choose, f"{key}-means", means),
                    disabled=scene.is_disabled,
                )
        _show_meaning(view, scene, row, f"{key}-means")
        titles = _recipe_titles()
        files = [_scope(file=name) for name in files_of(scene, row)]
        recipes = [_scope(recipe=recipe) for recipe in row["recipes"] if isinstance(recipe, str)]
        scopes = [_scope(), *recipes, *files]
        st.selectbox(
            t("Where"),
            sorted(scopes, key=lambda scope: scope not in recipes) if asks_completion else scopes,
            format_func=lambda scope: _name_scope(t, titles, scope),
            key=f"{key}-scope",
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
    chosen = st.session_state.get(f"{key}-means", _LATER)
    options = [option for option in ([chosen] if isinstance(chosen, str) else chosen) if option != _LATER]
    kind, name = st.session_state.get(f"{key}-scope", _scope())
    if not options:
        return None
    wish = Wish(row["word"], "", **({kind: name} if kind else {}))
    if options[0].startswith(_OWN):
        return wish._replace(codelist="statuses", based_on=options[0].removeprefix(_OWN))
    lists = codelists_of(row["field"])
    if options == [_NOTHING]:
        return wish._replace(codelist=lists[-1] if lists else "languages", means=_NOTHING)
    pairs = [option.split(":", 1) for option in options]
    return wish._replace(codelist=pairs[0][0], means=_AND.join(code for _, code in pairs))


def _show_meaning(view: Frame, scene: Scene, row: Mapping[Any, Any], key: str) -> None:
    """The choice of what a word means: of several codes where its field takes several values."""
    t, field = view.t, row["field"]
    options = _list_options(field, scene.codes, view.lang)
    options.sort(key=lambda option: (option != _LATER, not _is_suggested(row, option)))
    common: dict[str, Any] = {
        "format_func": lambda option: _name_option(t, option, scene.codes),
        "key": key,
        "disabled": scene.is_disabled,
        "width": 360,
    }
    if field not in _SEVERAL:
        st.selectbox(t("What it means"), options, **common)
        return
    st.multiselect(
        t("What it means (several are possible)"),
        options[1:],
        placeholder=t("Leave it open"),
        select_all=False,
        wrap=True,
        on_change=_keep_one_kind,
        args=(key,),
        **common,
    )


def _choose(key: str, means: str) -> None:
    st.session_state[key] = means


def _keep_one_kind(key: str) -> None:
    """A word means codes or nothing: what was chosen last decides."""
    chosen = st.session_state[key]
    if _NOTHING in chosen:
        is_last = chosen[-1] == _NOTHING
        st.session_state[key] = [option for option in chosen if (option == _NOTHING) is is_last]


def _scope(recipe: str = "", file: str = "") -> tuple[str, str]:
    """Where a word holds, as a choice: for all files, those of a recipe, or one of this name."""
    return ("recipe", recipe) if recipe else ("file", file) if file else ("", "")


def _name_scope(t: Translator, titles: Mapping[str, str], scope: tuple[str, str]) -> str:
    kind, name = scope
    if kind == "recipe":
        return t("Only files of this kind: {recipe}", recipe=titles.get(name, name))
    return t("Only this file: {file}", file=name) if kind else t("All files")


def _recipe_titles() -> dict[str, str]:
    return read_recipe_titles(CampaignFolder(Settings.from_environment().campaign))


def files_of(scene: Scene, row: Mapping[Any, Any]) -> list[str]:
    """The files in which a word stands, by their own names."""
    names = find_names(scene.snapshot)
    return [names.file(str(handle)) for handle in row["files"]]


def keep(wishes: Sequence[Wish]) -> None:
    """Keep what was said of words.

    Raises:
        UserError: one of them cannot be meant; then none is kept.
    """
    lines = "\n".join(json.dumps(wish._asdict(), ensure_ascii=False) for wish in wishes)
    campaign_commands.run("spelling", "--lines", *seen_files.options("spellings.csv"), stdin=lines)
    seen_files.renew("spellings.csv")


def take_back(wish: Wish) -> None:
    """Take back what was said of a word.

    Raises:
        UserError: nothing was said of it, or another line needs it.
    """
    options = [f"--list={wish.codelist}", *([f"--recipe={wish.recipe}"] if wish.recipe else [])]
    options += [f"--only={wish.file}"] if wish.file else []
    campaign_commands.run("spelling", "--undo", *options, operands=[wish.word])
    seen_files.renew("spellings.csv")


def say_meaning(view: Frame, codes: Codes, wish: Wish) -> str:
    """What a word is said to mean, in the reader's words."""
    t, lang = view.t, view.lang
    if wish.based_on:
        base = codes["statuses"][wish.based_on].labels[lang]
        said = t("“{word}” is a status of its own, counted as: {status}", word=wish.word, status=base)
    elif wish.means == _NOTHING:
        said = t("“{word}” means nothing", word=wish.word)
    else:
        labels = [_label(codes, wish.codelist, code, lang) for code in wish.means.split(_AND)]
        said = t("“{word}” means {labels}", word=wish.word, labels=SEPARATOR.join(labels))
    titles = _recipe_titles()
    where = [_name_scope(t, titles, scope) for scope in (_scope(wish.recipe), _scope(file=wish.file)) if scope[0]]
    return f"{said} ({'; '.join(where)})" if where else said


def say_effect(view: Frame, scene: Scene, row: Mapping[Any, Any], wish: Wish) -> str:
    """What it changes in the figures, if a word means this."""
    t = view.t
    status = wish.based_on or (wish.means if wish.codelist == "statuses" else "")
    base = scene.codes["statuses"][status].base_status if status in scene.codes["statuses"] else None
    codes = [] if wish.means == _NOTHING else (wish.means or wish.based_on).split(_AND)
    meant = tuple(Meant(_list_of(scene.codes, wish.codelist, code), code, base) for code in codes)
    scope = Scope(wish.recipe or None, find_names(scene.snapshot).handle(wish.file) if wish.file else None)
    try:
        effects = read_effects(scene.snapshot, scene.build_id, row["word_key"], scope, meant)
    except duckdb.Error:
        return ""
    if not effects:
        return t("No figure changes by it.")
    return "; ".join(_say_one(view, scene.codes, effect) for effect in effects)


def show_settled(
    view: Frame, scene: Scene, rows: Sequence[Mapping[Any, Any]], undo: Callable[[int, Wish], None]
) -> None:
    """Draw what was settled before this build (rows of the query `settled_words`), each with its way back.

    `undo` takes the line of spellings.csv and what it says.
    """
    t = view.t
    for number, row in enumerate(rows):
        wish = _read_line(scene, row)
        count = t.plural("{n} row", "{n} rows", row["row_count"], n=formats.format_count(row["row_count"], view.lang))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(f"{say_meaning(view, scene.codes, wish)} · {count}"))
            st.button(
                t("Undo"),
                key=f"{scene.key}-undo-{number}",
                icon=":material/undo:",
                on_click=partial(undo, int(row["line"]), wish),
                disabled=scene.is_disabled,
            )


def _read_line(scene: Scene, row: Mapping[Any, Any]) -> Wish:
    """What a line of the file says."""
    cells = (row[name] if isinstance(row[name], str) else "" for name in ("based_on", "recipe", "source_file"))
    based_on, recipe, handle = cells
    means = "" if based_on else _AND.join(row["codes"]) or _NOTHING
    return Wish(row["word"], row["codelist"], means, based_on, recipe, find_names(scene.snapshot).file(handle))


def _describe(view: Frame, scene: Scene, row: Mapping[Any, Any], title: str) -> str:
    """The word, the field it stands in, in how many rows and in which files, and what it was meant to be."""
    t = view.t
    count = t.plural("{n} row", "{n} rows", row["row_count"], n=formats.format_count(row["row_count"], view.lang))
    files = files_of(scene, row)
    named = ", ".join(files[:_FILES]) + (" …" if len(files) > _FILES else "")
    options = _list_options(row["field"], scene.codes, view.lang)
    meant = [_name_option(t, option, scene.codes) for option in options if _is_suggested(row, option)][:1]
    looks = [t("looks like {field}", field=label) for label in meant]
    note = " · ".join((t(name_field(row["field"])), count, named, *looks))
    return f'<p class="card-title">{escape(title)}</p><p class="card-note">{escape(note)}</p>'


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


def _is_suggested(row: Mapping[Any, Any], option: str) -> bool:
    """Whether a word looks like a misspelt spelling of an option."""
    codelist, _, code = option.partition(":")
    return code != "" and code == row["nearest_code"] and f"{codelist}:" != _OWN


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


def _list_of(codes: Codes, codelist: str, code: str) -> str:
    """The codelist that a code is of: the three lists of places are looked up together."""
    lists = codelists_of("countries") if codelist in codelists_of("countries") else [codelist]
    return next((name for name in lists if code in codes.get(name, {})), codelist)


def _label(codes: Codes, codelist: str, code: str, lang: str) -> str:
    if codelist == "languages":
        return formats.list_languages(lang).get(code, code)
    known = codes.get(_list_of(codes, codelist, code), {}).get(code)
    return known.labels[lang] if known is not None else code


def _say_one(view: Frame, codes: Codes, effect: Effect) -> str:
    t, name = view.t, _label(codes, effect.codelist, effect.code, view.lang)
    after = formats.format_count(effect.after, view.lang)
    if effect.before is not None:
        before = formats.format_count(effect.before, view.lang)
        return t("{status}: {before} → {after} actions", status=name, before=before, after=after)
    return t.plural("{n} action moves to {member}", "{n} actions move to {member}", effect.after, n=after, member=name)
