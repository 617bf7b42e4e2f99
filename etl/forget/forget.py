"""Forget a person: find and empty every place of an e-mail address, and add it to the list.

In a table, the personal cells of a row belong to the person whose address stands in it, so they go together.
Tables keep their rows and everything else a build reads; files that cannot be changed safely are named, to be done by
hand.
"""

import logging
import re
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dashboard.access.audit.forgetting import erase_person
from dashboard.access.audit.log import FOLDER as AUDIT
from dashboard.access.audit.log import find_actor
from dashboard.access.roles_file import FORMER
from dashboard.access.roles_file import NAME as ROLES
from dashboard.campaign import colleagues, source_notes
from dashboard.campaign.builds import read_kept, release
from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.campaign.reporting.evidence_store import FOLDER as EVIDENCE
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.campaign.reporting.links import find_today
from dashboard.campaign.reporting.published_files import FOLDER as PUBLIC
from dashboard.campaign.reporting.reports import FOLDER as REPORTS
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportKind, ReportState
from dashboard.campaign.reporting.withdrawal import remove_public_copies, withdraw
from dashboard.campaign.working_copy import SETTINGS
from dashboard.errors import UserError
from dashboard.faults import computer_faults
from dashboard.ground.files.writing import PRIVATE, drafted, hash_file, link_or_copy, put_file, remove
from dashboard.mail.forgetting import forget_person
from dashboard.paths import quote_path
from dashboard.scratch import Scratch
from etl.forget import databases
from etl.forget.cleaned_file import Eraser, Erasure, Place, ask, name_as_xlsx
from etl.inputs.accepted_reports import settle_reports
from etl.inputs.forgotten import FORGOTTEN, add_forgotten, holds, name_without, without
from etl.inputs.handles import HiddenIds
from etl.inputs.inbox import leads_out, list_inbox
from etl.pipeline.build import build
from etl.publish import history, kept_inputs
from etl.publish.expired import list_former
from etl.publish.kept_inputs import KeptFile, kept_path
from etl.publish.publish import publish, remove_old, use_contacts
from etl.recipes.recipe_file import list_prefixes, load_recipes
from etl.steps import Step, reached

LOG = logging.getLogger(__name__)
ERASED = "The person was forgotten"
"""Why a request for erasure is set aside once it is done."""


@dataclass
class Forgetting:
    """The places of the person and the changes, or, in a dry run, the changes to come.

    Attributes:
        places: Every cell, with its file.
        rewritten: Rewritten workbooks, with less content; members of archives included.
        renamed: Files with another name: workbooks that became an `.xlsx`, and those whose name held the address;
            the old name, without the address, and the new one.
        left_out: Removed members of archives: no exports, and not to be changed safely.
        by_hand: Files that must be changed by hand, each with the reason.
        no_longer_kept: Files of earlier builds that could not be changed, so that their copies are removed.
        drafts: Previews that held the person, by name; they are removed.
        builds: Kept builds whose data itself held the address, by id; all but the published one are removed.
        is_changed: Whether anything changed that the next build reads.
    """

    places: list[Place] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)
    no_longer_kept: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    builds: list[str] = field(default_factory=list)
    is_changed: bool = False


def check_address(address: str) -> str:
    """Return the address in small letters."""
    plain = address.strip().lower()
    if "@" not in plain[1:-1] or any(map(str.isspace, plain)):
        raise UserError("That is no e-mail address.", "Write it as name@example.org.")
    return plain


def forget(folder: CampaignFolder, address: str, *, dry_run: bool = False) -> Forgetting:
    """Find a person by an e-mail address everywhere in a campaign folder, and erase their data.

    Call under the lock, and build afterwards where `is_changed`. Stopped half way, it can be called again.

    `address`: the result of `check_address`.

    Raises:
        UserError: a recipe or the list of forgotten persons cannot be read.
    """
    result = Forgetting()
    if not dry_run:
        reached(Step.NOTE_PERSON)
        kept_inputs.make_private(folder)
        add_forgotten(folder, address)
        source_notes.drop_copies(folder.private)
    with Scratch("forget") as place, duckdb.connect() as connection:
        recipes = load_recipes(folder)
        hidden = HiddenIds(folder, list_prefixes(recipes), key=secrets.token_bytes(32) if dry_run else b"")
        walk = _Walk(Eraser(address, recipes, connection, hidden.hide), Path(place), result, dry_run)
        _walk_campaign(folder, walk)
        _walk_kept(folder, walk)
        _walk_drafts(folder, walk)
        _walk_contacts(folder, walk)
        reached(Step.CLEAN_MAILS)
        result.places += [Place(place) for place in forget_person(folder.private, address, dry_run=dry_run)]
        result.places += [Place(place) for place in colleagues.erase(folder.root, address, dry_run=dry_run)]
        result.places += [Place(place) for place in erase_person(folder.root, address, dry_run=dry_run)]
        _walk_reports(folder, walk)
        _walk_evidence(folder, walk)
        _walk_rest(folder, walk)
    snapshots = {entry["build_id"]: folder.published / entry["snapshot"] for entry in history.read_history(folder)}
    for build_id in sorted(read_kept(folder.root)):  # those that embeds were frozen at outlive the history
        snapshots.setdefault(build_id, folder.published / f"snapshot-{build_id}.duckdb")
    result.builds = [build_id for build_id, snapshot in snapshots.items() if _snapshot_holds(snapshot, address)]
    for former in map(CampaignFolder, list_former(folder)):
        _forget_in_former(former, address, result, dry_run)
    result.places = list(dict.fromkeys(result.places))
    return result


