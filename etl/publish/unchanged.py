"""Reuse of a published or refused build: while nothing has changed since, it is the answer, and nothing is built.

A build depends on its inputs, the campaign's settings and the program, not on the day or hour. So the published one is
up to date while its id is (`kept_inputs.is_built_from`), its file is whole, and the inputs outside the id are the same:
the forgotten persons, Python, the libraries (`inbox.hash_surroundings`, which is noted with its inputs).

The last refused build lies beside the previews of the page Upload, with a note like theirs: staff look at its questions
again and again before they have answered. It is valid while publishing it as a preview would be allowed.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import DRAFT_NOTE, read_draft
from dashboard.errors import UserError
from dashboard.ground.processes.progress import Progress
from dashboard.scratch import Scratch
from etl.inputs.accepted_reports import settle_reports
from etl.inputs.inbox import hash_surroundings, list_exports, list_inbox
from etl.inputs.reports_file import ReportsFileError
from etl.pipeline.build import Built, build
from etl.profiling import timed
from etl.publish import begun, drafts, history, kept_inputs
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private

LOG = logging.getLogger(__name__)
_NAME = "refused"


@contextmanager
def kept_if_refused(folder: CampaignFolder, built: Built) -> Iterator[None]:
    """Keep a build that the block does not publish; where it does, none is kept any longer. Call under `only_build`."""
    try:
        yield
    except UserError:
        with suppress(OSError):  # the refusal is the message
            _keep(folder, built)
        raise
    shutil.rmtree(_find_place(folder), ignore_errors=True)


@contextmanager
def open_build(folder: CampaignFolder, published: Built | None, progress: Progress) -> Iterator[Path]:
    """Open the snapshot of the current inbox: the published one, the refused one, else a new one.

    `published`: the published build, if it matches the current inbox.

    Raises:
        UserError: it cannot be built.
    """
    if (same := published or find_refused(folder)) is not None:
        yield same.snapshot
        return
    with Scratch("work") as spare, build(folder, _make_place(folder, Path(spare)), progress=progress) as built:
        yield built.snapshot
        with suppress(OSError, UserError), only_build(folder):
            _keep(folder, built)


def find_refused(folder: CampaignFolder) -> Built | None:
    """Find the refused build, if building now would give it again."""
    place = _find_place(folder)
    try:
        draft = read_draft(place)
        exports, is_sample = list_exports(folder)
    except UserError:
        return None
    snapshot = place / "snapshot.duckdb"
    is_same = is_sample == draft.is_sample and draft.surroundings == hash_surroundings(folder)
    if not is_same or not drafts.is_of_now(folder, place, draft, exports):
        return None
    if not history.is_whole(snapshot, draft.build_id):
        return None
    return Built(
        draft.build_id,
        snapshot,
        place / "contacts.duckdb",
        is_sample,
        exports=exports,
        fingerprints=list(draft.fingerprints),
        surroundings=draft.surroundings,
    )


def _keep(folder: CampaignFolder, built: Built) -> None:
    """Keep a build that is not published in the place of the previous one."""
    place = _make_place(folder, built.snapshot.parent)
    if built.is_published or not built.snapshot.is_file() or place == built.snapshot.parent:
        return
    (place / DRAFT_NOTE).unlink(missing_ok=True)  # its note of the former build ends here
    drafts.place_draft(folder, built, place, place / drafts.UPLOADS, dict(list_inbox(folder)), {}, ())


def _find_place(folder: CampaignFolder) -> Path:
    return folder.private / "drafts" / _NAME


def _make_place(folder: CampaignFolder, spare: Path) -> Path:
    """Make the folder for it; `spare` where the campaign's folder cannot be written to."""
    try:
        return make_private(folder, "drafts", _NAME)
    except OSError:
        return spare


@contextmanager
def build_if_changed(folder: CampaignFolder, *, from_nothing: bool = False, **options: Any) -> Iterator[Built]:
    """Open the published build, or the refused one, where nothing has changed since; else a new one.

    First the inbox gets the rows of what stakeholders have withdrawn.

    Call under `only_build`; `options` are those of `etl.pipeline.build.build`. With `from_nothing` a build is made in
    any case.

    Raises:
        UserError: `campaign.toml` is gone, or the build is refused.
    """
    kept_inputs.refuse_lost_settings(folder)
    try:
        settle_reports(folder)  # files were withdrawn meanwhile
    except ReportsFileError as error:
        LOG.warning("What stakeholders have withdrawn waits for another build: %s", error)
    same = None if from_nothing else find_same(folder)
    if same is not None:
        yield same
        return
    refused = None if from_nothing else find_refused(folder)
    building = build(folder, folder.published, **options) if refused is None else nullcontext(refused)
    with building as built, kept_if_refused(folder, built):
        yield built


@timed("what has changed", "stage")
def find_same(folder: CampaignFolder) -> Built | None:
    """Find the published build, if building now would give it again."""
    pointer = history.read_pointer(folder)
    if pointer is None or begun.read(folder) is not None:
        return None
    build_id = str(pointer["build_id"])
    snapshot = folder.published / str(pointer["snapshot"])
    contacts = folder.private / "contacts" / f"{build_id}.duckdb"
    manifest = kept_inputs.read_manifest(folder, build_id)
    if manifest is None or manifest.is_erased or not contacts.is_file():
        return None
    if manifest.surroundings != hash_surroundings(folder):
        return None
    if not kept_inputs.is_built_from(folder, build_id) or not history.is_whole(snapshot, build_id):
        return None
    paths = dict(list_exports(folder)[0])
    return Built(
        build_id,
        snapshot,
        contacts,
        manifest.is_sample,
        exports=[(file.name, paths[file.name]) for file in manifest.files],
        fingerprints=list(manifest.fingerprints),
        surroundings=manifest.surroundings,
        is_published=True,
    )
