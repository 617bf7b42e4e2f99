"""Kept inputs: the files of every kept build, under `private/inputs/<sha256>`, each content once.

A copy, never a link: a link would change with the inbox file when a program writes into that in place.
`private/builds/<build id>.json` says which file was which. Everything here is for its owner only.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from dashboard.campaign import source_notes
from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.campaign.source_notes import Origin, Origins
from dashboard.errors import CampaignError, UserError, sentence
from dashboard.faults import raise_explained
from dashboard.ground.files.json_notes import read_json
from dashboard.ground.files.writing import PRIVATE, drafted, for_owner, hash_file, put_file, remove, write_file
from dashboard.i18n import N_
from etl.inputs.inbox import build_id, list_exports
from etl.pipeline.build import Built
from etl.profiling import timed
from etl.publish.history import read_pointer
from etl.steps import Step, reached

_CHUNK = 1 << 20
_CHANGED = "Nothing was published. Wait until everything is copied or saved, then build again."


class ChangedError(UserError):
    """A file of the campaign changed while it was being built."""


@dataclass(frozen=True)
class KeptFile:
    """One file of a build: its path inside the inbox (or inside the campaign folder), and its content's hash."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The inputs of one build.

    Attributes:
        files: The files of the inbox, archives as such.
        fingerprints: The sources of the build id: each export (in an archive, each member) and its hash.
        settings: The answers of staff, and the campaign folder's own recipes, codelists, figures about
            countries and `campaign.toml`.
        surroundings: The hash of all other inputs of the build, from `hash_surroundings`.
    """

    build_id: str
    is_sample: bool
    files: tuple[KeptFile, ...]
    fingerprints: tuple[tuple[str, str], ...]
    settings: tuple[KeptFile, ...]
    is_erased: bool = False
    origins: Origins = field(default_factory=dict)
    surroundings: str = ""


def make_private(folder: CampaignFolder, *parts: str) -> Path:
    """Make a folder inside the campaign's private store if need be, for its owner only; return it."""
    path = folder.private
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    for part in parts:
        path = path / part
        path.mkdir(mode=0o700, exist_ok=True)
        path.chmod(0o700)
    return path


def kept_path(folder: CampaignFolder, sha256: str) -> Path:
    """Return the path at which a content is kept, whether or not it is there."""
    return folder.private / "inputs" / sha256


def list_settings(folder: CampaignFolder) -> list[tuple[str, Path]]:
    """List the folder's own files beside the exports that decide a build; shipped ones are not listed."""
    names = [*STAFF_FILES, "campaign.toml"]
    for place, ending in (("codelists", "csv"), ("context", "csv"), ("recipes", "toml")):
        names += [f"{place}/{path.name}" for path in sorted((folder.root / place).glob(f"*.{ending}"))]
    names += [path.relative_to(folder.root).as_posix() for path in folder.language_files()]
    return [(name, folder.root / name) for name in names if (folder.root / name).is_file()]


def refuse_lost_settings(folder: CampaignFolder) -> None:
    """Refuse a lost `campaign.toml`: without it, the shipped title and days would be published in its place.

    Raises:
        CampaignError: the published build used one, it is gone, and no overlay replaces it.
    """
    pointer, name = read_pointer(folder), "campaign.toml"
    manifest = read_manifest(folder, str(pointer["build_id"])) if pointer else None
    is_tried = folder.overlay is not None and (folder.overlay / name).exists()
    if manifest is None or is_tried or (folder.root / name).is_file():
        return
    if any(file.name == name for file in manifest.settings):
        raise CampaignError(
            sentence(N_("{file} is gone, and what is published was built with it."), file=str(folder.root / name)),
            N_("Put it back: from a backup, or on the page Settings under History. What is published stays as it is."),
        )


@timed("inputs hashed and copied")
def keep(folder: CampaignFolder, built: Built, new_origins: Origins | None = None) -> None:
    """Copy the inputs of a finished build that are not kept yet, and write down their list.

    `new_origins`: the origins of the files that are new with this build.

    Raises:
        ChangedError: a file changed since it was read; the copies so far do no harm.
    """
    known_hashes = dict(built.fingerprints)
    files = tuple(KeptFile(name, known_hashes.get(name) or _hash(path)) for name, path in built.exports)
    settings = tuple(KeptFile(name, _hash(path)) for name, path in list_settings(folder))
    if not built.is_sample:
        make_private(folder, "inputs")
        for file, (_, path) in zip(files, built.exports, strict=True):
            _copy(path, kept_path(folder, file.sha256), file)
        for file in settings:
            _copy(folder.root / file.name, kept_path(folder, file.sha256), file)
    if build_id(folder, built.fingerprints, is_sample=built.is_sample) != built.build_id:
        raise ChangedError("A recipe, codelist, decision or campaign.toml changed during the build.", _CHANGED)
    reached(Step.NOTE_INPUTS)
    file_origins = dict[str, Origin]() if built.is_sample else _find_origins(folder, built.build_id, files)
    file_origins |= new_origins or {}
    kept_origins = {file.name: file_origins[file.name] for file in files if file.name in file_origins}
    fingerprints = tuple(sorted(built.fingerprints))
    write_manifest(
        folder,
        Manifest(
            built.build_id,
            built.is_sample,
            files,
            fingerprints,
            settings,
            origins=kept_origins,
            surroundings=built.surroundings,
        ),
    )