def _forget_in_former(former: CampaignFolder, address: str, result: Forgetting, dry_run: bool) -> None:
    """Erase the person in a folder that restoring a backup has put aside; nobody builds there."""
    inner = forget(former, address, dry_run=dry_run)
    result.places += [replace(place, file=f"{former.root.name}/{place.file}") for place in inner.places]
    result.by_hand += [(f"{former.root.name}/{name}", reason) for name, reason in inner.by_hand]
    if not dry_run:
        drop_builds(former, inner.builds)


def drop_builds(folder: CampaignFolder, builds: list[str]) -> None:
    """Take builds out of the history with all their files; the published one stays. Call under the lock.

    Embeds frozen at them then say that the build is gone.

    Raises:
        UserError: the list of builds kept for embeds cannot be read or written.
    """
    reached(Step.DROP_BUILDS)
    release(folder.root, builds)
    entries = history.read_history(folder)
    history.write_history(folder, [e for e in entries if e["is_current"] or e["build_id"] not in builds])
    remove_old(folder)


def rebuild(folder: CampaignFolder, done: Forgetting) -> UserError | None:
    """Publish the campaign as it is now, and drop the builds that held the address; return the error of the build."""
    try:
        if done.is_changed and list_inbox(folder):
            published = history.read_pointer(folder) or {}
            sources = source_notes.read_of_build(
                folder.root, str(published.get("build_id", ""))
            )  # the files are others now
            settle_reports(folder)
            with computer_faults(), build(folder, folder.published) as built:
                publish(folder, built, how="forget", new_origins=sources)
    except UserError as error:
        return error
    finally:
        drop_builds(folder, done.builds)
    return None


class _Walk:
    """Goes through files and notes in the result the change of each."""

    def __init__(self, eraser: Eraser, place: Path, result: Forgetting, dry_run: bool) -> None:
        self._eraser = eraser
        self.address = eraser.address
        self._place = place
        self._seen: dict[tuple[str, str], Erasure] = {}
        self.visited: set[Path] = set()
        self.new_names: dict[str, str] = {}
        self.result = result
        self.dry_run = dry_run

    def look(self, path: Path, name: str) -> Erasure:
        """Find the person in a file, and make its new content; a copy under the same name gets the same one."""
        self.visited.add(path)
        key = (hash_file(path), name)
        if key not in self._seen:
            work = self._place / str(len(self._seen))
            (work / "new").mkdir(parents=True)
            working_file = work / Path(name).name  # readers go by the extension, which a kept file has not
            link_or_copy(path, working_file)
            renamed = self._rename_in(path) if name in STAFF_FILES else None
            if renamed is not None:
                working_file.unlink()
                working_file.write_bytes(renamed)
            erasure = self._seen[key] = self._eraser.erase(working_file, name, work / "new")
            if renamed is not None and erasure.content is None:
                erasure.content = working_file
                erasure.places.append(Place(name, header="the name of a file"))
        erasure = self._seen[key]
        self.result.places += [self._tell(place) for place in erasure.places]
        return erasure

    def stands_in(self, path: Path, name: str) -> bool:
        """Return whether the address stands in a document."""
        with path.open("rb") as stream:
            return stream.read(4) == b"%PDF" and self._eraser.stands_in(path.read_bytes(), name)

    def _tell(self, place: Place) -> Place:
        """Return the place by names without the address."""
        file = name_without(place.file, self.address)
        return replace(place, file=file, sheet=place.sheet and name_without(place.sheet, self.address))

    def change(self, path: Path, name: str, *, counts: bool) -> None:
        """Erase the person in a file of the campaign folder itself."""
        erasure = self.look(path, name)
        clean = name_without(name, self.address)
        self.result.rewritten += [name_without(book, self.address) for book in erasure.rewritten]
        self.result.left_out += erasure.left_out
        if erasure.by_hand:
            self.result.by_hand.append((clean, erasure.by_hand))
        if erasure.content is None and erasure.name == name:
            return
        target = _of_root(path, name) / erasure.name
        is_taken = target != path and target.exists()
        if is_taken:
            self.result.by_hand.append((clean, f"it is to be called {target.name}, but that is taken: rename it"))
        elif target != path:
            self.result.renamed.append((clean, erasure.name))
            self.new_names[name] = erasure.name
        if not self.dry_run:
            reached(Step.CLEAN_FILE)
            if erasure.content is not None:
                put_file(erasure.content, path, is_copy=True, mode=None)
            if target != path and not is_taken:
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
                place = path.parent
                while place != _of_root(path, name) and not any(place.iterdir()):
                    place.rmdir()
                    place = place.parent
            self.result.is_changed |= counts

    def _rename_in(self, path: Path) -> bytes | None:
        """Rewrite the answers of staff on files, with the new names; None where they name no renamed file."""
        before = after = path.read_bytes()
        for name, new in self.new_names.items():
            after = after.replace(name.encode(), new.encode())
        return None if after == before else after


