"""A campaign as one file and back: whole, sealed, refused where anything is wrong; who was forgotten stays so."""

import base64
import gzip
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
import tomllib
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pyrage
import pytest
from pyrage.x25519 import Identity

from dashboard.access.roles_file import read as read_roles
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.links import ReportLinks, find_today
from dashboard.campaign.reporting.reports import Report, ReportBox, ReportState, number_report
from dashboard.campaign.reporting.withdrawal import withdraw
from dashboard.paths import PROJECT
from etl.backup import restoring, sealed
from etl.backup.backup_file import open_container
from etl.backup.manifest import FORMAT, KEY, OPEN, SEALED, BackupError, Manifest, StoredFile
from etl.backup.storing import ContainerWriter, cut, list_contents
from etl.forget import forget as forgetting
from etl.publish import holding
from tests.cases import some
from tests.dashboard.campaign.reporting.handed_in import make_packed
from tests.etl.campaigns import copy_campaign, make_published
from tests.etl.program import last_json, published, run_etl, run_on, start_etl
from tests.etl.registers import action, register

EVIDENCE, PUBLIC = f"evidence/{'0' * 64}", f"../published/files/{'1' * 64}.jpg"
PACKED = f"evidence/{'2' * 64}"
"""A document in which an address stands that no other file has."""
"""Files that were handed in, of which the second may be public."""
PASSPHRASE = "five words that nobody guesses"  # noqa: S105
ANN, BEN, CAS, DEE = (f"{name}.sample@example.org" for name in ("ann", "ben", "cas", "dee"))
REGISTER = register(
    action("1", "Sample Union", "First", Email=ANN),
    action("2", "Sample Guild", "Second", Email=BEN),
    action("3", "Sample League", "Third"),
)
CHEAP, IN_EARNEST = 8, sealed.WORK
"""The slowness of making a passphrase: it costs nothing in tests, and a second in earnest."""
BY_LIBRARY = base64.b64decode("""
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCByaWNxY0lZeDUvUE8wekhmeUxSNFFRIDEwCmVxalpJZ0FicTV6NWVVdHVnN0Q3VHJrMzVaSXhM
azFnMnR5T1l4M1JUN2MKLS0tIE1ZeCtFQ25TUVU5NHp5TFdQd1ZwaE5OdnRISk54MWVQaU55bFJYd1N3QmcKnxvvhur1Sgyz5eXSXReVEFnWzB5DSWmQ
2GUP6pu6Jdzb66FgwVvcU/UFubjCuJ8aAlPLWUhnFUaL9/8YE9A9J5jOa3VyBWgPeIuZeL57EMD6jyAHFgroG0+NiGUzNiDst80lpoO2HeUtP6c=
""")
"""A key that pyrage 1.4.0 has sealed by the passphrase, on a computer that it took for a slow one."""


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setenv("DASHBOARD_BACKUP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(sealed, "WORK", CHEAP)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """Return a published campaign with a private database, a newsletter key, a preview, a session and a log."""
    folder = make_published(tmp_path_factory.mktemp("backup") / "campaign", {"register.csv": REGISTER})
    (folder.root / "notes.txt").write_text("of somebody", encoding="utf-8")
    for name in ("newsletter_key.txt", "drafts/one/a.csv", "sessions.txt", "audit/2021-05.jsonl", EVIDENCE, PUBLIC):
        (folder.private / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.private / name).write_text(f"kept {name}", encoding="utf-8")
    (folder.private / PACKED).write_bytes(make_packed(f"Ask) -12 (: {DEE[:5]}) 7 ({DEE[5:]}"))
    moment, told = datetime(2021, 7, 1, tzinfo=UTC), f"Please ask:\n{CAS}"
    number = number_report("form", "OFF-1", {})
    picture = SentFile(
        sha256="1" * 64, name="a.jpg", media_type="image/jpeg", size=1, description="A school", rights="Ours",
        has_no_child=True, is_confirmed=True,
    )  # fmt: skip
    report = Report(report_no=number, link="l", action_id="OFF-1", received_at=moment, lang="en", narrative=told)
    ReportBox(folder.private).put(replace(report, files=(picture,)))
    ReportLinks(folder.private).make("staff", ["OFF-1"], find_today())
    with closing(sqlite3.connect(folder.private / "other.sqlite")) as links:
        links.execute("pragma journal_mode = wal")
        links.execute("create table links (label text)")
        links.execute("insert into links values ('kept')")
        links.commit()
    return folder


@pytest.fixture(scope="module")
def backup(campaign, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_BACKUP_PASSPHRASE", PASSPHRASE)
        patch.setattr(sealed, "WORK", CHEAP)
        return make(campaign, tmp_path_factory.mktemp("made") / "b.tar")


def make(folder, to, *options):
    made = run_on(folder, "backup", "--to", to, "--json", *options)
    return Path(last_json(made)["file"])


def restore(file, target, *options, code=0):
    done = run_etl("restore-backup", file, "--campaign", target, "--json", *options)
    assert done.returncode == code, done.stdout + done.stderr
    return last_json(done)


@pytest.mark.parametrize(
    ("again", "proof", "code"), [({"content_id": "0" * 16}, "differs", 1), ({"build_id": "0" * 12}, "content", 0)]
)
def test_inputs_that_give_another_content_or_build_are_told(
    backup, campaign, tmp_path, monkeypatch, again, proof, code
):
    built = SimpleNamespace(**({key: published(campaign)[key] for key in ("build_id", "content_id")} | again))
    monkeypatch.setattr(restoring, "made_again", lambda *_: nullcontext(built))
    done = restore(backup, tmp_path / "empty", code=code)
    assert done["proof"] == proof
    assert all(one in done["proof_said"] for one in again.values())


def put_used(campaign, target):
    """Put a campaign in place that has been used since its backup; its files."""
    shutil.copytree(campaign.root, target)
    (target / "inbox/later.csv").write_text(REGISTER.replace("First", "Later"), encoding="utf-8")
    return list_files(target)


def list_files(root):
    left = ("private/drafts", "private/sessions", f"private/audit/{datetime.now(UTC):%Y-%m}.jsonl")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm")) and not path.name.startswith(".")
        if not path.relative_to(root).as_posix().startswith(left) and path.suffix != ".sqlite"
    }


def test_a_campaign_comes_back_as_it_was_and_nobody_is_named_in_the_open(campaign, tmp_path, monkeypatch):
    monkeypatch.delenv("DASHBOARD_BACKUP_PASSPHRASE")
    campaign = copy_campaign(campaign, tmp_path / "own")
    (tmp_path / "words").write_text(f"{PASSPHRASE}\nnot this\n", encoding="utf-8")
    (tmp_path / "words").chmod(0o440)  # as systemd gives credentials
    given = ("--passphrase-file", str(tmp_path / "words"))
    pointer = campaign.published / "current.json"
    of_an_earlier_program = json.loads(pointer.read_text(encoding="utf-8")) | {"content_id": "0" * 16}
    pointer.write_text(json.dumps(of_an_earlier_program), encoding="utf-8")  # both sides are hashed anew
    with closing(sqlite3.connect(campaign.private / "other.sqlite")) as writer:  # written to meanwhile
        writer.execute("begin immediate")
        writer.execute("insert into links values ('half')")
        file = make(campaign, tmp_path / "b.tar", *given)
    target = tmp_path / "empty"
    target.mkdir()
    (target / ".gitkeep").touch()
    done = restore(file, target, *given)
    assert (done["proof"], done["build_id"]) == ("equal", published(campaign)["build_id"])
    was, now = list_files(campaign.root), list_files(target)
    with closing(sqlite3.connect(target / "private/other.sqlite")) as links:
        assert links.execute("select label from links").fetchall() == [("kept",)]
    assert was == now
    assert "/*" in (target / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert (target / "private").stat().st_mode & 0o077 == 0
    content = file.read_bytes()
    with tarfile.open(file) as container, tarfile.open(fileobj=container.extractfile(OPEN)) as part:
        content += b"".join(part.extractfile(one).read() for one in part if one.isreg())
    hidden = (b"sample@example.org", b"register.csv", b'Sample Union","First', b"of somebody")
    assert [word for word in hidden if word in content] == []
    assert file.stat().st_mode & 0o077 == 0


def test_the_library_opens_what_is_sealed_by_a_passphrase_and_the_program_what_the_library_seals():
    key, by_us = sealed.make_key(PASSPHRASE)
    assert by_us.startswith(b"age-encryption.org/v1\n-> scrypt ") and by_us.splitlines()[1].endswith(b" 8")
    assert IN_EARNEST == 18, "which makes a passphrase take a second"
    assert pyrage.passphrase.decrypt(by_us, PASSPHRASE).decode() == f"{key}\n"
    places = (30, 60, 110, len(by_us) - 30, len(by_us) - 1)  # salt, key, its end, nonce or text
    costly = by_us.replace(b" 8\n", b" 30\n")
    for key_file in (costly, *(change_at(place, by_us) for place in places)):
        with pytest.raises(BackupError, match="does not open"):
            sealed.open_key(key_file, PASSPHRASE, "b.tar")
    by_library = pyrage.passphrase.decrypt(BY_LIBRARY, PASSPHRASE).decode().strip()
    assert str(sealed.open_key(BY_LIBRARY, PASSPHRASE, "b.tar")) == by_library


BUSY = """
import sys, pyrage
from etl.backup import sealed
key, words = bytes.fromhex(sys.argv[1]), sys.argv[2]
for _ in range(100):
    print("begins", flush=True)
    try:
        pyrage.passphrase.decrypt(key, words)
    except pyrage.DecryptError as error:
        print(str(error).splitlines()[0], flush=True)
        break
print("begins", flush=True)
print(sealed.open_key(key, words, "b.tar"))
"""
"""Opens a key by the library until that refuses, then by the program; says each time that it begins."""


def test_what_was_sealed_on_a_fast_computer_opens_on_a_slow_and_busy_one(monkeypatch):
    """The computer is a process that is paused for a second as soon as it has begun.

    The library measures the computer's speed at the beginning. A backup that it then refuses opens all the same.
    """
    assert pyrage.passphrase.encrypt.__text_signature__ == "(plaintext, passphrase, armored=False)", (
        "Where the library takes a work factor, the program's own envelope (etl/backup/sealed.py) can go."
    )
    monkeypatch.setattr(sealed, "WORK", 15)  # more than the library opens where 10 take a second
    key, by_us = sealed.make_key(PASSPHRASE)
    said = []
    command = [sys.executable, "-c", BUSY, by_us.hex(), PASSPHRASE]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.strip() != "begins":
                said.append(line.strip())
                continue
            for _ in range(3):  # a measured task of milliseconds then lasts over one of them
                process.send_signal(signal.SIGSTOP)
                time.sleep(1.2)
                process.send_signal(signal.SIGCONT)
                time.sleep(0.001)
    assert said == ["Excessive work parameter for passphrase.", str(key)]


def write_by_an_earlier_program(place):
    text = (Path(__file__).parent / "of_an_earlier_program.tar.gz.base64").read_bytes()
    (place / "earlier.tar").write_bytes(gzip.decompress(base64.b64decode(text)))
    return place / "earlier.tar"


def test_what_an_earlier_program_has_sealed_is_read(tmp_path):
    """The file was made on 2026-11-30, before the program read archives by the filter of `tarfile`."""
    file = write_by_an_earlier_program(tmp_path)
    assert run_etl("backup", "--check", file).returncode == 0
    restore(file, tmp_path / "empty")
    files = list_files(tmp_path / "empty")
    assert tomllib.loads(files.pop("campaign.toml").decode())["title"]["en"] == "Sample campaign"
    assert b"sha256" in files.pop("private/forgotten.csv")
    assert files == {
        "inbox/register.csv": b"Ref,Maker,Promise\n1,Sample Union,First\n",
        "inbox/the same again.csv": b"Ref,Maker,Promise\n1,Sample Union,First\n",
        f"inbox/{'a long folder name/' * 7}école.csv": b"Ref\n2\n",
        "private/newsletter_key.txt": b"kept\n",
    }


def test_what_is_sealed_is_opened_by_the_library_alone(backup):
    with tarfile.open(backup) as container:
        key, part = (container.extractfile(name).read() for name in (KEY, SEALED))
    identity = Identity.from_str(pyrage.passphrase.decrypt(key, PASSPHRASE).decode().strip())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(part, [identity]))) as opened:
        names = set(opened.getnames())
    assert {"inbox/register.csv", "private/newsletter_key.txt", f"private/{EVIDENCE}"} <= names
    assert names & {"private/drafts/one/a.csv", "private/sessions.txt"} == set()


def test_the_open_part_alone_comes_back_without_a_passphrase(backup, campaign, tmp_path, monkeypatch):
    monkeypatch.delenv("DASHBOARD_BACKUP_PASSPHRASE")
    assert run_etl("backup", "--check", backup).returncode == 0
    refused = run_etl("restore-backup", backup, "--campaign", tmp_path / "open")
    assert (refused.returncode, "--open-part" in refused.stderr) == (1, True)
    assert "sealed by a passphrase" in run_on(campaign, "backup", "--to", tmp_path, code=1).stderr
    done = restore(backup, tmp_path / "open", "--open-part")
    assert "contacts" in " ".join(done["missing"])
    assert published(CampaignFolder(tmp_path / "open")) == published(campaign)
    assert [path.name for path in (tmp_path / "open/private").iterdir()] == ["audit"]
    (acts,) = (tmp_path / "open/private/audit").glob("*.jsonl")
    assert json.loads(acts.read_text(encoding="utf-8"))["event"] == "backup_restored"
    assert list((tmp_path / "open/inbox").iterdir()) == []


def read_manifest(file):
    with open_container(file) as reader:
        return reader.manifest


def test_of_a_closed_campaign_all_is_sealed_and_what_comes_back_is_closed(backup, campaign, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring, "_prove", Mock())  # nothing is built
    live = copy_campaign(campaign, tmp_path / "live")
    (live.private / "roles.toml").write_text("closed = true\n", encoding="utf-8")
    file = make(live, tmp_path / "b.tar")
    manifest = read_manifest(file)
    assert (manifest.closed, manifest.files, manifest.title_hash) == (True, (), read_manifest(backup).title_hash)
    assert live.load().titles["en"] not in manifest.write().decode()
    with tarfile.open(file) as container, tarfile.open(fileobj=container.extractfile(OPEN)) as part:
        assert part.getnames() == []
    restore(file, tmp_path / "whole")
    assert list_files(tmp_path / "whole") == list_files(live.root)
    assert "all of it is sealed" in restore(file, tmp_path / "open", "--open-part", code=1)["what"]
    assert "there is no open part" in run_on(live, "backup", "--to", tmp_path / "c.tar", "--open-part", code=1).stderr

    assert "is open to everybody" in restore(backup, live.root, "--replace")["access_said"]
    for old, target in ((backup, tmp_path / "whole"), (write_by_an_earlier_program(tmp_path), tmp_path / "earlier")):
        assert "It is closed" in restore(old, target, "--open-part", "--replace")["access_said"]
        assert read_roles(target / "private/roles.toml").closed


def test_links_out_of_the_campaign_are_left_out_and_links_to_what_is_sealed_are_sealed(campaign, tmp_path):
    live = copy_campaign(campaign, tmp_path / "live")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/secret.txt").write_text("of another", encoding="utf-8")
    for name, target in (("notes", "elsewhere"), ("secret.txt", "elsewhere/secret.txt"), ("inbox/x", "elsewhere")):
        (live.root / name).symlink_to(tmp_path / target)
    (live.root / "samples").symlink_to("private/audit")
    (live.root / "itself").symlink_to(".")
    contents = list_contents(live, tmp_path / "b.tar")
    assert contents.left_out == ["inbox/x", "itself", "notes", "secret.txt"]
    assert "samples" not in {item.name.partition("/")[0] for item in contents.open}
    assert "samples/2021-05.jsonl" in {item.name for item in contents.sealed}
    live.inbox.rename(tmp_path / "exports")
    live.inbox.symlink_to(tmp_path / "exports")
    assert "inbox is a link that leads out" in run_on(live, "backup", "--to", tmp_path / "b.tar", code=1).stderr
    assert not (tmp_path / "b.tar").exists()


def change_at(place, content):
    """Change the byte at a place, or at a share of the content."""
    place = int(len(content) * place) if isinstance(place, float) else place
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda content: content[: len(content) * 2 // 3],
    "nothing": lambda _: b"",
    "another file": lambda _: b"PK\x03\x04 this is something else" * 100,
    "another day": lambda content: content.replace(b'"made_at": "2', b'"made_at": "1'),
    **{f"changed at {share}": partial(change_at, share) for share in (0.02, 0.5, 0.8)},
}


def check_refused(file, *options, said="no whole backup", unsaid="\0"):
    """Restoring a backup is refused in a sentence, and leaves nothing beside it."""
    answer = run_etl("restore-backup", file, "--campaign", file.parent / "target", *options)
    assert (answer.returncode, said in answer.stderr, unsaid in answer.stderr) == (1, True, False), answer.stderr
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("kind", some(DAMAGES, 3))
def test_a_damaged_backup_is_refused_and_nothing_is_touched(backup, tmp_path, kind):
    file = tmp_path / "b.tar"
    file.write_bytes(DAMAGES[kind](backup.read_bytes()))
    check_refused(file)
    checked = run_etl("backup", "--check", file)
    assert (checked.returncode, "no whole backup" in checked.stderr) == (1, True), checked.stderr


def write_hostile(file, members, content=b"", number=FORMAT):
    """Write a backup with a correct description and a forbidden member in its open part."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as stream, tarfile.open(fileobj=stream, mode="w|") as part:
        for info in members:
            part.addfile(info, io.BytesIO(content))
    listed = tuple(StoredFile(path=info.name, size=10, sha256="0" * 64) for info in members)
    with file.open("wb") as target:
        writer = ContainerWriter(target)
        with writer.member(OPEN) as member:
            member.write(packed.getvalue())
        writer.note(len(members), 10)
        said = Manifest(
            format=number, program="", made_at="2021-06-01", title="", members=tuple(writer.members), files=listed
        )
        writer.close(said.write())
    return file


def hostile(name, kind=tarfile.REGTYPE, size=0, linkname="", headers=None):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname, info.pax_headers = kind, size, linkname, headers or {}
    return info


@pytest.mark.parametrize("names", [[f"inbox/{'long' * 70}.csv"], ["inbox", "inbox/a.csv"]], ids=["long", "in a file"])
def test_names_that_this_disk_does_not_take_are_told(tmp_path, names):
    file = write_hostile(tmp_path / "b.tar", [hostile(name) for name in names])
    check_refused(file, "--open-part", said="that cannot be written here")


OF_ANY_SIZE = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(10**15)}
"""A file that is nearly all hole: a petabyte that takes nothing in the archive."""
LONG = (tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE)
HOSTILE = [
    *(hostile(f"{place}outside.txt") for place in ("../", "/", "inbox/../../", "inbox\\..\\")),
    *(hostile("inbox/link", kind, linkname="/etc/passwd") for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE)),
    *(hostile("inbox/device", kind) for kind in (tarfile.FIFOTYPE, tarfile.CHRTYPE)),
    *(hostile("inbox/bomb", kind, size=10_000_000) for kind in LONG),
    hostile(f"inbox/{'long/' * 30_000}name"),
    hostile("inbox/hole.csv", tarfile.GNUTYPE_SPARSE),
    hostile("inbox/holes.csv", headers=OF_ANY_SIZE),
    hostile("inbox/", tarfile.DIRTYPE),
    hostile("."),
]


