"""`python -m etl draft`, `publish-draft`, `discard-draft`: a preview of uploads, published as it is or dropped."""

from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import Act, acting_here
from dashboard.campaign.answers.answer import Answer, Meaning, read_lines
from dashboard.campaign.answers.question_kinds import ANSWERS, COLUMNS, SHEETS
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import read_draft
from dashboard.command_line import JsonOption, print_json
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.console import CampaignOption, open_console, progress_bar, read_list, send_copies
from etl.inputs.uses_file import UsesFile
from etl.publish import drafts, holding

DraftArgument = Annotated[Path, typer.Argument(help="The preview's folder.", metavar="DIR")]


def draft(
    uploads: Annotated[Path, typer.Option("--uploads", help="Folder of the uploaded files.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to write the preview into.")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    without: Annotated[list[str] | None, typer.Option(help="A file of the inbox to leave out; repeatable.")] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="What columns are, as a CSV file with recipe,header,is; kept when the preview is published."),
    ] = None,
    sheets: Annotated[
        Path | None,
        typer.Option(help="Which sheets count, as a CSV file with file,sheet,is; kept when the preview is published."),
    ] = None,
    general_answers: Annotated[
        Path | None,
        typer.Option(
            "--others",
            help="Answers to other questions, as python -m etl answer --list writes them; kept when the preview is "
            "published.",
        ),
    ] = None,
    words: Annotated[
        Path | None,
        typer.Option(
            help="What words mean, an object a line, as python -m etl spelling --lines takes it; kept when the preview "
            "is published."
        ),
    ] = None,
    inbox: Annotated[bool, typer.Option("--inbox", help="Preview the inbox alone where there is no upload.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the inbox together with uploaded files as a preview; publishes nothing."""
    folder = CampaignFolder(campaign)
    lists = {COLUMNS: answers, SHEETS: sheets, ANSWERS: general_answers}
    draft_answers: list[Answer | Meaning] = [
        answer
        for name, path in lists.items()
        if path
        for answer in UsesFile(folder.root / name).read_list(read_list(path))
    ]
    draft_answers += read_lines(read_list(words)) if words else ()
    options: dict[str, Any] = {"without": without or (), "answers": draft_answers, "inbox_alone": inbox}
    if as_json:
        options["tell_figures"] = lambda figures: print_json({"figures": figures})
    names = list(drafts.list_uploads(uploads))
    with (
        acting_here(folder.root, Event.UPLOADED, ", ".join(names), files=names, without=list(without or ())) as act,
        progress_bar(as_json=as_json) as progress,
    ):
        preview = drafts.make_draft(folder, uploads, to, progress, **options)
        act.say(
            draft=to.name,
            build=preview.build_id,
            refused=[one.name for one in preview.refused],
            settings=list(preview.settings),
        )
    if as_json:
        print_json({"ok": True, "build_id": preview.build_id})
        return
    console = open_console()
    for file in preview.files:
        console.print(f"{file.name}: {file.state}", markup=False)
    for refused in preview.refused:
        console.print(f"Refused: {refused.name}. {refused.what} {refused.remedy}", markup=False)
    console.print(f"Preview of build {preview.build_id} in {to}. Nothing was published.", markup=False)


def publish_draft(
    place: DraftArgument, campaign: CampaignOption = SHIPPED_CAMPAIGN, as_json: JsonOption = False
) -> None:
    """Publish a preview as it is and move its uploads into the inbox."""
    folder = CampaignFolder(campaign)
    with acting_here(folder.root, Event.PUBLISHED, how="upload", draft=place.name) as act:
        note = read_draft(place)
        how = drafts.find_how(place, note)
        act.say(
            note.build_id,
            build=note.build_id,
            base=note.base_build_id,
            files=[vars(file) for file in note.files],
            how=how,
        )
        with _changing(folder, place, note.settings):
            build_id = holding.publish_draft(folder, place)
    not_sent = send_copies(folder)
    if as_json:
        print_json({"ok": True, "build_id": build_id, **not_sent})
    else:
        message = "The settings are in force; there is nothing to build."
        open_console().print(f"Published build {build_id}." if build_id else message)


def _changing(folder: CampaignFolder, place: Path, settings: Collection[str]) -> AbstractContextManager[Act | None]:
    """Record that files of settings change, where a preview brings any: the former ones are kept under its name."""
    if not settings:
        return nullcontext()
    names = ", ".join(settings)
    return acting_here(folder.root, Event.SETTING_CHANGED, names, files=settings, draft=place.name)


def discard_draft(
    place: DraftArgument, campaign: CampaignOption = SHIPPED_CAMPAIGN, as_json: JsonOption = False
) -> None:
    """Remove a preview and the uploads that wait in it."""
    folder = CampaignFolder(campaign)
    with acting_here(folder.root, Event.UPLOAD_DROPPED, place.name, draft=place.name):
        drafts.discard_draft(folder, place)
    if as_json:
        print_json({"ok": True})
    else:
        open_console().print("The preview is removed.")
