"""The build that was refused last, kept as a preview of the inbox: what it asks is read there, and not built for again.

Staff look at the questions again and again before they have answered, and meanwhile nothing changes. It stands beside
the previews of the page Upload, is noted as these are, and goes with them; it holds while publishing it as a preview
would be allowed.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.scratch import Scratch
from etl.inputs.inbox import hash_surroundings, list_exports, list_inbox
from etl.pipeline.build import Built, Progress, build
from etl.publish import drafts, history
from etl.publish.holding import only_build
from etl.publish.kept_inputs import make_private

_NAME = "refused"


@contextmanager
def kept_if_refused(folder: CampaignFolder, built: Built) -> Iterator[None]:
    """Keep a build that the block does not publish; where it does, none is kept any longer. Call under `only_build`."""
    try:
        yield
    except UserError:
        with suppress(OSError):  # the refusal is what is said
            _keep(folder, built)
        raise
    shutil.rmtree(_find_place(folder), ignore_errors=True)


@contextmanager
def open_build(folder: CampaignFolder, published: Built | None, progress: Progress) -> Iterator[Path]:
    """The snapshot of what the inbox gives now: the published one, the one that was refused, else a new one.

    Args:
        folder: The campaign.
        published: The published build, if it is what the inbox gives now.
        progress: Told of a build.

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
    """The build that was refused, if building now would give it again."""
    place = _find_place(folder)
    try:
        draft = drafts.read_draft(place)
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
        fingerprints=draft.fingerprints,
        surroundings=draft.surroundings,
    )


def _keep(folder: CampaignFolder, built: Built) -> None:
    """Keep a build that is not published in the place of the one that was kept before."""
    place = _make_place(folder, built.snapshot.parent)
    if built.is_published or not built.snapshot.is_file() or place == built.snapshot.parent:
        return
    (place / drafts.NOTE).unlink(missing_ok=True)  # what it says of the former one ends here
    drafts.write_draft(folder, built, place, place / drafts.UPLOADS, dict(list_inbox(folder)), {}, ())


def _find_place(folder: CampaignFolder) -> Path:
    return folder.private / "drafts" / _NAME


def _make_place(folder: CampaignFolder, spare: Path) -> Path:
    """Where it is kept; `spare` where the campaign's folder cannot be written to."""
    try:
        return make_private(folder, "drafts", _NAME)
    except OSError:
        return spare
