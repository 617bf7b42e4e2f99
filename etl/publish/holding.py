"""The lock of a campaign: one change at a time, and an unfinished step is finished before the next one.

A step that changes several files (publish a preview, restore a build, withdraw all, accept reports) is noted in
`begun`; the next holder of the campaign finishes it. So this module stands above those that do the work, which never
hold it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.campaign.blank import keep_out_of_git
from dashboard.campaign.copies.reading_copy import refuse_copy
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.published_files import FOLDER as PUBLIC
from dashboard.campaign.uploads import read_draft
from dashboard.errors import BusyError, UserError
from dashboard.faults import ComputerError
from dashboard.ground.files import locking
from dashboard.ground.files.writing import remove
from dashboard.i18n import N_
from dashboard.settings import Settings
from etl.inputs.accepted_reports import Acceptance, accept_reports
from etl.pipeline.build import remove_leftovers
from etl.publish import begun, history
from etl.publish.begun import UnfinishedStep
from etl.publish.drafts import name_begun, publish_held_draft
from etl.publish.publish import use_contacts
from etl.publish.restore import NOTHING, Restored, RestoreError, restore_held, withdraw_held
from etl.steps import Step, reached

LOG = logging.getLogger(__name__)
SHORT_WAIT = 10.0
"""Seconds that a command waits for another one where it only writes a line: two of staff may do so at once."""

BRIEFLY = 2.0
"""Seconds for which a command waits for the holder of the campaign."""


@contextmanager
def only_build(folder: CampaignFolder, wait: float = BRIEFLY) -> Iterator[UnfinishedStep | None]:
    """Hold the campaign for one build; remove the leftovers of killed commands or finish their steps.

    Gives the step of an earlier command that is finished now, or its forgetting of a person.

    `wait`: seconds to wait for another build that holds it; a backup does for a moment.

    Raises:
        BusyError: another build holds it.
        UserError: the folder is a reading copy of an object store.
    """
    refuse_copy(folder.root, Settings.from_environment())
    keep_out_of_git(folder.root)
    folder.published.mkdir(parents=True, exist_ok=True)
    refusal = BusyError(
        N_("Another build of this campaign is running."), N_("Wait until it has finished, then build again.")
    )
    with locking.hold(folder.published / ".lock", wait, refusal):
        reached(Step.SWEEP)
        remove_leftovers(folder.published)
        yield _finish_killed(folder)


def publish_draft(folder: CampaignFolder, place: Path) -> str:
    """Publish a draft as `publish_held_draft` does; returns the build id. Call it again where it was killed half way.

    Raises:
        BusyError: a build is running.
        UserError: it cannot be published; nothing has been changed.
    """
    draft = read_draft(place)
    with only_build(folder) as finished:
        if finished != name_begun(place):
            publish_held_draft(folder, place)
    return draft.build_id


def restore(folder: CampaignFolder, build_id: str, *, is_rehearsal: bool = False) -> Restored:
    """Make an earlier build the published one, and the inbox as it was then, as `restore_held` does.

    Raises:
        RestoreError: the build, its snapshot or a file of it is no longer kept.
        BusyError: a build is running.
    """
    with only_build(folder):
        return restore_held(folder, build_id, is_rehearsal=is_rehearsal)


def withdraw(folder: CampaignFolder, *, is_rehearsal: bool = False) -> Restored:
    """Go back to before the first publication: nothing is published, and the inbox lacks the files that were built.

    The builds stay kept, and any of them can be restored.

    Raises:
        RestoreError: nothing is published.
        BusyError: a build is running.
    """
    with only_build(folder) as finished:
        if finished == UnfinishedStep("withdraw"):
            return Restored(NOTHING)
        if history.read_pointer(folder) is None:
            raise RestoreError("Nothing is published.", "There is nothing to take back.")
        return withdraw_held(folder, is_rehearsal=is_rehearsal)


def _finish_killed(folder: CampaignFolder) -> UnfinishedStep | None:
    """Finish or tidy up the work of a killed publisher."""
    for path in _list_half_written(folder):
        remove(path)
    pointer = history.read_pointer(folder)
    if pointer is not None:
        history.settle(folder)
        use_contacts(folder, str(pointer["build_id"]))
    return _finish_begun(folder)


def _list_half_written(folder: CampaignFolder) -> Iterator[Path]:
    """List the files that killed commands were writing; other programs remove those of previews and embeds."""
    yield from folder.inbox.rglob(".*.new")
    settings = (folder.root, *(folder.root / name for name in ("codelists", "context", "recipes")))
    for path in (*settings, folder.published / PUBLIC):
        yield from path.glob(".*.new")
    yield from folder.published.glob("*.new")
    yield from folder.private.glob("*.new")
    for place in ("builds", "contacts", "inputs", "classification", "set_aside"):
        yield from (folder.private / place).rglob("*.new")


def _finish_begun(folder: CampaignFolder) -> UnfinishedStep | None:
    """Finish a killed command's step on several files; where that is impossible by now, they stay as they are.

    Raises:
        ComputerError: the disk refuses; the next command tries again.
    """
    unfinished = begun.read(folder)
    if unfinished is None:
        begun.drop(folder)
        return None
    if unfinished.what == "forget":
        return unfinished
    try:
        if unfinished.what == "publish-draft":
            publish_held_draft(folder, Path(unfinished.of))
        elif unfinished.what == "restore":
            restore_held(folder, unfinished.of)
        elif unfinished.what == "accept":
            accept_reports(folder, Acceptance.read(unfinished.of))
            begun.drop(folder)
        else:
            withdraw_held(folder)
    except ComputerError:
        raise
    except UserError as error:
        begun.drop(folder)
        LOG.warning("What was begun (%s) cannot be finished: %s", unfinished.what, error)
        return None
    return unfinished
