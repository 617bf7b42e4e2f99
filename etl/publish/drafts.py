"""Drafts: the builds that some uploaded files would give, made beside the inbox and published later unchanged."""

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from dashboard.campaign import source_notes, working_copy
from dashboard.campaign.answers.answer import Answer, Meaning
from dashboard.campaign.code_uses import list_named, read_published, refuse_used
from dashboard.campaign.codelists import load_codelist, load_codelists
from dashboard.campaign.context_files import PLACE as CONTEXT
from dashboard.campaign.context_files import is_context
from dashboard.campaign.folder import ANSWER_FILES, CampaignFolder
from dashboard.campaign.settings_history import BEFORE, list_changes, put_in_place
from dashboard.campaign.snapshot_schema import is_of_another
from dashboard.campaign.source_notes import DRAFT_OF
from dashboard.campaign.uploads import (
    DRAFT_NOTE,
    OTHER_DRAFT,
    UPLOAD_AGAIN,
    Draft,
    DraftError,
    FileState,
    Refusal,
    read_draft,
    write_draft,
)
from dashboard.campaign.working_copy import SETTINGS
from dashboard.errors import UserError, join, sentence
from dashboard.ground.codelist_codes import CODELISTS
from dashboard.ground.files.writing import hash_file, put_file
from dashboard.ground.processes.progress import Progress
from dashboard.i18n import N_
from etl.inputs.inbox import UnknownExportError, build_id, is_export, list_exports, list_inbox
from etl.inputs.uses_file import find_file, keep_answers
from etl.pipeline import ahead
from etl.pipeline.build import Built, Inputs, build, remove_leftovers
from etl.publish import begun, expired, history
from etl.publish.begun import UnfinishedStep
from etl.publish.kept_inputs import make_private, refuse_lost_settings, same_files, set_aside
from etl.publish.publish import publish, refuse_unanswered
from etl.recipes.recipe_file import load_recipes
from etl.steps import Step, reached

UPLOADS = "uploads"
REMOVED = "removed"
_MOST_TOLD = 10
"""The number of refused files with an explanation, where none is left."""


def make_draft(
    folder: CampaignFolder,
    uploads: Path,
    to: Path,
    progress: Progress,
    *,
    without: Collection[str] = (),
    answers: Sequence[Answer | Meaning] = (),
    inbox_alone: bool = False,
    tell_figures: Callable[[dict[str, int]], object] | None = None,
) -> Draft:
    """Build the inbox together with the uploaded files into the folder `to`; nothing is published.

    An upload that is refused does not stop the others; where it would have replaced a file of the inbox, that file
    stays. The shipped samples never mix with uploads. Files of the inbox named in `without` are left out. With
    `inbox_alone` no upload is needed, nor where the folder `to` brings settings: these are tried on the current files
    of the campaign, and only checked where there are none. The `answers` stay in the draft only, until it is
    published. Uploaded figures about countries become settings of the draft. `tell_figures` is as of `build`.

    Raises:
        UserError: no upload is left, a file of the inbox is refused, or the build does not hold together.
    """
    expired.remove_old_drafts(folder)
    inbox = _leave_out(dict(list_inbox(folder)), without)
    _take_context(uploads, to)
    uploaded = list_uploads(uploads)
    if not working_copy.is_working_copy(to):  # it brings no answers but those given now
        for name in ANSWER_FILES:
            (to / SETTINGS / name).unlink(missing_ok=True)
    settings = working_copy.list_changed(to)
    if not uploaded and not without and not (inbox_alone and inbox) and not settings:
        raise DraftError(f"There is no file in {uploads}.", "Choose at least one export to upload.")
    _make_owned(folder, to)
    of_draft = _with_answers(folder, to, answers)
    refuse_lost_settings(of_draft)
    refuse_lost_codes(folder, of_draft)
    if settings and not uploaded and not inbox:
        return _draft_settings(folder, of_draft, to, uploads, progress)
    refused: dict[str, UserError] = {
        name: DraftError(
            sentence(N_("“{name}” has the name of a file that is not an export."), name=name),
            N_("Rename it if it is one."),
        )
        for name, path in uploaded.items()
        if not is_export(path)
    }
    while True:
        accepted = {name: path for name, path in uploaded.items() if name not in refused}
        if not accepted and refused:
            raise _nothing_left(refused)
        exports = sorted((inbox | accepted).items())
        with ahead.build_further(
            of_draft, to, exports=exports, optional=accepted.keys(), progress=progress, tell_figures=tell_figures
        ) as built:
            newly = dict(built.skipped)
            refused |= newly
            if (accepted.keys() - newly.keys() or not uploaded) and not newly.keys() & inbox.keys():
                return place_draft(folder, built, to, uploads, inbox, refused, without)