def _of_root(path: Path, name: str) -> Path:
    """Find the folder in which a file has a name, which may be a path."""
    return path.parents[len(Path(name).parts) - 1]


def _walk_campaign(folder: CampaignFolder, walk: _Walk) -> None:
    for path in _files(folder.inbox):
        name = path.relative_to(folder.inbox).as_posix()
        if leads_out(folder, path):
            walk.result.by_hand.append(
                (name, "it is a link to a file outside of the inbox: look there, remove the link")
            )
        else:
            walk.change(path, name, counts=True)
    for path in _files(folder.private / "set_aside"):
        walk.change(path, path.relative_to(folder.root).as_posix(), counts=False)
    _walk_changes(folder, walk)
    _walk_roles(folder, walk)
    for name in STAFF_FILES:
        if (folder.root / name).is_file():
            walk.change(folder.root / name, name, counts=True)
    for place in ("recipes", "codelists", "context", "briefings", "campaign.toml"):
        for path in _files(folder.root / place):
            name = path.relative_to(folder.root).as_posix()
            if walk.look(path, name).places:
                walk.result.by_hand.append((name, "it is no export: remove the address yourself"))


def _walk_roles(folder: CampaignFolder, walk: _Walk) -> None:
    """Name the entry that gives the person a role, since another one may have to be administrator; drop its undo."""
    for name in (ROLES, FORMER):
        path = folder.private / name
        walk.visited.add(path)
        if not path.is_file() or not holds(path.read_text("utf-8", "replace"), walk.address):
            continue
        walk.result.places.append(Place(f"private/{name}"))
        if name == ROLES:
            how = "take the entry out on People and roles, or by python -m dashboard roles remove"
            walk.result.by_hand.append((f"private/{name}", f"it says what the person may do: {how}"))
        elif not walk.dry_run:
            reached(Step.CLEAN_FILE)
            remove(path)


def _walk_changes(folder: CampaignFolder, walk: _Walk) -> None:
    """Remove kept changes of settings that hold the person: with one side cleaned, putting back would be wrong."""
    for change in sorted((folder.private / SETTINGS).glob("*")):
        places = [walk.look(path, path.relative_to(folder.root).as_posix()).places for path in _files(change)]
        if any(places) and not walk.dry_run:
            reached(Step.CLEAN_FILE)
            shutil.rmtree(change)