@pytest.mark.parametrize("member", HOSTILE, ids=lambda member: f"{member.name[:20]} {member.type!r}")
def test_a_hostile_backup_is_refused(tmp_path, member):
    file = write_hostile(tmp_path / "b.tar", [member], b"\0" * member.size)
    check_refused(file, "--open-part", unsaid="not those that were stored")  # said only after it has been unpacked


HOSTILE_PARTS = {
    "long name": [hostile("long", tarfile.GNUTYPE_LONGNAME, size=100_000), hostile("stands for the long name")],
    "headers without end": [hostile(OPEN, tarfile.XHDTYPE)] * 3_000,
    "hole": [hostile(OPEN, headers=OF_ANY_SIZE)],
    "twice": [hostile(OPEN), hostile(OPEN)],
    "link": [hostile(OPEN, tarfile.SYMTYPE, linkname="/etc/passwd")],
}


@pytest.mark.parametrize("kind", HOSTILE_PARTS)
def test_a_backup_whose_parts_are_hostile_is_refused(tmp_path, kind):
    with tarfile.open(tmp_path / "b.tar", "w") as container:
        for info in HOSTILE_PARTS[kind]:
            container.addfile(info, io.BytesIO(OPEN.encode().ljust(info.size, b"\0")))
    check_refused(
        tmp_path / "b.tar", "--open-part", unsaid="description"
    )  # the same message as for other missing parts