def prepare_draft(
    folder: CampaignFolder, uploads: Path, to: Path, *, without: Collection[str] = (), inbox_alone: bool = False
) -> None:
    """Have processes go ahead with the next `make_draft` of these arguments, whatever answers it will get.

    Raises:
        UserError, OSError: it could not be made now.
    """
    inbox = _leave_out(dict(list_inbox(folder)), without)
    uploaded = {name: path for name, path in list_uploads(uploads).items() if is_export(path)}
    exports = sorted((inbox | uploaded).items())
    if exports and (uploaded or without or inbox_alone):
        ahead.go_ahead(Inputs(_of_draft(folder, to), tuple(exports), frozenset(uploaded)), to)


def _draft_settings(
    folder: CampaignFolder, of_draft: CampaignFolder, to: Path, uploads: Path, progress: Progress
) -> Draft:
    """Draft settings alone in a campaign whose inbox is empty: from the samples, else from nothing."""
    of_draft.load()
    load_codelists(of_draft)
    load_recipes(of_draft)
    try:
        list_exports(of_draft)
    except UserError:
        return place_draft(folder, Built("", to, to, is_sample=False), to, uploads, {}, {}, ())
    with build(of_draft, to, progress=progress) as built:
        return place_draft(folder, built, to, uploads, {}, {}, ())


def _with_answers(folder: CampaignFolder, to: Path, answers: Sequence[Answer | Meaning]) -> CampaignFolder:
    """Return the campaign with a draft's settings, and with the answers that it tries among these."""
    names = {find_file(answer) for answer in answers}
    if names:
        (to / SETTINGS).mkdir(mode=0o700, exist_ok=True)
    for name in names:
        if (folder.root / name).is_file():
            shutil.copyfile(folder.root / name, to / SETTINGS / name)
    keep_answers(_of_draft(folder, to), answers, place=to / SETTINGS)
    for name in names:
        in_draft, in_force = to / SETTINGS / name, folder.root / name
        if in_draft.is_file() and in_force.is_file() and hash_file(in_draft) == hash_file(in_force):
            in_draft.unlink()
    return _of_draft(folder, to)


def _of_draft(folder: CampaignFolder, place: Path) -> CampaignFolder:
    """Return the campaign as a draft reads it: with the draft's settings."""
    return CampaignFolder(folder.root, working_copy.find_overlay(place))


def _take_context(uploads: Path, to: Path) -> None:
    """Move uploaded figures about countries to the settings of a draft: they are no export."""
    for name, path in list_uploads(uploads).items():
        if is_context(path):
            target = to / SETTINGS / CONTEXT / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put_file(path, target)


def list_uploads(uploads: Path) -> dict[str, Path]:
    """List the uploaded files by their future names in the inbox."""
    return {path.name: path for path in sorted(uploads.glob("*"))}


def name_begun(place: Path) -> UnfinishedStep:
    """Make the note that a preview is being published."""
    return UnfinishedStep("publish-draft", str(place.resolve()))


