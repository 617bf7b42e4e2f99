"""When nothing at all has changed since a build was made: it is the answer, and nothing is built.

A build is made of its inputs, the campaign's settings and the program, and of no day or hour. So the published one is
that of now while its id is (`kept_inputs.is_built_from`), its file is whole, and what no id speaks of is the same: who
asked to be forgotten, Python, the libraries (`inbox.hash_surroundings`, which is noted with its inputs).
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from dashboard.campaign.folder import CampaignFolder
from etl.inputs.inbox import hash_surroundings, list_exports
from etl.pipeline.build import Built, build
from etl.profiling import timed
from etl.publish import begun, history, kept_inputs
from etl.publish.refused_build import find_refused, kept_if_refused


@contextmanager
def build_if_changed(folder: CampaignFolder, *, from_nothing: bool = False, **options: Any) -> Iterator[Built]:
    """The published build, or the one that was refused, where nothing has changed since; else a new one.

    Call under `only_build`; `options` are those of `etl.pipeline.build.build`. With `from_nothing` a build is made in
    any case.

    Raises:
        UserError: `campaign.toml` is gone, or the build is refused.
    """
    kept_inputs.refuse_lost_settings(folder)
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
    """The published build, if building now would give it again."""
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
