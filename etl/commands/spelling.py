"""`python -m etl spelling`: what a word that matches no code means, kept in spellings.csv."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from dashboard.answers.answer import AND, NOTHING, Meaning, read_lines
from dashboard.audit.events import Event
from dashboard.audit.log import acting_here
from dashboard.campaign.code_uses import Effect
from dashboard.campaign.codelists import Code, load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.console import (
    BUILD_TO_APPLY,
    CampaignOption,
    JsonOption,
    SeenOption,
    open_console,
    print_json,
    refusals,
)
from etl.deciding.settle_words import find_effects, list_words, settle, take_back
from etl.inputs.inbox import refuse_unknown_file
from etl.inputs.spellings_file import SettledWord, own_statuses
from etl.publish.holding import SHORT_WAIT, only_build


def spelling(
    word: Annotated[str | None, typer.Argument(help="The word as the file has it; without it all are listed.")] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    means: Annotated[
        list[str] | None,
        typer.Option("--means", help="A code, a known spelling of one, or nothing; repeatable for themes and places."),
    ] = None,
    based_on: Annotated[
        str, typer.Option("--based-on", help="The word is a status of its own: the base status it counts as.")
    ] = "",
    codelist: Annotated[
        str, typer.Option("--list", help="The codelist (themes, countries, statuses, …), where several can be meant.")
    ] = "",
    recipe: Annotated[str, typer.Option("--recipe", help="Only in the files that this recipe reads.")] = "",
    only: Annotated[
        str, typer.Option("--only", metavar="FILE", help="Only in this file, as the inbox calls it; the next one asks.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="Why, for colleagues.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of the word.")] = False,
    many: Annotated[
        bool, typer.Option("--lines", help="Read many from standard input: JSON, one object a line.")
    ] = False,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a word that matches no code means; or list these words."""
    with refusals(as_json):
        folder = CampaignFolder(campaign)
        if not many and (word is None or not (means or based_on or undo)):
            _print_words(folder, word, as_json)
            return
        meaning = Meaning(word or "", codelist, AND.join(means or ()), based_on, recipe, only, note)
        if only and not undo:
            refuse_unknown_file(folder, only)
        meanings = read_lines(sys.stdin.read()) if many else [meaning]
        event = Event.ANSWER_UNDONE if undo else Event.SPELLING_CONFIRMED
        with (
            acting_here(folder.root, event, ", ".join(one.word for one in meanings)) as act,
            only_build(folder, SHORT_WAIT),
        ):
            act.say(answers=[f"{one.word} = {one.means or one.based_on or '-'}" for one in meanings])
            if undo:
                sentences, changed = [_say_undone(take_back(folder, meaning))], 1
            else:
                words = settle(folder, meanings, version)
                sentences, changed = [_say(folder, *one) for one in words], sum(is_new for _, is_new in words)
            act.say(changed=changed)
        if as_json:
            print_json({"ok": True, "changed": changed, "did": sentences})
            return
    console = open_console()
    for line in sentences:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(BUILD_TO_APPLY if changed else "Nothing was changed.", markup=False, highlight=False)


def _print_words(folder: CampaignFolder, word: str | None, as_json: bool) -> None:
    words = [w for w in list_words(folder) if word is None or w.word.casefold() == word.casefold()]
    if as_json:
        for w in words:
            print_json(w._asdict())
        return
    console = open_console()
    if not words:
        console.print("Every word of what is published is understood.")
        return
    table = Table("Word that matches no code", "Field")
    table.add_column("Rows", justify="right")
    for name in ("Nearest code", "Recipe", "File"):
        table.add_column(name)
    for w in words:
        recipes, files = ", ".join(w.recipes), ", ".join(w.files)
        table.add_row(w.word[:60], w.field, f"{w.rows:,}", w.nearest_code or "", recipes, files)
    console.print(table)
    console.print(
        "Say what one means: python -m etl spelling WORD --means CODE (or --means nothing; "
        "of a status of its own: --based-on in_progress).",
        markup=False,
    )


def _say(folder: CampaignFolder, word: SettledWord, is_new: bool) -> str:
    """One line: where it is kept, what it says, and what that changes."""
    place = f"spellings.csv, row {word.line}: “{word.word}”"
    if word.based_on:
        what = f"{place} is a status of its own ({word.means}), based on {word.based_on}"
    else:
        what = f"{place} means {' and '.join(code.code for code in word.codes) or NOTHING}"
    where = f" in the files of {word.recipe}" if word.recipe else ""
    where += f", only in {word.file}" if word.file else ""
    if not is_new:
        return f"{what}{where}. It was said already."
    effects = find_effects(folder, word)
    if effects is None:
        return f"{what}{where}."
    codelists = load_codelists(folder)
    codelists["statuses"] += own_statuses([word], codelists)
    return f"{what}{where}. {_say_effects(effects, codelists)}"


def _say_effects(effects: Sequence[Effect], codelists: dict[str, list[Code]]) -> str:
    """What moves where, in the published figures."""
    if not effects:
        return "This changes no figures."
    labels = {(code.codelist, code.code): code.labels["en"] for codes in codelists.values() for code in codes}
    parts = []
    for codelist, code, before, after in effects:
        name = labels.get((codelist, code), code)
        if before is None:
            parts.append(f"{after:,} {'action moves' if after == 1 else 'actions move'} to {name}")
        else:
            parts.append(f"{name.lower()} {before:,} → {after:,}")
    return f"{'; '.join(parts)}."


def _say_undone(word: SettledWord) -> str:
    what = f"a status of its own ({word.means})" if word.based_on else word.means
    return f"Taken out of spellings.csv: “{word.word}” is no longer {what}."
