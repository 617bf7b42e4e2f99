"""A build made again from its kept inputs, in a folder of its own: published files are not touched.

Each kept file is compared with its hash in the build's note, so that one changed byte is found and named.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.campaign.folder import DESIGN_FILES, CampaignFolder
from dashboard.errors import UserError
from dashboard.ground.files.writing import hash_file
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.handles import key_file
from etl.inputs.inbox import list_exports
from etl.pipeline.build import build
from etl.publish import history
from etl.publish.kept_inputs import KeptFile, Manifest, kept_path, read_manifest
from etl.publish.publish import publish


class InputsGoneError(UserError):
    """The inputs of a build are not kept any more."""


@dataclass(frozen=True)
class ChangedInput:
    """One input that differs from the one the build read: its name, and both hashes."""

    name: str
    recorded: str
    found: str


@dataclass(frozen=True)
class MadeAgain:
    """A build that was made again.

    Attributes:
        build_id: Its id; another one than the build's where the program is another.
    """

    root: Path
    build_id: str
    content_id: str


@dataclass
class KeptBuild:
    """The kept inputs of a build.

    Attributes:
        changed: Kept inputs that are not as they were.
        erased: Whether a person was erased from them since.
    """

    manifest: Manifest
    changed: list[ChangedInput] = field(default_factory=list)
    erased: bool = False


def find_kept(folder: CampaignFolder, build_id: str) -> KeptBuild:
    """Find the inputs of a build, and compare each with its noted hash.

    Raises:
        InputsGoneError: they are not kept, or one of them is gone.
    """
    manifest = read_manifest(folder, build_id)
    if manifest is None:
        raise _gone(folder, build_id)
    kept_build = KeptBuild(manifest, erased=manifest.is_erased)
    for file in (*manifest.files, *manifest.settings):
        path = _find_input(folder, manifest, file, folder.samples if file in manifest.files else folder.root)
        if not path.is_file():
            raise InputsGoneError(
                f"{file.name}, an input of build {build_id}, is no longer kept ({file.sha256}).",
                "Put it into the inbox and build again, then verify what is made of that build.",
            )
        digest = hash_file(path)
        if digest != file.sha256:
            kept_build.changed.append(ChangedInput(file.name, file.sha256, digest))
    return kept_build


def _gone(folder: CampaignFolder, build_id: str) -> InputsGoneError:
    if any(entry["build_id"] == build_id for entry in history.read_history(folder)):
        what = f"The inputs of build {build_id} were not kept."
    else:
        what = f"The inputs of build {build_id} are no longer kept."
    return InputsGoneError(
        what,
        "Take the figure again from today's build, or put the files of then into the inbox and build again "
        "(python -m etl history lists the builds that are kept; DASHBOARD_BUILDS_KEPT sets how many).",
    )


def _find_input(folder: CampaignFolder, manifest: Manifest, file: KeptFile, place: Path) -> Path:
    """Find an input: the sample's sources lie with the program, all others among the kept inputs."""
    return place / file.name if manifest.is_sample else kept_path(folder, file.sha256)


@contextmanager
def made_again(folder: CampaignFolder, kept_build: KeptBuild, place: Path) -> Iterator[MadeAgain]:
    """Build from kept inputs, and publish inside the folder `place`, which nobody else reads.

    Raises:
        UserError: the inputs cannot be built from.
    """
    root = place / "campaign"
    (root / "inbox").mkdir(parents=True, mode=0o700)
    for file in kept_build.manifest.settings:
        _copy(_find_input(folder, kept_build.manifest, file, folder.root), root / file.name)
    for private in (key_file(folder), folder.private / FORGOTTEN):
        if private.is_file():
            _copy(private, root / "private" / private.name)
    for path in filter(None, map(folder.find_design, DESIGN_FILES)):
        shutil.copyfile(path, root / path.name)
    if (folder.root / "locales").is_dir() and not (root / "locales").exists():  # words, which no figure depends on
        shutil.copytree(folder.root / "locales", root / "locales")
    if folder.samples.is_dir():  # they mark the fictional data
        shutil.copytree(folder.samples, root / "samples", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    inbox = (root / "inbox").resolve()
    for file in () if kept_build.manifest.is_sample else kept_build.manifest.files:
        target = (inbox / file.name).resolve()
        if inbox not in target.parents:
            raise InputsGoneError(f"{file.name} does not lie inside the inbox.", "The note of the build is damaged.")
        _copy(kept_path(folder, file.sha256), target)
    again = CampaignFolder(root)
    exports, _ = list_exports(again)
    with build(again, again.published, exports=None if kept_build.manifest.is_sample else exports) as built:
        publish(again, built)
    pointer = history.read_pointer(again) or {}
    yield MadeAgain(root, str(pointer["build_id"]), str(pointer.get("content_id") or ""))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