def _walk_kept(folder: CampaignFolder, walk: _Walk) -> None:
    """Erase the person in the kept inputs; a file that cannot be changed is not kept any longer."""
    address = walk.address
    manifests = list(kept_inputs.read_manifests(folder))
    names = {file.sha256: file.name for manifest in manifests for file in (*manifest.files, *manifest.settings)}
    new_hashes: dict[str, str] = {}
    workbooks: set[str] = set()
    for path in _files(folder.private / "inputs"):
        name = names.get(path.name, f"{path.name}.txt")
        erasure = walk.look(path, name)
        is_named = erasure.content is None and erasure.name != name  # the name alone holds the address
        if walk.dry_run or is_named or not (erasure.places or erasure.by_hand):
            continue
        reached(Step.CLEAN_KEPT)
        if erasure.content is None or erasure.by_hand:
            remove(path)
            walk.result.no_longer_kept.append(name_without(name, address))
            continue
        new_hashes[path.name] = hash_file(erasure.content)
        put_file(erasure.content, kept_path(folder, new_hashes[path.name]), is_copy=True)
        if erasure.content.suffix == ".xlsx":
            workbooks.add(path.name)

    def replace_content(file: KeptFile) -> KeptFile:
        name = name_as_xlsx(file.name) if file.sha256 in workbooks else file.name
        return KeptFile(name_without(name, address), new_hashes.get(file.sha256, file.sha256))

    for manifest in [] if walk.dry_run else manifests:
        files, settings = (tuple(map(replace_content, entries)) for entries in (manifest.files, manifest.settings))
        read = tuple((name_without(name, address), sha256) for name, sha256 in manifest.fingerprints)
        changed = replace(manifest, files=files, settings=settings, fingerprints=read)
        if changed != manifest:
            reached(Step.NOTE_CLEANED)
            kept_inputs.write_manifest(folder, replace(changed, is_erased=True))
    for sha256 in new_hashes:
        reached(Step.DROP_KEPT)
        remove(kept_path(folder, sha256))


def _walk_drafts(folder: CampaignFolder, walk: _Walk) -> None:
    """Remove previews that hold the person, whether in an upload or in the build of the inbox: previews are cheap."""
    for draft in sorted((folder.private / "drafts").glob("*")):
        names = [(path, f"{draft.name}/{path.relative_to(draft).as_posix()}") for path in _files(draft)]
        if any([_is_in(walk, path, name) for path, name in names]):  # all of them, to tell where
            walk.result.drafts.append(draft.name)
            if not walk.dry_run:
                reached(Step.DROP_DRAFT)
                shutil.rmtree(draft, ignore_errors=True)


def _is_in(walk: _Walk, path: Path, name: str) -> bool:
    """Return whether a file holds the person, or may hold them."""
    if not databases.is_database(path):
        erasure = walk.look(path, name)
        return bool(erasure.places or erasure.by_hand)
    walk.visited.add(path)
    try:
        tables = databases.find_tables(path, walk.address)
    except databases.FAULTS:
        return True
    walk.result.places += [Place(f"{name}: {table}") for table in tables]
    return bool(tables)


def _walk_reports(folder: CampaignFolder, walk: _Walk) -> None:
    """Take the person out of whom new actions name and of names of files, which texts do not show as an address.

    The person's own request for it is done with this.
    """
    box, decided_by = ReportBox(folder.private), find_actor().person.key

    def clean(report: Report) -> Report:
        if report.kind is ReportKind.ERASURE and report.correction == walk.address:
            erased = replace(report, correction="", state=ReportState.SET_ASIDE, reason=ERASED)
            return replace(erased, decided_by=decided_by, decided_at=datetime.now(UTC))
        files = tuple(replace(file, name=name_without(file.name, walk.address)) for file in report.files)
        is_contact = str(report.promise.get("contact_email", "")).strip().lower() == walk.address
        contact = {"contact_name": "", "contact_email": ""} if is_contact else {}
        return replace(report, files=files, promise={**report.promise, **contact})

    for report in box.list():
        if clean(report) != report:
            walk.result.places.append(Place(f"private/{REPORTS}/{report.report_no}.json"))
            if not walk.dry_run:
                reached(Step.CLEAN_FILE)
                box.change(report.report_no, clean)


def _walk_evidence(folder: CampaignFolder, walk: _Walk) -> None:
    """Remove handed-in documents that hold the person, with their public copies; pictures hold no text."""
    store = EvidenceStore(folder.private)
    for path in (*_files(folder.private / EVIDENCE), *_files(folder.published / PUBLIC)):
        walk.visited.add(path)
        sha256, name = path.stem[:64], path.relative_to(folder.root).as_posix()
        if not path.is_file() or not walk.stands_in(path, name):
            continue
        walk.result.places.append(Place(name))
        if not walk.dry_run:
            reached(Step.CLEAN_FILE)
            withdraw(folder.root, None, sha256, find_today())
            remove_public_copies(folder.root, sha256)
            store.remove(sha256)
            walk.result.is_changed = True


def _walk_rest(folder: CampaignFolder, walk: _Walk) -> None:
    """Erase the person in all other files of the campaign folder, or name them: no list says which files there are."""
    logs = (folder.private / AUDIT).glob("*.jsonl")  # cleaned under a lock of their own; snapshots come below
    done = {*walk.visited, *logs, *folder.published.glob("*.duckdb"), folder.private / FORGOTTEN}
    for path in _files(folder.root):
        name = path.relative_to(folder.root).as_posix()
        if path in done or folder.inbox in path.parents or name.endswith(databases.JOURNALS):
            continue
        if path.is_symlink() and not path.resolve().is_relative_to(folder.root.resolve()):
            walk.result.by_hand.append((name, "it is a link to a file outside of the campaign: look there"))
        elif databases.is_database(path):
            _change_database(path, name, walk)
        else:
            walk.change(path, name, counts=False)


