"""Sources written into `campaign.toml` and taken out of it, as by hand: comments and all else stay as they are."""

from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import Source
from dashboard.errors import CampaignError, UserError
from etl.publish.history import write_whole
from etl.publish.publish import only_build

TABLE = "source"


def read_source(stated: dict[str, Any]) -> Source:
    """A source as somebody states it.

    Raises:
        UserError: it is none, with what is wrong.
    """
    try:
        return Source.model_validate(stated)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "source")
        said = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
        text = said if first["type"] == "value_error" else f"{where}: {said[:1].lower()}{said[1:]}"
        raise UserError(f"{text[:1].upper()}{text[1:]}.", "Correct it.") from None


def add_source(folder: CampaignFolder, source: Source) -> None:
    """Write a source into the campaign's own `campaign.toml`, in place of one of the same name.

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

    _rewrite(folder, change)


def remove_source(folder: CampaignFolder, name: str) -> Source:
    """Take a source out; what came from it stays. Gives what it was, so that it can be put back.

    Raises:
        UserError: there is none of this name, or the file cannot be read.
    """
    found = next((one for one in folder.load().source if one.name == name), None)
    if found is None:
        raise UserError(f"There is no source {name}.", "See which there are: python -m etl source list.")

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
            raise CampaignError(f"{path} is not valid TOML: {error}.", "Correct that line.") from error
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
