"""`python -m etl source`: sources listed, looked at, tried, added and removed.

They are written into `campaign.toml` as by hand: comments and all else stay as they are.
"""

import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign import source_notes
from dashboard.campaign.file_names import find_names
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_fields import edit, read_settings, take_from_list
from dashboard.campaign.sources import NAMES, TABLE, Source
from dashboard.campaign.uploads import discard, new_draft
from dashboard.campaign.working_copy import CAMPAIGN, WorkingCopy
from dashboard.command_line import JsonOption, print_json
from dashboard.errors import UserError, sentence
from dashboard.file_faults import explain_value
from dashboard.ground.query_files import read_sql_file
from dashboard.i18n import N_
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.scratch import Scratch
from etl.commands.check import try_files
from etl.commands.console import CampaignOption, open_console, print_line, print_said, progress_bar
from etl.commands.fetch import find_source, say_outcome
from etl.inputs.inbox import UnknownExportError, leave_out_first_lines
from etl.publish import history
from etl.publish.drafts import put_settings_in_place
from etl.publish.holding import only_build
from etl.sources.fetching import bring_whole, list_forms
from etl.sqlfiles import ask, open_snapshot

_CORRECT = N_("Correct it.")
MOST = 5
FIELDS = ("action_id", "stakeholder", "title", "category", "countries", "status", "percent", "on_date")


class FirstRows(NamedTuple):
    """The result of the first rows.

    Attributes:
        rows: One a row of a file: `file`, `sheet`, `row`, and the fields; codes stay codes.
        labels: The labels of these codes, by code and language.
        account: Rows read, accepted, merged and rejected of all files together.
    """

    rows: list[dict[str, Any]]
    labels: dict[str, dict[str, str]]
    account: dict[str, int]


def read_first_rows(snapshot: Path, files: Collection[str]) -> FirstRows:
    """Read the first rows of some files of a build, and the account of all of their rows.

    `files`: the files by their own names; of an archive its own.
    """
    names = find_names(snapshot)
    handles = [handle for name in files for handle in names.handles_in(name)]
    with open_snapshot(snapshot) as connection:
        account_rows = ask(connection, "sources/account", {"files": handles})
        labels = {code: dict(labels) for code, labels in ask(connection, "sources/labels")}
        connection.execute("use snapshot")
        text = read_sql_file("draft_first_rows")
        cursor = connection.execute(text, {"files": handles, "most": MOST})
        columns = [column[0] for column in cursor.description]
        records = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    rows = [
        {
            "file": names.file(row["source_file"]),
            "sheet": names.sheet(row["source_file"], row["source_sheet"]),
            "row": row["source_row"],
            **{field: _write(row[field]) for field in FIELDS},
        }
        for row in records
    ]
    codes = {code for row in rows for field in ("category", "countries", "status") for code in _as_list(row[field])}
    account = dict(zip(("read", "accepted", "merged", "rejected"), account_rows[0], strict=True))
    return FirstRows(rows, {code: labels[code] for code in sorted(codes & labels.keys())}, account)


