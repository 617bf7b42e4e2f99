"""`python -m etl backup`, `restore-backup`: a campaign as one file, and back."""

import getpass
import os
import stat
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dashboard.access.audit.events import Event
from dashboard.access.audit.log import acting_here
from dashboard.campaign.folder import CampaignFolder
from dashboard.command_line import JsonOption, print_json
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from etl.backup import restoring, storing
from etl.backup.manifest import BackupError, Manifest
from etl.commands.console import CampaignOption, QuietOption, open_console, print_line, progress_bar

PASSPHRASE = "DASHBOARD_BACKUP_PASSPHRASE"  # noqa: S105  (the name of a variable)
LEAST = 8
"""Letters of a new passphrase; older backups open by whatever they were sealed by."""
WAIT = 600
PassphraseOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help=f"File whose first line is the passphrase; else {PASSPHRASE}."),
]
OpenOption = Annotated[
    bool,
    typer.Option("--open-part", help="Only what is published and the settings, of an open campaign: no passphrase."),
]


def backup(
    to: Annotated[Path | None, typer.Option("--to", help="File, or folder of backups.", metavar="FILE|FOLDER")] = None,
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    passphrase_file: PassphraseOption = None,
    open_part: OpenOption = False,
    check: Annotated[Path | None, typer.Option("--check", help="Look through a backup.", metavar="FILE")] = None,
    keep: Annotated[int | None, typer.Option("--keep", min=0, help="How many a folder keeps; 0 for all.")] = None,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for a build under way.")] = WAIT,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the whole campaign into one file: personal data sealed by a passphrase, the rest in the open."""
    if check is not None:
        _check(check, passphrase_file, quiet, as_json)
        return
    settings = Settings.from_environment()
    place = to or settings.backup_to
    if place is None:
        raise BackupError("It is not said where to.", "Name a file or a folder: --to.")
    folder = CampaignFolder(campaign)
    passphrase = None if open_part else _read_passphrase(passphrase_file, is_new=True)
    with progress_bar(quiet or as_json) as progress, acting_here(folder.root, Event.BACKED_UP) as act:
        outcome = storing.make_backup(folder, place, passphrase, wait=wait, progress=progress)
        act.say(outcome.path.name, build=outcome.manifest.build_id, is_sealed=outcome.manifest.is_sealed)
    if place.is_dir():
        most = settings.backups_kept if keep is None else keep
        outcome.removed = storing.remove_old(place, outcome.manifest.title_hash, most)
    _say_made(outcome, quiet, as_json)


def restore_backup(
    file: Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")],
    campaign: CampaignOption = SHIPPED_CAMPAIGN,
    passphrase_file: PassphraseOption = None,
    open_part: OpenOption = False,
    replace: Annotated[bool, typer.Option("--replace", help="Put a folder that is there aside, whole.")] = False,
    forgotten: Annotated[
        list[Path] | None,
        typer.Option("--forgotten", help="A later forgotten.csv, or a later backup: who is in it is forgotten again."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Restore a campaign from a backup, and prove that its inputs give the same build."""
    for path in (file, *(forgotten or ())):
        _refuse_missing(path)
    passphrase = None if open_part else _read_passphrase(passphrase_file, is_new=False)
    order = restoring.Order(file, campaign, passphrase, replace, tuple(forgotten or ()))
    with progress_bar(quiet or as_json) as progress:
        done = restoring.restore_backup(order, progress)
    if as_json:
        print_json({"ok": done.is_good, **asdict(done)})
    elif not quiet:
        _say_restored(done)
    if not done.is_good:
        raise typer.Exit(1)


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise BackupError(f"There is no file {path}.", "Name one that is there.")


def _read_passphrase(path: Path | None, *, is_new: bool) -> str:
    """Read the passphrase: from the named file, else from the environment, else from the terminal, if there is one."""
    if path is not None:
        # systemd gives its credentials to the group, which is that of nobody else
        if os.name != "nt" and path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            raise BackupError(f"Others can read the passphrase in {path}.", f"Take their rights away: chmod 600 {path}")
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(f"{path} cannot be read.", "Name a text file with the passphrase in it.") from error
        passphrase = lines[0].strip() if lines else ""
    else:
        passphrase = os.environ.get(PASSPHRASE, "")
        if not passphrase and sys.stdin.isatty():
            passphrase = _ask(is_new)
    if not passphrase:
        what = "A backup holds exports, contacts and keys" if is_new else "What is sealed in the backup needs"
        raise BackupError(
            f"{what}{', so it is sealed by a passphrase, and there is none' if is_new else ' its passphrase'}.",
            f"Give one (--passphrase-file, or {PASSPHRASE}), or say --open-part to do without exports, decisions, "
            "contacts and keys.",
        )
    if is_new and len(passphrase) < LEAST:
        raise BackupError(
            f"The passphrase has fewer than {LEAST} letters, so that it could be guessed.",
            "Choose a longer one, such as five words, and keep it in another place too: older backups open by theirs.",
        )
    return passphrase


def _ask(is_new: bool) -> str:
    passphrase = getpass.getpass("Passphrase of the backup: ")
    if is_new and passphrase and getpass.getpass("The same again: ") != passphrase:
        raise BackupError("The two passphrases differ.", "Nothing was written; try again.")
    return passphrase


def _check(file: Path, passphrase_file: Path | None, quiet: bool, as_json: bool) -> None:
    _refuse_missing(file)
    is_given = passphrase_file is not None or bool(os.environ.get(PASSPHRASE))
    passphrase = _read_passphrase(passphrase_file, is_new=False) if is_given else None
    with progress_bar(quiet or as_json) as progress:
        reader = restoring.check_backup(file, passphrase, progress)
    manifest = reader.manifest
    if as_json:
        facts = manifest.model_dump(mode="json", exclude={"files"})
        print_json({"ok": True, "is_opened": passphrase is not None, **facts})
        return
    print_line(f"{file.name}: whole. {_describe(manifest)}", quiet)
    if manifest.is_sealed and passphrase is None:
        open_console(quiet).print("Its sealed part is as it was written; give the passphrase to look through that too.")


def _describe(manifest: Manifest) -> str:
    files = sum(member.files for member in manifest.members)
    build = f"build {manifest.build_id}, content {manifest.content_id}" if manifest.build_id else "nothing published"
    sealed = "" if manifest.is_sealed else "; without its sealed part"
    title = "A closed campaign" if manifest.closed else f"“{manifest.title}”"
    return f"{title}, made at {manifest.made_at}: {files:,} files, {build}{sealed}."


def _say_made(outcome: storing.StoredBackup, quiet: bool, as_json: bool) -> None:
    if as_json:
        facts = outcome.manifest.model_dump(mode="json", exclude={"files"})
        print_json(
            {"ok": True, "file": str(outcome.path), "size": outcome.size, "unpacked": outcome.unpacked}
            | {"left_out": outcome.left_out, "removed": outcome.removed, **facts}
        )
        return
    if quiet:
        return
    print_line(
        f"{outcome.path}: {outcome.size / 1e6:,.1f} MB, of files of {outcome.unpacked / 1e6:,.1f} MB. "
        f"{_describe(outcome.manifest)}"
    )
    if not outcome.manifest.is_sealed:
        print_line("Left out, as you said: exports, what staff have settled, contacts, mails, keys.")
    if outcome.left_out:
        print_line(f"Left out, being links that lead out of the campaign folder: {', '.join(outcome.left_out)}.")
    if outcome.removed:
        print_line(f"Older backups removed: {', '.join(outcome.removed)}.")


def _say_restored(done: restoring.Restored) -> None:
    print_line(f"{done.target}: {done.files:,} files of {done.made_at} are back.")
    if done.build_id:
        print_line(f"Published is build {done.build_id}. {done.proof_said}")
    else:
        print_line(done.proof_said)
    if done.missing:
        print_line(f"Not back, since only the open part was asked for: {'; '.join(done.missing)}.")
        print_line("Do not build before they are: an empty inbox gives the fictional sample.")
    if done.forgotten:
        print_line(f"Persons who were forgotten after the backup was made, and again now: {done.forgotten}.")
    for name in done.unread:
        print_line(f"The list of forgotten persons in {name}, a newer backup, cannot be read: give it by --forgotten.")
    for name, reason in done.by_hand:
        print_line(f"By hand: {name}: {reason}. Then run python -m etl forget again.")
    if done.access_said:
        print_line(done.access_said)
    if done.former is not None:
        print_line(f"What was there before is in {done.former}; remove it when you no longer need it.")
