"""Going back to an earlier build: its snapshot is published again, and the inbox gets the files it was made from."""

from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.errors import UserError
from dashboard.faults import ComputerError
from dashboard.ground.files.writing import hash_file, put_file
from etl.inputs.accepted_reports import settle_reports
from etl.inputs.inbox import list_inbox
from etl.inputs.reports_file import ReportsFileError
from etl.pipeline.build import build
from etl.publish import begun, history
from etl.publish.begun import UnfinishedStep
from etl.publish.kept_inputs import (
    KeptFile,
    Manifest,
    is_kept,
    kept_path,
    list_settings,
    read_manifest,
    set_aside,
)
from etl.publish.publish import publish, switch
from etl.steps import Step, reached

NOTHING = "nothing"
"""In the place of a build's id: the state before the first publication."""


class RestoreError(UserError):
    """That build cannot be restored; nothing has been changed."""


@dataclass
class Restored:
    """The changes of a restoring.

    Attributes:
        put_back: Files that are in the inbox again (and `decisions.csv`).
        left_alone: Files of the inbox that were never built: the next build reads them too.
        set_aside: The copies of files that had the name of one to be put back and were never built.
        changed_since: Recipes, codelists and `campaign.toml` that differ from those of the build.
        is_of_another: Whether another version of the program made the build, so that its files are built again.
    """

    build_id: str
    put_back: list[str] = field(default_factory=list)
    taken_out: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)
    changed_since: list[str] = field(default_factory=list)
    is_rehearsal: bool = False
    is_of_another: bool = False
    built_as: str = ""


def restore_held(folder: CampaignFolder, build_id: str, *, is_rehearsal: bool = False) -> Restored:
    """Make an earlier build the published one, and the inbox as it was then; call under `only_build`.

    The inbox comes first and the pointer last: stopped half way, the published snapshot is the one from before,
    every file is in the inbox or kept, and the next command of the campaign finishes the work. Where another version of
    the program made the build, its files are built again by this one. A rehearsal changes nothing.

    Raises:
        RestoreError: the build, its snapshot or a file of it is no longer kept, or it cannot be built again.
    """
    entry = next((e for e in history.read_history(folder) if e["build_id"] == build_id), None)
    if entry is None:
        raise RestoreError(
            f"There is no build {build_id} among those that are kept.", "python -m etl history lists them."
        )
    snapshot = folder.published / entry["snapshot"]
    is_others = is_of_another(snapshot)
    if not is_others and not history.is_whole(snapshot, build_id):
        raise RestoreError(
            f"The snapshot of build {build_id} ({entry['snapshot']}) is gone or damaged.",
            "Put the files it was made from into the inbox and build again.",
        )
    manifest = _read_complete(folder, build_id)
    done = Restored(build_id, is_rehearsal=is_rehearsal, is_of_another=is_others)
    with nullcontext() if is_rehearsal else begun.noted(folder, UnfinishedStep("restore", build_id)):
        _put_back(folder, manifest, done)
        _put_back_settled(folder, manifest, done)
        _take_out(folder, manifest, done)
        _settle_reports(folder, done)
        then = {file.name: file.sha256 for file in manifest.settings}
        now = {name: hash_file(path) for name, path in list_settings(folder)}
        names: Iterable[str] = (then.keys() | now.keys()) - set(STAFF_FILES)
        done.changed_since = sorted(name for name in names if then.get(name) != now.get(name))
        if is_others and not is_rehearsal:
            done.built_as = _build_again(folder, build_id)
        elif not is_rehearsal:
            switch(folder, snapshot, how="restore")
    return done


def _build_again(folder: CampaignFolder, build_id: str) -> str:
    """Build and publish the current inbox; return the build's id.

    Raises:
        RestoreError: the files are in the inbox again, but this program cannot build from them.
    """
    try:
        with build(folder, folder.published) as built:
            publish(folder, built, how="restore")
    except ComputerError:
        raise
    except UserError as error:
        begun.drop(folder)
        raise RestoreError(
            f"The files of build {build_id} are in the inbox again, but nothing was published: {error.what}",
            error.remedy,
        ) from error
    return built.build_id


