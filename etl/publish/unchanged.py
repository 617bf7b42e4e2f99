"""When nothing at all has changed since the published build was made: it is the answer, and nothing is built.

A build is made of its inputs, the campaign's settings and the program, and of no day or hour. So the published one is
that of now while its id is (`kept_inputs.is_built_from`), its file is whole, and what no id speaks of is the same: who
asked to be forgotten, Python, the libraries. These are noted beside what is kept of sheets, and go with it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.inbox import list_exports
from etl.kept_sheets import kept_entries
from etl.kept_sheets.keeper import Reuse
from etl.kept_sheets.sheet_keys import hash_surroundings, hash_texts
from etl.pipeline.build import Built, build
from etl.profiling import timed
from etl.publish import begun, history, kept_inputs
from etl.readers.files import hash_file

LOG = logging.getLogger(__name__)


@contextmanager
def build_if_changed(folder: CampaignFolder, reuse: Reuse = Reuse.TAKE, **options: Any) -> Iterator[Built]:
    """The published build where nothing has changed since; else a new one, as `etl.pipeline.build.build` makes it.

    Call under `only_build`; `options` are those of `build`. Only with `Reuse.TAKE` a build is not made.
    """
    same = find_same(folder) if reuse is Reuse.TAKE else None
    if same is not None:
        yield same
        return
    with build(folder, folder.published, reuse=reuse, **options) as built:
        yield built


def note(folder: CampaignFolder, built: Built, reuse: Reuse = Reuse.TAKE) -> None:
    """Note by what else a build was made that has just been published, so that it need not be made again."""
    if reuse is Reuse.NOTHING or built.is_published or Settings.from_environment().kept_sheets_mb <= 0:
        return
    exports = dict(built.fingerprints)
    said = {"program": hash_surroundings(), "sha256": min(exports.values(), default="")}
    try:
        kept_entries.put(folder, _name(folder, built.build_id), said, lambda _: None)
    except OSError as error:  # it is published; the next build is only made although nothing has changed
        LOG.warning("It is not noted by what this build was made: %s", type(error).__name__)


def hash_around(folder: CampaignFolder) -> str:
    """What a build depends on and its id does not speak of, as one hash: program, libraries, who is forgotten."""
    forgotten = folder.private / FORGOTTEN
    return hash_texts(hash_surroundings(), hash_file(forgotten) if forgotten.is_file() else "")


@timed("what has changed", "stage")
def find_same(folder: CampaignFolder) -> Built | None:
    """The published build, if building now would give it again."""
    pointer = history.read_pointer(folder)
    if pointer is None or begun.read(folder) is not None:
        return None
    build_id = str(pointer["build_id"])
    snapshot = folder.published / str(pointer["snapshot"])
    contacts = folder.private / "contacts" / f"{build_id}.duckdb"
    manifest = kept_inputs.read_manifest(folder, build_id)
    if manifest is None or manifest.is_erased or not contacts.is_file() or not _is_noted(folder, build_id):
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
        unchanged=len(manifest.fingerprints),
        is_published=True,
    )


def _is_noted(folder: CampaignFolder, build_id: str) -> bool:
    if Settings.from_environment().kept_sheets_mb <= 0:
        return False
    with Scratch("kept") as work:
        return kept_entries.find(folder, _name(folder, build_id), Path(work)) is not None


def _name(folder: CampaignFolder, build_id: str) -> str:
    forgotten = folder.private / FORGOTTEN
    told = hash_file(forgotten) if forgotten.is_file() else ""
    return f"build-{hash_texts(hash_surroundings(), told, build_id)}"