def publish_held_draft(folder: CampaignFolder, place: Path) -> None:
    """Move a draft's uploads into the inbox and make its snapshot the published one.

    Call under `only_build`, as `holding.publish_draft` does. Killed half way, it is finished by the next command.

    Raises:
        DraftError: the inbox, the uploads or a setting changed since the preview; nothing has been changed.
        UserError: a question to staff is open; nothing has been changed.
    """
    draft = read_draft(place)
    if _hash_settings(place) != draft.settings:
        raise _changed()
    if not draft.build_id:
        _publish_settings(folder, place, draft)
        return
    if is_of_another(place / "snapshot.duckdb"):
        raise DraftError(OTHER_DRAFT, UPLOAD_AGAIN)
    _refuse_overtaken(folder, draft)
    uploads = Path(draft.uploads)
    accepted = {one.name: uploads / one.name for one in draft.files if (uploads / one.name).is_file()}
    removed = [one.name for one in draft.files if one.state == REMOVED]
    present = list_exports(folder)[0] if draft.is_sample else list_inbox(folder)
    staying = {name: path for name, path in present if name not in removed}
    exports = sorted((staying | accepted).items())
    if not is_of_now(folder, place, draft, exports):
        raise _changed()
    built = Built(draft.build_id, place / "snapshot.duckdb", place / "contacts.duckdb", is_sample=draft.is_sample)
    target = folder.published / f"snapshot-{draft.build_id}.duckdb"
    if not any(history.is_whole(path, draft.build_id) for path in (built.snapshot, target)):
        raise DraftError(
            N_("The snapshot of the preview is damaged."), N_("Make a new preview; nothing was published.")
        )
    refuse_unanswered(built.snapshot if built.snapshot.is_file() else target)
    with begun.noted(folder, name_begun(place)):
        put_settings_in_place(folder, place, draft.settings, (draft.base_build_id, draft.build_id))
        _move_uploads(folder, accepted)
        _take_out(folder, removed)
        built.exports = present if draft.is_sample else list_inbox(folder)
        built.fingerprints, built.surroundings = list(draft.fingerprints), draft.surroundings
        publish(folder, built, how=find_how(place, draft), new_origins=source_notes.read_of_draft(place))
    discard_draft(folder, place)


def is_of_now(folder: CampaignFolder, place: Path, draft: Draft, exports: Sequence[tuple[str, Path]]) -> bool:
    """Return whether a build of these files, made now with the draft's answers and settings, would be the draft's."""
    same = same_files(exports, draft.inputs) and _may_keep(folder, place, draft)
    return same and draft.build_id == build_id(_of_draft(folder, place), draft.fingerprints, is_sample=draft.is_sample)


def _publish_settings(folder: CampaignFolder, place: Path, draft: Draft) -> None:
    """Put settings in place where there was nothing to build from."""
    _refuse_overtaken(folder, draft)
    if not _may_keep(folder, place, draft):
        raise _changed()
    with begun.noted(folder, name_begun(place)):
        put_settings_in_place(folder, place, draft.settings, (draft.base_build_id, None))
    discard_draft(folder, place)


def _changed() -> DraftError:
    return DraftError(
        N_("Files or settings of the campaign changed since the preview was made."),
        N_("Make a new preview; nothing was published."),
    )


def find_how(place: Path, draft: Draft) -> history.How:
    """Name the way of a draft's publishing in the list of builds."""
    if (place / DRAFT_OF).is_file():
        return "fetch"
    is_of_settings = working_copy.is_working_copy(place) or not set(draft.settings) <= set(ANSWER_FILES)
    return "settings" if is_of_settings and not draft.files else "upload"


def discard_draft(folder: CampaignFolder, place: Path) -> None:
    """Remove a draft and the uploads that wait in it.

    Raises:
        DraftError: the folder is no place for drafts, so that nothing else is removed by mistake.
    """
    is_ours = place.resolve().parent == (folder.private / "drafts").resolve()
    if not is_ours and not any((place / name).exists() for name in (DRAFT_NOTE, "snapshot.duckdb")):
        raise DraftError(f"{place} is no preview.", "Name a folder inside private/drafts.")
    reached(Step.DISCARD)
    shutil.rmtree(place, ignore_errors=True)