def test_what_is_not_to_be_restored_is_said_in_one_sentence(backup, campaign, tmp_path, monkeypatch):
    newer = write_hostile(tmp_path / "newer.tar", [], number=FORMAT + 1)
    copy = shutil.copytree(campaign.root, tmp_path / "used")
    assert "by a newer program" in restore(newer, tmp_path / "a", "--open-part", code=1)["what"]
    assert "There is no file" in restore(tmp_path / "none.tar", tmp_path / "a", code=1)["what"]
    assert "is not empty" in restore(backup, copy, code=1)["what"]
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 10))
        assert "no room" in restore(backup, tmp_path / "a", code=1)["what"]
    monkeypatch.setenv("DASHBOARD_BACKUP_PASSPHRASE", "another one")
    assert "passphrase does not open" in restore(backup, tmp_path / "a", code=1)["what"]
    short, seen = tmp_path / "short", tmp_path / "seen"
    for path, words, mode in ((short, "x", 0o600), (seen, PASSPHRASE, 0o644)):
        path.write_text(words, encoding="utf-8")
        path.chmod(mode)
    make_of = ("backup", "--campaign", campaign.root, "--to", tmp_path / "new.tar", "--passphrase-file")
    assert "fewer than 8 letters" in run_etl(*make_of, short).stderr
    for command in (make_of, ("restore-backup", backup, "--campaign", tmp_path / "a", "--passphrase-file")):
        assert "Others can read the passphrase" in run_etl(*command, seen).stderr
    assert not (tmp_path / "new.tar").exists()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert "is no backup" in run_on(campaign, "backup", "--to", tmp_path / "notes.txt", code=1).stderr
    assert not (tmp_path / "a").exists()
    assert list_files(copy) == list_files(campaign.root)