def _find_origins(folder: CampaignFolder, build_id: str, files: Iterable[KeptFile]) -> dict[str, Origin]:
    """Find the origins of files: from the same files of this build and of the published one, else from the sources."""
    published = str((read_pointer(folder) or {}).get("build_id", ""))
    manifests = [one for one in (read_manifest(folder, build_id), read_manifest(folder, published)) if one is not None]
    file_origins = {
        (f.name, f.sha256): one.origins[f.name] for one in manifests for f in one.files if f.name in one.origins
    }
    file_origins = source_notes.list_fetched(folder.private, folder.load().source) | file_origins
    return {
        file.name: file_origins[file.name, file.sha256] for file in files if (file.name, file.sha256) in file_origins
    }


def write_manifest(folder: CampaignFolder, manifest: Manifest) -> None:
    """Write down the inputs of a build."""
    path = make_private(folder, "builds") / f"{manifest.build_id}.json"
    write_file(path, json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n")


def read_manifest(folder: CampaignFolder, of_build: str) -> Manifest | None:
    """Read the list of a build's inputs; None when they are not kept or their list is damaged."""

    def parse(note: dict[str, Any]) -> Manifest:
        return Manifest(
            note["build_id"],
            note["is_sample"],
            tuple(KeptFile(**file) for file in note["files"]),
            tuple((name, sha256) for name, sha256 in note["fingerprints"]),
            tuple(KeptFile(**file) for file in note["settings"]),
            bool(note.get("is_erased")),
            source_notes.read_origins(note.get("origins")),
            str(note.get("surroundings", "")),
        )

    return read_json(folder.private / "builds" / f"{of_build}.json", parse)


def read_manifests(folder: CampaignFolder) -> Iterator[Manifest]:
    """List the inputs of every build that has kept them."""
    for path in sorted((folder.private / "builds").glob("*.json")):
        if (manifest := read_manifest(folder, path.stem)) is not None:
            yield manifest


def is_built_from(folder: CampaignFolder, of_build: str) -> bool:
    """Return whether building now would give that build again: same files, settings and program."""
    manifest = read_manifest(folder, of_build)
    if manifest is None:
        return False
    try:
        exports, is_sample = list_exports(folder)
    except UserError:
        return False
    if is_sample != manifest.is_sample or not same_files(exports, {file.name: file.sha256 for file in manifest.files}):
        return False
    return build_id(folder, manifest.fingerprints, is_sample=is_sample) == of_build


def same_files(exports: Iterable[tuple[str, Path]], hashes: Mapping[str, str]) -> bool:
    """Return whether these files (name, path) are still exactly those with these hashes, by name."""
    present = dict(exports)
    try:
        return present.keys() == hashes.keys() and all(
            hash_file(path) == hashes[name] for name, path in present.items()
        )
    except OSError:
        return False


def prune(folder: CampaignFolder, builds: Collection[str]) -> None:
    """Remove the kept inputs of all builds but these; the notes go first, so that none ever names a missing file."""
    for place in ("builds", "contacts"):
        for path in (folder.private / place).glob("*"):
            if path.stem not in builds:  # the leftovers of a killed publisher have a longer name
                remove(path)
    manifests = list(read_manifests(folder))
    hashes = {file.sha256 for manifest in manifests for file in (*manifest.files, *manifest.settings)}
    for path in (folder.private / "inputs").glob("*"):
        if path.name not in hashes:
            remove(path)


def is_kept(folder: CampaignFolder, path: Path) -> bool:
    """Return whether a build has kept a file's content."""
    return kept_path(folder, hash_file(path)).is_file()


def set_aside(folder: CampaignFolder, path: Path) -> Path | None:
    """Copy a file that is about to be replaced to `private/set_aside`, unless its content is kept with a build.

    Returns:
        The path of the copy; None when none was needed.
    """
    if is_kept(folder, path):
        return None
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H%M%S")
    places = (moment if turn == 1 else f"{moment} {turn}" for turn in count(1))
    place = next(p for p in places if not (folder.private / "set_aside" / p / path.name).exists())
    target = make_private(folder, "set_aside", place) / path.name
    put_file(path, target, is_copy=True)
    return target


def _hash(path: Path) -> str:
    try:
        return hash_file(path)
    except OSError as error:
        raise ChangedError(f"{path.name} went away during the build.", _CHANGED) from error


def _copy(source: Path, target: Path, file: KeptFile) -> None:
    if target.is_file():
        return
    digest = hashlib.sha256()
    try:
        with drafted(target, PRIVATE) as draft:
            with source.open("rb") as stream, open(draft, "wb", opener=for_owner) as copy:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    copy.write(chunk)
            if digest.hexdigest() != file.sha256:
                raise ChangedError(f"{file.name} changed during the build.", _CHANGED)
    except OSError as error:
        raise_explained(error)
        raise ChangedError(f"{file.name} cannot be copied ({error.strerror}).", _CHANGED) from error
