"""Sources written into `campaign.toml` and taken out of it, as by hand: comments and all else stay as they are."""

from dataclasses import replace
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import TABLE, Source
from dashboard.errors import CampaignError, UserError, sentence
from dashboard.i18n import N_
from etl.publish.history import write_whole
from etl.publish.publish import only_build

_CORRECT = N_("Correct it.")


def read_source(stated: dict[str, Any]) -> Source:
    """A source as somebody states it.

    Raises:
        UserError: it is none, with what is wrong.
    """
    try:
        return Source.model_validate(stated)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "value_error":
            said = first["ctx"]["error"].args[0]
            raise UserError(sentence(N_("This is no source: {said}."), said=sentence(said)), _CORRECT) from None
        where = ".".join(str(part) for part in first["loc"] if part != "source")
        what = sentence(
            N_("This is no source: {field} cannot be taken as it is ({said})."), field=where, said=first["msg"]
        )
        raise UserError(what, _CORRECT) from None


def add_source(folder: CampaignFolder, source: Source) -> Source | None:
    """Write a source into the campaign's own `campaign.toml`, in place of one of the same name; gives what that was.

    What is known of it stays, as far as the same is asked at the same place; it is due at once where it is asked
    otherwise, or on another schedule.

    Raises:
        UserError: the file cannot be read, or does not hold together with it; it is then as it was.
    """
    told = {key: value for key, value in source.model_dump(mode="json").items() if value != ""}

    def change(sources: AoT) -> None:
        table = tomlkit.table()
        table.update(told)
        table.add(tomlkit.nl())
        place = next((number for number, one in enumerate(sources) if one.get("name") == source.name), None)
        if place is None:
            sources.append(table)
        else:
            sources[place] = table

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
    found = next((one for one in folder.load().source if one.name == name), None)
    if found is None:
        what = sentence(N_("There is no source {name}."), name=name)
        raise UserError(what, N_("See which there are: python -m etl source list."))

    def change(sources: AoT) -> None:
        place = next(number for number, one in enumerate(sources) if one.get("name") == name)
        del sources[place]

    _rewrite(folder, change)
    source_notes.forget(folder.private, name)
    return found


def _rewrite(folder: CampaignFolder, change: Any) -> None:
    """Change the list of sources in the campaign's own file, in one step.

    Raises:
        UserError: it cannot be read, or what it would say does not hold together.
    """
    with only_build(folder):
        path = folder.root / "campaign.toml"
        before = folder.campaign_file.read_text(encoding="utf-8-sig")
        try:
            document = tomlkit.parse(before)
        except TOMLKitError as error:
            what = sentence(N_("{file} is not valid TOML: {said}."), file=path.name, said=str(error))
            raise CampaignError(what, N_("Correct that line.")) from error
        if TABLE not in document:
            document.add(tomlkit.nl())
            document.append(TABLE, tomlkit.aot())
        change(document[TABLE])
        if not document[TABLE]:
            del document[TABLE]
        was_there = path.exists()
        write_whole(path, tomlkit.dumps(document).rstrip("\n") + "\n")
        try:
            folder.load()
        except UserError:
            write_whole(path, before) if was_there else path.unlink()
            raise