@pytest.mark.parametrize(
    "step",
    some(
        [
            "backup_file.ContainerReader.unpack_sealed",
            "restoring.forget_again",
            "restoring.made_again",
            "restoring.put_in_place",
        ],
        2,
    ),
)
def test_a_stopped_restoring_leaves_the_folder_as_it_was(backup, campaign, tmp_path, monkeypatch, step):
    target = tmp_path / "used"
    before = put_used(campaign, target)
    if step == "restoring.put_in_place":
        monkeypatch.setattr(restoring, "_prove", Mock())  # nothing is built
    monkeypatch.setattr(f"etl.backup.{step}", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        restoring.restore_backup(restoring.Order(backup, target, PASSPHRASE, may_replace=True), lambda *_: None)
    assert list_files(target) == before


def test_a_backup_waits_for_a_build_and_is_not_made_of_a_file_under_way(campaign, tmp_path, monkeypatch):
    with holding.only_build(campaign):
        answer = run_on(campaign, "backup", "--to", tmp_path / "b.tar", "--wait", "0.1", code=1)
    assert "A build has been under way" in answer.stderr
    link, read = campaign.inbox / "register.csv", tarfile.TarFile.addfile
    monkeypatch.setattr("etl.backup.storing._SMALL", 0)

    def grow(self, info, stream=None):
        if info.name == "inbox/register.csv":
            link.write_text(REGISTER + "4,", encoding="utf-8")
        read(self, info, stream)  # type: ignore[arg-type]

    monkeypatch.setattr(tarfile.TarFile, "addfile", grow)
    answer = run_on(campaign, "backup", "--to", tmp_path / "b.tar", code=1)
    link.write_text(REGISTER, encoding="utf-8")
    assert "is being written to" in answer.stderr
    assert list(tmp_path.iterdir()) == []
    assert not list(campaign.private.glob(".backup-*"))


def test_a_file_that_is_taken_away_meanwhile_is_left_out(campaign, tmp_path, monkeypatch):
    passing, listed = campaign.inbox / "passing.csv", list_contents

    def list_and_lose(folder, target):
        passing.write_text("x", encoding="utf-8")
        contents = listed(folder, target)
        passing.unlink()
        return contents

    monkeypatch.setattr("etl.backup.storing.list_contents", list_and_lose)
    with cut(campaign, tmp_path / "b.tar", 1.0) as made:
        items = [*made.open, *made.sealed]
        assert len(items) > 3 and all(item.path.is_file() and passing.name not in item.name for item in items)


def test_what_was_withdrawn_after_the_backup_is_withdrawn_again(backup, campaign, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring, "_prove", Mock())  # nothing is built
    live = copy_campaign(campaign, tmp_path / "live")
    day = date(2021, 8, 1)
    assert (live.private / PUBLIC).is_file() and withdraw(live.root, "l", "1" * 64, day)
    shutil.rmtree(restore(backup, live.root, "--replace")["former"])  # two may not be put aside in one second
    (report,) = ReportBox(live.private).list()
    assert report.files[0].withdrawn_on == day and not (live.private / PUBLIC).exists()
    restore(backup, live.root, "--replace", "--open-part")
    assert (live.published / "current.json").is_file() and not (live.private / PUBLIC).exists()


def test_who_was_forgotten_after_the_backup_is_forgotten_again(backup, campaign, tmp_path):
    live = copy_campaign(campaign, tmp_path / "live")
    old = Path(shutil.copy(backup, tmp_path / "old.tar"))
    forgetting.forget(live, ANN)
    forgetting.forget(live, CAS)
    forgetting.forget(live, DEE)
    assert not (live.private / PACKED).exists()
    (live.inbox / "later.csv").write_text("later", encoding="utf-8")
    later = make(live, tmp_path / "later.tar")
    listed = Path(shutil.copy(live.private / "forgotten.csv", tmp_path / "list.csv"))
    with open_container(later) as reader:
        assert reader.manifest.find("forgotten.csv.age")

    before = list_files(live.root)
    done = restore(old, live.root, "--replace")
    former = Path(done["former"])
    assert (done["forgotten"], done["proof"]) == (3, "equal")  # the list of the folder that is put aside
    assert list_files(former) == before
    assert not (live.inbox / "later.csv").exists() and not (live.private / PACKED).exists()
    assert [name for name, content in list_files(live.root).items() if ANN.encode() in content] == []
    (report,) = ReportBox(live.private).list(ReportState.WAITING)
    assert report.narrative == "Please ask:\n[…]"
    assert [link.origin for link in ReportLinks(live.private).list()] == ["staff"]
    again = json.loads(run_on(live, "forget", ANN, "--json", "--dry-run").stdout)
    assert again["places"] == []
    assert BEN.encode() in (live.inbox / "register.csv").read_bytes()
    for lists in ((), (listed,)):
        with open_container(old) as reader:
            order = restoring.Order(old, tmp_path / "empty", PASSPHRASE, lists=lists)
            later_list = restoring.find_later(order, reader, [])
            assert len(later_list.lines) == 3  # that of a newer backup beside, or named
        later.unlink(missing_ok=True)
    with open_container(old) as reader:
        assert restoring.find_later(replace(order, lists=()), reader, []).lines == ()
    erased = forgetting.forget(live, BEN)
    assert any(place.file.startswith(former.name) for place in erased.places)
    assert BEN.encode() not in b"".join(list_files(former).values())


def test_a_folder_keeps_so_many_backups_and_never_loses_the_last_whole_one(campaign, tmp_path):
    broken = tmp_path / "dashboard-backup-campaign-20200101T000000Z.tar"
    broken.write_bytes(b"half a backup")
    for number in range(2):
        make(campaign, tmp_path).rename(tmp_path / f"dashboard-backup-campaign-2021010{number + 1}T000000Z.tar")
    last = make(campaign, tmp_path)
    make(campaign, tmp_path, "--open-part", "--keep", "1")
    names = {path.name for path in tmp_path.iterdir()}
    assert broken.name in names
    assert last.name in names or len(names) == 2
    with open_container(next(path for path in tmp_path.iterdir() if path != broken)) as reader:
        assert reader.manifest.title


def test_a_disk_of_its_own_is_filled_and_never_put_aside(backup, campaign, tmp_path, monkeypatch):
    volume = tmp_path / "volume"
    (volume / "lost+found").mkdir(parents=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == volume)
    left = volume / ".volume.restored-killed"  # while it moved in
    left.mkdir()
    (left / "moving").write_text("campaign.toml\ninbox\nprivate\npublished", encoding="utf-8")
    (volume / "inbox").mkdir()
    (volume / "campaign.toml").touch()
    monkeypatch.setattr(restoring, "_prove", Mock())  # nothing is built
    restore(backup, volume)
    assert list_files(volume) == list_files(campaign.root)
    assert [path.name for path in volume.iterdir() if path.name.startswith(".")] == [".gitignore"]
    assert "a disk of its own" in restore(backup, volume, "--replace", code=1)["what"]


@pytest.mark.nightly
@pytest.mark.kills
def test_a_restoring_killed_at_any_moment_leaves_the_former_or_the_restored_campaign(campaign, tmp_path):
    """Twenty moments, from the start of the process to beyond its end, of a restoring over a campaign that is used."""
    file = make(campaign, tmp_path / "b.tar")
    target = tmp_path / "used"
    before, after = put_used(campaign, target), list_files(campaign.root)
    command = [sys.executable, "-m", "etl", "restore-backup", str(file), "--campaign", str(target), "--replace"]
    began = time.monotonic()
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    seconds = time.monotonic() - began
    seen = set[str]()
    for number in range(20):
        shutil.rmtree(target)
        for former in tmp_path.glob("used.before-*"):
            shutil.rmtree(former)
        put_used(campaign, target)
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            if number < 19:
                time.sleep(seconds * (number + 1) / 18)
                process.kill()
        now = list_files(target)
        seen.add("former" if now == before else "restored" if now == after else "half")
    assert seen == {"former", "restored"}
    restore(file, target, "--replace")
    assert not list(tmp_path.glob(".used.restored-*"))


@pytest.mark.nightly
def test_backups_made_while_builds_are_published_are_each_of_one_moment(campaign, tmp_path):
    live = copy_campaign(campaign, tmp_path / "live")
    refused: list[str] = []

    def publish_thrice():
        for number in range(3):
            draft = live.root / "draft.csv"
            draft.write_text(REGISTER + action(f"{number + 9}", "Sample Office", f"Promise {number}"), encoding="utf-8")
            draft.replace(live.inbox / "register.csv")
            refused.append(start_etl("build", "--campaign", live.root, "--quiet").stderr)

    publisher = threading.Thread(target=publish_thrice)
    publisher.start()
    files: dict[str, Path] = {}
    while publisher.is_alive():
        file = make(live, tmp_path / f"{time.monotonic_ns()}.tar")
        with open_container(file) as reader:
            files.setdefault(reader.manifest.build_id, file)
    publisher.join()
    assert refused == [""] * 3
    assert len(files) > 1
    for build_id, file in files.items():
        done = restore(file, tmp_path / build_id)
        assert (done["proof"], done["build_id"]) == ("equal", build_id)