def _change_database(path: Path, name: str, walk: _Walk) -> None:
    try:
        tables = databases.find_tables(path, walk.address)
        walk.result.places += [Place(f"{name}: {table}") for table in tables]
        if not tables:
            return
        if not databases.is_sqlite(path):
            walk.result.by_hand.append((name, "it is a database that this program has not made: remove it"))
        elif not walk.dry_run:
            reached(Step.CLEAN_FILE)
            databases.clean_sqlite(path, tables, walk.address)
    except databases.FAULTS as error:
        walk.result.by_hand.append(
            (name, f"it is a database that cannot be changed ({type(error).__name__}): remove it")
        )


def _walk_contacts(folder: CampaignFolder, walk: _Walk) -> None:
    """Rewrite the private stores: DuckDB keeps deleted rows in the file."""
    address, result, dry_run = walk.address, walk.result, walk.dry_run
    current = folder.private / "contacts.duckdb"
    for path in [*([current] if current.is_file() else []), *sorted((folder.private / "contacts").glob("*.duckdb"))]:
        walk.visited.add(path)
        try:
            places, names, tables = _read_contacts(path, address)
        except duckdb.Error as error:  # nobody knows whether the person is in it: the next build makes a new one
            LOG.warning("private/%s cannot be read (%s) and is not kept.", path.name, type(error).__name__)
            result.no_longer_kept.append(f"private/{path.name}")
            if not dry_run:
                remove(path)
                result.is_changed = True
            continue
        cleaned_places = [(place, name_without(place.file, address)) for place in places]
        result.places += [replace(place, file=f"private/{path.name}: {file}") for place, file in cleaned_places]
        if not dry_run and (places or names):
            reached(Step.CLEAN_CONTACTS)
            _write_contacts_without(path, tables, places, names)
    pointer = history.read_pointer(folder)
    if pointer and not dry_run:
        use_contacts(folder, str(pointer["build_id"]))


def _read_contacts(path: Path, address: str) -> tuple[list[Place], list[tuple[str, str]], set[str]]:
    """Find the address in a private store, and list its tables: those of earlier versions lack some.

    Return the cells, the names of files, sheets and columns, each with its new name, and the tables.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {quote_path(path)} as held (read_only)")
        tables = {name.split('"')[-2] for (name,) in ask(connection, "snapshot_tables")}
        rows = ask(connection, "contacts_with_address", {"address": address})
        questions = ["contact_names", *{"input_names"} & tables]
        names = {name for question in questions for (name,) in ask(connection, question, {"address": address})}
    places = [Place(file, sheet, row, -1, header) for file, sheet, row, header, value in rows if holds(value, address)]
    renamed = ((name, without(name_without(name, address), address)) for name in sorted(names))
    return places, [(name, new) for name, new in renamed if name != new], tables


def _write_contacts_without(
    path: Path, tables: Collection[str], places: Collection[Place], names: Sequence[tuple[str, str]]
) -> None:
    replaced = {"names": [name for name, _ in names], "replacements": [name for _, name in names]}
    gone = {
        "files": [place.file for place in places],
        "sheets": [place.sheet for place in places],
        "rows": [place.row for place in places],
    }
    with drafted(path, PRIVATE) as new, duckdb.connect() as connection:
        connection.execute(f"attach {quote_path(path)} as held (read_only)")
        connection.execute(f"attach {quote_path(new)} as private")
        ask(connection, "renamed")
        ask(connection, "contacts_without", gone | replaced)
        if "input_names" in tables:
            ask(connection, "names_without", replaced)
        for table in ("people", "input_headers"):
            if table in tables:
                ask(connection, f"{table}_copied")
        connection.execute("detach private")


def _snapshot_holds(snapshot: Path, address: str) -> bool:
    """Return whether any text of a snapshot holds the address: there should be none, by how it is built."""
    try:
        return any(_is_inside(text, address) for _, text in databases.list_rows(snapshot, address))
    except (*databases.FAULTS, OSError):
        return False


def _is_inside(text: str, address: str) -> bool:
    """Return whether the address stands in a text, behind the prefix of an id too."""
    return re.search(rf"(?<![\w.+]){re.escape(address)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
    else:
        yield from (path for path in sorted(place.rglob("*")) if path.is_file())
