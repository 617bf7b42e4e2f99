"""Sources written into `campaign.toml` and taken out of it, as by hand: comments and all else stay as they are."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import TABLE, Source
from dashboard.errors import CampaignError, UserError, sentence
from dashboard.file_faults import CORRECT, explain_toml, explain_value
from dashboard.ground.files.writing import write_file
from dashboard.i18n import N_
from etl.publish.holding import only_build

_CORRECT = N_("Correct it.")
_TABLE = re.compile(r"\s*\[")
_SOURCE = re.compile(rf"\s*\[\[\s*{TABLE}\s*\]\]")


def read_source(fields: dict[str, Any]) -> Source:
    """A source as somebody states it.

    Raises:
        UserError: it is none, with what is wrong.
    """
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            reason = first["ctx"]["error"].args[0]
            raise UserError(sentence(N_("This is not a source: {said}."), said=sentence(reason)), _CORRECT) from None
        where = ".".join(str(part) for part in first["loc"] if part != "source")
        if first["type"].startswith("string_"):  # what pydantic says of it is a pattern, for programmers
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
    """Write a source into the campaign's own `campaign.toml`, in place of one of the same name; gives what that was.

    What is known of it stays, as far as the same is asked at the same place; it is due at once where it is asked
    otherwise, or on another schedule.

    Raises:
        UserError: the file cannot be read, or does not hold together with it; it is then as it was.
    """
    fields = {key: value for key, value in source.model_dump(mode="json").items() if value != ""}

    def change(text: str) -> str:
        lines, block = _find_block(text, source.name)
        if block is None:
            return _append(text, fields)
        return "".join([*lines[: block.start], _reword("".join(lines[block]), fields), *lines[block.stop :]])

    former = next((one for one in folder.load().source if one.name == source.name), None)
    _rewrite(folder, change)
    note = source_notes.read(folder.private, source.name)
    if former is not None and note.next_at and former.model_copy(update={"title": source.title}) != source:
        source_notes.write(folder.private, source.name, replace(note, next_at=""))
    return former


def remove_source(folder: CampaignFolder, name: str) -> Source:
    """Take a source out; what came from it stays. Gives what it was, so that it can be put back.

    Raises:
        UserError: there is none of this name, or the file cannot be read.
    """
    source = next((one for one in folder.load().source if one.name == name), None)
    if source is None:
        what = sentence(N_("There is no source {name}."), name=name)
        raise UserError(what, N_("See which there are: python -m etl source list."))

    def change(text: str) -> str:
        lines, block = _find_block(text, name)
        if block is None:
            raise CampaignError(
                sentence(N_("{source} has no table [[source]] of its own."), source=name),
                N_("Take it out of campaign.toml by hand."),
            )
        return "".join([*lines[: block.start], *lines[block.stop :]])

    _rewrite(folder, change)
    source_notes.forget(folder.private, name)
    return source


def _find_block(text: str, name: str) -> tuple[list[str], slice | None]:
    """The lines of `campaign.toml`, and which of them state a source: from its header to its last key.

    The remarks below belong to what follows. None where it has no table `[[source]]` of its own.
    """
    lines = text.splitlines(keepends=True)
    tables = [number for number, line in enumerate(lines) if _TABLE.match(line)]
    for start, end in zip(tables, [*tables[1:], len(lines)], strict=True):
        block = lines[start:end]
        while block and (not block[-1].strip() or block[-1].lstrip().startswith("#")):
            block.pop()
        if _SOURCE.match(lines[start]) and tomlkit.parse("".join(block))[TABLE][0].get("name") == name:
            return lines, slice(start, start + len(block))
    return lines, None


def _reword(block: str, fields: Mapping[str, Any]) -> str:
    """A block that states a source, stating it as told; its remarks stay."""
    document = tomlkit.parse(block)
    table = document[TABLE][0]
    for key in [key for key in table if key not in fields]:
        del table[key]
    for key, value in fields.items():
        if table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document)


def _append(text: str, fields: Mapping[str, Any]) -> str:
    """A file that states a source more, at its end."""
    block = tomlkit.dumps({TABLE: [fields]})
    return text.rstrip() + "\n\n" + block


def _rewrite(folder: CampaignFolder, change: Callable[[str], str]) -> None:
    """Change the sources in the campaign's own file, in one step.

    Raises:
        UserError: it cannot be read, or what it would say does not hold together.
    """
    with only_build(folder):
        path = folder.root / "campaign.toml"
        before = folder.campaign_file.read_bytes().decode("utf-8-sig")
        is_crlf = "\r\n" in before
        try:
            tomlkit.parse(before)
        except TOMLKitError as error:
            what = sentence(N_("{path} is not valid TOML: {fault}."), path=path.name, fault=explain_toml(before))
            raise CampaignError(what, CORRECT) from error
        after = change(before.replace("\r\n", "\n")).rstrip("\n") + "\n"
        was_there = path.exists()
        former = path.read_bytes() if was_there else b""
        write_file(path, after.replace("\n", "\r\n") if is_crlf else after)
        try:
            folder.load()
        except UserError:
            write_file(path, former) if was_there else path.unlink()
            raise
