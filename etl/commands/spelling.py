"""`python -m etl spelling`: the meaning of a word that matches no code, kept in spellings.csv."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import duckdb
import typer
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.answers.answer import AND, NOTHING, Meaning, read_lines
from dashboard.campaign.code_uses import Effect, Scope, read_effects
from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import Code
from dashboard.ground.query_files import read_sql_file
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import BUILD_TO_APPLY, CampaignOption, NoteOption, SeenOption, open_console, print_line
from etl.inputs.inbox import refuse_unknown_file
from etl.inputs.spellings_file import (
    LIST_OF_FIELD,
    SettledWord,
    Spellings,
    keep_meanings,
    open_spellings,
    own_statuses,
    refuse_several,
    withdraw_meaning,
)
from etl.publish import history
from etl.publish.holding import SHORT_WAIT, only_build
from etl.sqlfiles import open_snapshot

_MOST = 1_000_000


class UnmatchedWord(NamedTuple):
    """A word that the published build could not match, and its place."""

    field: str
    key: str
    word: str
    rows: int
    nearest_code: str | None
    recipes: list[str]
    files: list[str]

    @property
    def looked_up_in(self) -> str:
        """Return the list in which it was looked up."""
        return LIST_OF_FIELD[self.field]


def list_words(folder: CampaignFolder) -> list[UnmatchedWord]:
    """List the published words that match no code, the most frequent first; none where nothing is published.

    Raises:
        OtherSchemaError: another version of the program made the published snapshot.
    """
    path = history.readable_snapshot(folder)
    return [] if path is None else list_words_of(path)


def list_words_of(snapshot: Path) -> list[UnmatchedWord]:
    """List the words that match no code in a build, the most frequent first."""
    with open_snapshot(snapshot) as connection:
        connection.execute("use snapshot")
        text = read_sql_file("unmatched_words")
        rows = connection.execute(text, {"files": None, "most": _MOST, "first": 0}).fetchall()
    names = find_names(snapshot)
    words = (UnmatchedWord(*row[:-1]) for row in rows)
    return [word._replace(files=[names.file(handle) for handle in word.files]) for word in words]


def keep_words(
    folder: CampaignFolder, meanings: Sequence[Meaning], version: str | None
) -> list[tuple[SettledWord, bool]]:
    """Keep meanings as `keep_meanings` does; find the codelists of words that come without one.

    Raises:
        UserError: as of `keep_meanings`; or a word may be of several codelists, or matches a code.
    """
    if any(not one.codelist and not one.based_on for one in meanings):
        with open_spellings(folder) as spellings:
            lines = spellings.read()
            meanings = [
                one if one.codelist or one.based_on
                else one._replace(codelist=_find_list(folder, spellings, one.word, lines))
                for one in meanings
            ]  # fmt: skip
    return keep_meanings(folder, folder.spellings_file, meanings, version)


def find_effects(folder: CampaignFolder, word: SettledWord) -> Sequence[Effect] | None:
    """Find a word's changes of the published figures, while it matches no code there; None where they are unknown."""
    path, pointer = history.published_snapshot(folder), history.read_pointer(folder)
    if path is None or pointer is None:
        return None
    try:
        scope = Scope(word.recipe or None, find_names(path).handle(word.file) if word.file else None)
        return read_effects(path, str(pointer["build_id"]), word.key, scope, word.codes)
    except duckdb.Error:
        return None


def _find_list(folder: CampaignFolder, spellings: Spellings, word: str, lines: Sequence[SettledWord]) -> str:
    """Find the codelist that a word must be of: where it matches no code, or where it was settled before."""
    key = spellings.vocabulary.key
    lists = {w.looked_up_in: w.field for w in list_words(folder) if w.key == key(w.looked_up_in, word)}
    lists |= {w.looked_up_in: w.codelist for w in lines if w.key == key(w.looked_up_in, word)}
    if len(lists) > 1:
        raise refuse_several(word, lists.values())
    if not lists:
        raise UserError(
            f"“{word}” is none of the words that match no code in what is published.",
            "Say which codelist it is of: --list themes, for example.",
        )
    return next(iter(lists.values()))


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
    note: NoteOption = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of the word.")] = False,
    many: Annotated[
        bool, typer.Option("--lines", help="Read many from standard input: JSON, one object a line.")
    ] = False,
    version: SeenOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a word that matches no code means; or list these words."""
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
            sentences, changed = [_say_undone(withdraw_meaning(folder, meaning))], 1
        else:
            words = keep_words(folder, meanings, version)
            sentences, changed = [_say(folder, *one) for one in words], sum(is_new for _, is_new in words)
        act.say(changed=changed)
    if as_json:
        print_json({"ok": True, "changed": changed, "did": sentences})
        return
    for line in sentences:
        print_line(line)
    open_console().print(BUILD_TO_APPLY if changed else "Nothing was changed.", markup=False, highlight=False)


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
    """Write one line: the place of a word, its meaning, and the changes by it."""
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
    """Describe the moves in the published figures."""
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