def _write(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


class What(StrEnum):
    """The things to do."""

    LIST = "list"
    FORMS = "forms"
    TEST = "test"
    ADD = "add"
    REMOVE = "remove"


def source(
    what: Annotated[
        What,
        typer.Argument(
            help="list: the sources and how they stand; forms: the forms that one's secret may see; test: fetch one "
            "and say what it would add, change and reject, as check does, with its first rows; add: write the one that "
            "--stated says into campaign.toml, in place of one of the same name; remove: take one out, what came from "
            "it stays."
        ),
    ],
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The source; of list, all by default.")] = "",
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    source_json: Annotated[
        str,
        typer.Option("--stated", help='A source as it is to be, as JSON: \'{"name": "register", …}\'; - reads it.'),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Look at the places that exports come from by themselves, add or remove one; publishes nothing."""
    folder = CampaignFolder(campaign)
    sources = folder.load().source
    if what is What.LIST:
        _list(folder, [find_source(sources, name)] if name else list(sources), as_json)
    elif what is What.REMOVE:
        _remove(folder, name, as_json)
    else:
        chosen = _choose(sources, name, source_json)
        {What.FORMS: _list_forms, What.TEST: _test, What.ADD: _add}[what](folder, chosen, as_json)


def _choose(sources: Sequence[Source], name: str, source_json: str) -> Source:
    """Find the meant source."""
    if source_json:
        try:
            fields = json.loads(sys.stdin.read() if source_json == "-" else source_json)
        except ValueError:
            raise UserError("What --stated says is no JSON.", "Write it as docs/sources.md has it.") from None
        if not isinstance(fields, dict):
            raise UserError("What --stated says is no source.", "Write it as docs/sources.md has it.")
        return read_source(fields)
    if not name:
        names = ", ".join(one.name for one in sources) or "none yet"
        raise UserError("Which source is not said.", f"Name one of: {names}.")
    return find_source(sources, name)


def _add(folder: CampaignFolder, chosen: Source, as_json: bool) -> None:
    is_there = any(one.name == chosen.name for one in folder.load().source)
    event = Event.SOURCE_CHANGED if is_there else Event.SOURCE_ADDED
    with acting_here(folder.root, event, chosen.label, **chosen.model_dump(mode="json")) as act, only_build(folder):
        former = add_source(folder, chosen)
        if former is not None:
            act.say(former=former.model_dump(mode="json"))
    sets = ", ".join(chosen.needed) if former is None else f"{chosen.variables}HOST anew"
    is_asked = chosen.needed and (former is None or former.host != chosen.host)
    needed = f" An administrator sets {sets}." if is_asked else ""
    sentence = f"{chosen.label} is a source now." if former is None else f"{chosen.label} is changed."
    former_fields = None if former is None else former.model_dump(mode="json")
    print_said(f"{sentence}{needed}", as_json, needed=list(chosen.needed), former=former_fields)


def _remove(folder: CampaignFolder, name: str, as_json: bool) -> None:
    with acting_here(folder.root, Event.SOURCE_REMOVED, name) as act, only_build(folder):
        former = remove_source(folder, name)
        act.say(**former.model_dump(mode="json"))
    print_said(
        f"{former.label} is no source any more. What came from it stays.",
        as_json,
        former=former.model_dump(mode="json"),
    )


def _list_forms(_folder: CampaignFolder, chosen: Source, as_json: bool) -> None:
    forms = list_forms(chosen)
    if as_json:
        print_json({"ok": True, "forms": [vars(form) for form in forms]})
    for form in () if as_json else forms:
        typer.echo(f"{form.form}  {form.title}{'' if form.answers is None else f'  ({form.answers:,} answers)'}")


def _test(folder: CampaignFolder, chosen: Source, as_json: bool) -> None:
    with Scratch("work") as work, progress_bar(as_json=as_json) as progress:
        files = bring_whole(chosen, Path(work), progress)
        if not files:
            raise UserError(
                sentence(N_("{source} has no files."), source=chosen.label),
                N_("Look at its address and at which files are taken."),
            )
        names, first_rows = [path.name for path in files], list[FirstRows]()

        def look(snapshot: Path) -> None:
            first_rows.append(read_first_rows(snapshot, names))

        try:
            try_files(folder, files, progress, quiet=as_json, look=look)
        except UnknownExportError as error:
            raise UserError(leave_out_first_lines(error.what), error.remedy) from error
        (first,) = first_rows
    if as_json:
        print_json({"ok": True, "files": names, **first._asdict()})
    else:
        _print_rows(first)


def _print_rows(first: FirstRows) -> None:
    """Print the first rows as fields; fields that all of them lack are left out."""
    fields = [field for field in FIELDS if any(row[field] is not None for row in first.rows)]
    if not fields:
        return
    table = Table("Row", *fields, title="The first rows, as the recipe reads them")
    for row in first.rows:
        cells = [row[field] for field in fields]
        table.add_row(str(row["row"]), *(escape(_say(cell)) for cell in cells))
    open_console().print(table)


def _say(cell: Any) -> str:
    return ", ".join(cell) if isinstance(cell, list) else "" if cell is None else str(cell)


def _list(folder: CampaignFolder, sources: list[Source], as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "sources": [_describe(folder, one) for one in sources]})
        return
    for one in sources:
        last = source_notes.read(folder.private, one.name).last
        state = "never fetched." if last is None else f"{last.at}: {say_outcome(last)}"
        print_line(f"{one.name} ({NAMES[one.tool]}, {one.host or one.address}): {state}")


def _describe(folder: CampaignFolder, one: Source) -> dict[str, Any]:
    note = source_notes.read(folder.private, one.name)
    return {**one.model_dump(mode="json"), "next_at": note.next_at, "last": vars(note.last) if note.last else None}


def read_source(fields: dict[str, Any]) -> Source:
    """Read a source from its fields.

    Raises:
        UserError: it is none, with the fault.
    """
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            reason = first["ctx"]["error"].args[0]
            raise UserError(sentence(N_("This is not a source: {said}."), said=sentence(reason)), _CORRECT) from None
        where = ".".join(str(part) for part in first["loc"] if part != "source")
        if first["type"].startswith("string_"):  # pydantic describes it as a pattern, for programmers
            what = sentence(
                N_("This is not a source: {field} has characters that are not allowed, or too many."), field=where
            )
            raise UserError(what, _CORRECT) from None
        what = sentence(
            N_("This is not a source: {field} cannot be used as it is ({said})."),
            field=where,
            said=explain_value(first),
        )
        raise UserError(what, _CORRECT) from None


def add_source(folder: CampaignFolder, source: Source) -> Source | None:
    """Write a source into the campaign's own `campaign.toml`, in place of one of the same name; return the former.

    Call under `only_build`. Its earlier data stays, as far as the question and the place are the same; it is due at
    once where the question or the schedule has changed.

    Raises:
        UserError: the file cannot be read, or does not hold together with it; it is then as it was.
    """

    def change(text: str) -> str:
        names = [one.get("name") for one in read_settings(text).get(TABLE, [])]
        number = names.index(source.name) if source.name in names else len(names)
        fields = source.model_dump(mode="json")
        return edit(text, {(TABLE, number, name): value or None for name, value in fields.items()})

    former = next((one for one in folder.load().source if one.name == source.name), None)
    _rewrite(folder, change)
    note = source_notes.read(folder.private, source.name)
    if former is not None and note.next_at and former.model_copy(update={"title": source.title}) != source:
        source_notes.write(folder.private, source.name, replace(note, next_at=""))
    return former


def remove_source(folder: CampaignFolder, name: str) -> Source:
    """Take a source out; its files stay. Return it, so that it can be put back. Call under `only_build`.

    Raises:
        UserError: there is none of this name, or the file cannot be read.
    """
    source = next((one for one in folder.load().source if one.name == name), None)
    if source is None:
        what = sentence(N_("There is no source {name}."), name=name)
        raise UserError(what, N_("See which there are: python -m etl source list."))

    def change(text: str) -> str:
        names = [one.get("name") for one in read_settings(text).get(TABLE, [])]
        return take_from_list(text, TABLE, names.index(name))

    _rewrite(folder, change)
    source_notes.forget(folder.private, name)
    return source


def _rewrite(folder: CampaignFolder, change: Callable[[str], str]) -> None:
    """Change the sources in the campaign's own file, in one step; the change is kept as those of settings are."""
    draft = new_draft(folder.root)
    try:
        settings = WorkingCopy(folder.root, draft)
        settings.change({CAMPAIGN: change(settings.read(CAMPAIGN))})
        build_id = str((history.read_pointer(folder) or {}).get("build_id", "")) or None
        put_settings_in_place(folder, draft, settings.list_names(), (build_id, build_id))
    finally:
        discard(draft)