def _make_owned(folder: CampaignFolder, to: Path) -> None:
    if folder.private in to.resolve().parents:
        make_private(folder, "drafts")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    to.chmod(0o700)
    remove_leftovers(to)


def _leave_out(inbox: dict[str, Path], without: Collection[str]) -> dict[str, Path]:
    unknown = sorted(set(without) - inbox.keys())
    if unknown:
        raise DraftError(f"There is no “{unknown[0]}” in the inbox.", "Name a file that is there.")
    remaining = {name: path for name, path in inbox.items() if name not in without}
    if inbox and not remaining:
        raise DraftError(
            N_("Without that file there would be nothing to build from."), N_("Upload other files instead.")
        )
    return remaining


def _nothing_left(refused: Mapping[str, UserError]) -> UserError:
    if len(refused) == 1:
        return next(iter(refused.values()))
    first = next(iter(refused.values()))
    sentences = [sentence(N_("None of the files can be used.")), *(error.what for error in refused.values())]
    if len(refused) > _MOST_TOLD:
        more = sentence(N_("Further files that cannot be used: {n}."), n=len(refused) - _MOST_TOLD)
        sentences = [*sentences[: _MOST_TOLD + 1], more]
    whats = join(sentences)
    is_unknown = all(isinstance(error, UnknownExportError) for error in refused.values())
    return UnknownExportError(whats, first.remedy) if is_unknown else DraftError(whats, first.remedy)


def place_draft(
    folder: CampaignFolder,
    built: Built,
    to: Path,
    uploads: Path,
    inbox: Mapping[str, Path],
    refused: Mapping[str, UserError],
    without: Collection[str],
) -> Draft:
    """Put a finished draft and its note into its folder; without a build id it has settings alone."""
    for path in (built.snapshot, built.contacts) if built.build_id else ():
        reached(Step.PLACE_DRAFT)
        path.chmod(0o600)
        path.replace(to / path.name)
    settings = _hash_settings(to)
    known_hashes = dict(built.fingerprints)
    hashes = {name: known_hashes.get(name) or hash_file(path) for name, path in built.exports}
    uploaded = list_uploads(uploads)
    pointer = history.read_pointer(folder)
    files = [FileState(name, _state(hashes[name], inbox.get(name))) for name in uploaded if name not in refused]
    draft = Draft(
        build_id=built.build_id,
        base_build_id=str(pointer["build_id"]) if pointer else None,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        is_sample=built.is_sample,
        files=(*files, *(FileState(name, REMOVED) for name in sorted(without))),
        refused=tuple(Refusal(name, error.what, error.remedy) for name, error in refused.items()),
        uploads=str(uploads.resolve()),
        inputs=hashes,
        fingerprints=built.fingerprints,
        said_before=_hash_present(folder, settings),
        settings=settings,
        surroundings=built.surroundings,
    )
    reached(Step.NOTE_DRAFT)
    write_draft(to, draft)
    return draft


def _refuse_overtaken(folder: CampaignFolder, draft: Draft) -> None:
    """Refuse a draft where something was published since: it does not show its changes to that.

    A file that both bring would be replaced unseen, since the inbox has no other files than the draft knows.
    """
    pointer = history.read_pointer(folder)
    published = str(pointer["build_id"]) if pointer else None
    if published not in (draft.base_build_id, draft.build_id):
        raise DraftError(
            N_("Another build was published since the preview was made."),
            N_("Refresh the preview: it shows what publishing it would change now. Nothing was published."),
        )


def _may_keep(folder: CampaignFolder, place: Path, draft: Draft) -> bool:
    """Return whether the files that a draft would replace are as they were when it was made, or already its own."""
    return all(
        sha256 == draft.said_before.get(name) or _brings(place / SETTINGS / name, sha256)
        for name, sha256 in _hash_present(folder, draft.settings).items()
    )