def withdraw_held(folder: CampaignFolder, *, is_rehearsal: bool = False) -> Restored:
    """Withdraw the published build as `holding.withdraw` does; call under `only_build`."""
    done = Restored(NOTHING, is_rehearsal=is_rehearsal)
    with nullcontext() if is_rehearsal else begun.noted(folder, UnfinishedStep("withdraw")):
        _take_out(folder, Manifest(NOTHING, False, (), (), ()), done)
        _settle_reports(folder, done)
        if not is_rehearsal:
            reached(Step.WITHDRAW)
            (folder.published / history.POINTER).unlink(missing_ok=True)
            (folder.private / "contacts.duckdb").unlink(missing_ok=True)
    return done


def _read_complete(folder: CampaignFolder, build_id: str) -> Manifest:
    manifest = read_manifest(folder, build_id)
    if manifest is None:
        raise RestoreError(
            f"The files of build {build_id} were not kept.", "Put them into the inbox yourself and build again."
        )
    if manifest.is_sample:  # made from the samples that come with the program: the inbox was empty
        return Manifest(build_id, True, (), manifest.fingerprints, manifest.settings)
    files = [*manifest.files, *(file for file in manifest.settings if file.name in STAFF_FILES)]
    for file in files:
        path = kept_path(folder, file.sha256)
        if not path.is_file() or hash_file(path) != file.sha256:
            raise RestoreError(
                f"{file.name}, a file of build {build_id}, is no longer kept as it was.",
                "Put it into the inbox yourself and build again.",
            )
    return manifest


def _put_back(folder: CampaignFolder, manifest: Manifest, done: Restored) -> None:
    for file in manifest.files:
        if not done.is_rehearsal:
            reached(Step.PUT_BACK)
        target = _inside(folder.inbox, file.name)
        if _replace(folder, file, target, done):
            done.put_back.append(file.name)


def _put_back_settled(folder: CampaignFolder, manifest: Manifest, done: Restored) -> None:
    """Put back the answers of staff from the time of the build, and take out later ones."""
    if manifest.is_sample:
        return
    then = {file.name: file for file in manifest.settings}
    for name in STAFF_FILES:
        target = folder.root / name
        if name in then:
            if _replace(folder, then[name], target, done):
                done.put_back.append(name)
        elif target.is_file():
            _set_aside(folder, target, done)
            if not done.is_rehearsal:
                target.unlink()
            done.taken_out.append(name)


def _replace(folder: CampaignFolder, file: KeptFile, target: Path, done: Restored) -> bool:
    """Put one kept file back; False when it is there already."""
    if target.is_file():
        if hash_file(target) == file.sha256:
            return False
        _set_aside(folder, target, done)
    if done.is_rehearsal:
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    put_file(kept_path(folder, file.sha256), target, is_copy=True, mode=None)
    return True


def _take_out(folder: CampaignFolder, manifest: Manifest, done: Restored) -> None:
    names = {file.name for file in manifest.files}
    for name, path in list_inbox(folder):
        if name in names:
            continue
        if path.is_file() and is_kept(folder, path):
            if not done.is_rehearsal:
                reached(Step.TAKE_OUT)
                path.unlink()
            done.taken_out.append(name)
        else:
            done.left_alone.append(name)


def _settle_reports(folder: CampaignFolder, done: Restored) -> None:
    """Let the reports by link wait whose rows have left the inbox; those that are back are accepted."""
    if not done.is_rehearsal:
        with suppress(ReportsFileError):  # the next decision about reports says what is wrong with the file
            settle_reports(folder)


def _set_aside(folder: CampaignFolder, target: Path, done: Restored) -> None:
    """Keep a file that is in the way and was never built; a rehearsal only names it."""
    if done.is_rehearsal:
        if not is_kept(folder, target):
            done.set_aside.append(target.name)
        return
    copy = set_aside(folder, target)
    if copy is not None:
        done.set_aside.append(copy.relative_to(folder.root).as_posix())


def _inside(inbox: Path, name: str) -> Path:
    path = (inbox / name).resolve()
    if inbox.resolve() not in path.parents:
        raise RestoreError(f"{name} does not lie inside the inbox.", "Nothing was changed.")
    return path
