"""A full disk, a read-only folder, too little memory: every command says so in one sentence, with a remedy."""

import errno
import json
import shutil
import subprocess
import tempfile

import duckdb
import pytest
import typer

from dashboard.faults import ComputerError, computer_faults, explain
from dashboard.ground.processes import runner
from dashboard.i18n import translator
from etl.commands.console import refusals
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.changing import list_leftovers
from tests.etl.program import inbox, published_titles, run_etl
from tests.etl.registers import HEADER, action

FULL = "The disk is full: there is no room left in "
REFUSED = "This program may not write into "
ROWS = "".join(action(str(n), promise=f"Promise {n}", Email=f"person{n}@example.org") for n in range(2000))


def mount(*arguments):
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path):
    """Yield a disk of 60 MB, and nobody else's."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("this system has no disks to mount")
    mount("-t", "tmpfs", "-o", "size=60m", "tmpfs", place)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk, *, leave):
    """Take all the room of the disk but so many bytes."""
    with (disk / "filler").open("wb") as filler:
        filler.write(bytes(shutil.disk_usage(disk).free - leave))


def refuse(*arguments, stdin=None):
    """Run a command that must be refused; its one line on stderr."""
    done = run_etl(*arguments, stdin=stdin)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def fail(error: Exception) -> None:
    raise error


def commands(folder, uploads):
    """List every command that writes, with its input."""
    campaign = ("--campaign", folder.root)
    return [
        (("build", *campaign), None),
        (("draft", "--uploads", uploads, "--to", folder.private / "drafts" / "a", *campaign), None),
        (("decide", "different", "action", "OFF-1", "OFF-2", *campaign), None),
        (("classify", *campaign), '{"action_id": "OFF-1", "category": "research"}\n'),
        (("classify", "--sheet", folder.root / "classification.xlsx", *campaign), None),
        (("forget", "person1@example.org", *campaign), None),
    ]


@pytest.fixture
def uploads(tmp_path):
    place = tmp_path / "uploads"
    place.mkdir()
    (place / "more.csv").write_text(HEADER + action("x", promise="Uploaded"))
    return place


@pytest.mark.parametrize("leave", [pytest.param(0, marks=pytest.mark.nightly), 1_000_000])
def test_a_full_disk_and_a_read_only_folder_refuse_every_command_and_keep_what_is_published(disk, uploads, leave):
    folder = make_campaign(disk / "c", {"a.csv": HEADER + action("1") + action("2", promise="B")})
    publish_campaign(folder)
    titles = published_titles(folder)
    (folder.inbox / "b.csv").write_text(HEADER + action("3", promise="C"))
    fill(disk, leave=leave)
    tried = commands(folder, uploads)[: 2 if leave else None]
    for arguments, stdin in tried:
        assert FULL in refuse(*arguments, stdin=stdin), arguments
    assert published_titles(folder) == titles
    assert list_leftovers(folder) == []
    (disk / "filler").unlink()
    for arguments, stdin in tried[:1] if leave else tried:
        assert run_etl(*arguments, stdin=stdin).returncode == 0, arguments
    mount("-o", "remount,ro", disk)
    for arguments, stdin in commands(folder, uploads)[:: 2 if leave else 1]:
        said = refuse(*arguments, stdin=stdin)
        assert said.startswith(f"{REFUSED}{folder.root}"), arguments
        assert "Allow its user to write there" in said
    assert run_etl("check", uploads / "more.csv", "--campaign", folder.root).returncode == 0


@pytest.mark.nightly
def test_a_full_folder_for_temporary_files_is_no_fault_of_a_file(disk, tmp_path, monkeypatch):
    files = {"a.csv": (HEADER + ROWS + action("é")).encode("cp1252")}
    folder = make_campaign(tmp_path / "c", files)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    fill(disk, leave=50_000)
    for command in (
        ("build", "--skip-bad-files", "--campaign", folder.root),
        ("check", folder.inbox / "a.csv", "--campaign", folder.root),
        ("forget", "person1@example.org", "--campaign", folder.root),
    ):
        said = refuse(*command)
        assert FULL in said
        assert str(disk) in said
    assert inbox(folder) == files


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/no/such/place/a.csv"), f"{FULL}/"),
        (OSError(errno.EFBIG, "File too large", "/no/such/place/a.csv"), "A file would become larger"),
        (OSError("There is not enough space on the disk."), FULL),
        (duckdb.OutOfMemoryException("failed to offload data block. The 'max_temp_directory_size' setting"), FULL),
        (duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB"), "memory"),
        (duckdb.IOException('Cannot open file "/no/such.duckdb": Permission denied'), f"{REFUSED}/"),
        (PermissionError(errno.EACCES, "Permission denied", "/no/such/file"), f"{REFUSED}/"),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "temporary files"),
        (MemoryError(), "memory"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_computer_refuses_is_said_in_words(error, words):
    with pytest.raises(ComputerError, match=words) as caught, computer_faults():
        fail(error)
    assert caught.value.remedy.endswith(".")


def test_without_a_file_to_be_had_no_folder_for_temporary_files_is_blamed():
    resource = pytest.importorskip("resource", reason="this system has no limit of open files")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    error = FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        explained = explain(error)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert explained is not None
    assert explained.what == "This program may open no more files."
    assert "ulimit -n" in explained.remedy


def test_what_a_command_is_refused_by_the_computer_is_told_in_the_readers_language(capsys):
    def refuse_by(error):
        with pytest.raises(typer.Exit), refusals(as_json=True):
            fail(error)
        refused = runner._refusal(json.loads(capsys.readouterr().out), "", 1, runner.EXPORT)
        return [translator("fr")(text) for text in (refused.what, refused.remedy)]

    assert refuse_by(OSError(errno.ENOSPC, "No space left on device", "/no/such/place/a.csv")) == [
        "Le disque est plein : il n’y a plus de place dans /.",
        "Libérez de l’espace et réessayez ; les chiffres publiés n’ont pas changé.",
    ]
    assert refuse_by(PermissionError(errno.EACCES, "Permission denied", "/no/such/file"))[0] == (
        "Ce programme n’a pas le droit d’écrire dans /."
    )


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "gone", "a"), duckdb.BinderException("no column")])
def test_other_faults_stay_what_they_are(error):
    with pytest.raises(type(error)), computer_faults():
        raise error