def _brings(draft_file: Path, sha256: str | None) -> bool:
    """Return whether a file of a draft has this content; an empty one stands for none."""
    return draft_file.is_file() and sha256 == (hash_file(draft_file) if draft_file.stat().st_size else None)


def _hash_present(folder: CampaignFolder, settings: Collection[str]) -> dict[str, str | None]:
    """Hash some of the campaign's files of settings; None for a missing one."""
    paths = {name: folder.root / name for name in settings}
    return {name: hash_file(path) if path.is_file() else None for name, path in paths.items()}


def _hash_settings(place: Path) -> dict[str, str]:
    """Hash the files of settings that a draft brings."""
    return {name: hash_file(place / SETTINGS / name) for name in working_copy.list_changed(place)}


def put_settings_in_place(
    folder: CampaignFolder, place: Path, names: Collection[str], builds: tuple[str | None, str | None]
) -> None:
    """Put the files of settings of a draft in place; both sides of the change are kept. Call under `only_build`.

    `builds`: the published builds before and after; None for none.
    """
    if names:
        change_folder = make_private(folder, SETTINGS, place.name)
        put_in_place(folder.root, place, change_folder, names, builds, lambda: reached(Step.PUT_SETTINGS))


def _state(sha256: str, in_inbox: Path | None) -> str:
    if in_inbox is None:
        return "added"
    return "unchanged" if hash_file(in_inbox) == sha256 else "replaces"


def _move_uploads(folder: CampaignFolder, accepted: Mapping[str, Path]) -> None:
    """Move uploads into the inbox; a file they replace that no kept build has is set aside."""
    folder.inbox.mkdir(exist_ok=True)
    for name, path in accepted.items():
        reached(Step.MOVE_UPLOAD)
        target = folder.inbox / name
        if target.is_file():
            set_aside(folder, target)
        put_file(path, target)


def _take_out(folder: CampaignFolder, names: Collection[str]) -> None:
    """Take files out of the inbox; one that no kept build has is set aside."""
    for name in names:
        reached(Step.TAKE_OUT)
        path = folder.inbox / name
        if path.is_file():
            set_aside(folder, path)
            path.unlink()


def refuse_lost_codes(folder: CampaignFolder, of_draft: CampaignFolder) -> None:
    """Refuse a draft whose codelists lose codes in use: a renamed code is lost, too.

    Undoing changes of a list is allowed: their additions go again.

    Raises:
        UserError: the published data or the campaign's settings use a lost code; or a list cannot be read.
    """
    lost = [key for name in CODELISTS for key in _list_lost(folder, of_draft, name)]
    if not lost:
        return
    uses = list_named(of_draft, load_codelists(of_draft))
    pointer = history.read_pointer(folder)
    published = read_published(folder.published / str(pointer["snapshot"])) if pointer else {}
    for key in lost:
        refuse_used(*key, {**uses.get(key, {}), **published.get(key, {})})


def _list_lost(folder: CampaignFolder, of_draft: CampaignFolder, name: str) -> Iterator[tuple[str, str]]:
    """List the codes of a list that the draft lacks, unless the draft undoes changes of the list."""
    before, after = folder.codelist_file(name), of_draft.codelist_file(name)
    if before == after or _is_undone(folder, of_draft, name):
        return
    codes = {code.code for code in load_codelist(of_draft, name)}
    yield from ((name, code.code) for code in load_codelist(folder, name) if code.code not in codes)


def _is_undone(folder: CampaignFolder, of_draft: CampaignFolder, name: str) -> bool:
    """Return whether a draft takes a list back to before a published change: codes added since go again."""
    file = f"codelists/{name}.csv"
    draft_text = b"" if of_draft.overlay is None else _read(of_draft.overlay / file)
    changes = [change for change in list_changes(folder.root) if file in change.files]
    return any(draft_text == _read(change.place / BEFORE / file) for change in changes)


def _read(path: Path) -> bytes:
    """Read a file; a missing one is empty."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
