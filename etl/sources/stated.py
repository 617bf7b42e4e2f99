"""The sources in `campaign.toml`, added and removed as by hand: comments and all else stay as they are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_fields import edit, read_settings, take_from_list
from dashboard.campaign.sources import TABLE, Source
from dashboard.campaign.uploads import discard, new_draft
from dashboard.campaign.working_copy import CAMPAIGN, WorkingCopy
from dashboard.errors import UserError, sentence
from dashboard.file_faults import explain_value
from dashboard.i18n import N_
from etl.publish import history
from etl.publish.drafts import put_settings_in_place
from etl.publish.holding import only_build

_CORRECT = N_("Correct it.")


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

    Its earlier data stays, as far as the question and the place are the same; it is due at once where the question or
    the schedule has changed.

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
    """Take a source out; its files stay. Return it, so that it can be put back.

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
    with only_build(folder):
        draft = new_draft(folder.root)
        try:
            settings = WorkingCopy(folder.root, draft)
            settings.change({CAMPAIGN: change(settings.read(CAMPAIGN))})
            build_id = str((history.read_pointer(folder) or {}).get("build_id", "")) or None
            put_settings_in_place(folder, draft, settings.list_names(), (build_id, build_id))
        finally:
            discard(draft)
