"""Finished builds in an object store: sent whole or not at all, by one builder, and taken by copies that check them.

A copy that is killed while it takes a build shows the old one or the new one, whole, and takes the rest later.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import obstore
import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from dashboard.access.audit.entries import find_entries
from dashboard.campaign import builds
from dashboard.campaign.copies.object_store import Objects, StoreError, open_store
from dashboard.campaign.copies.reading_copy import copy_state
from dashboard.campaign.copies.stored_builds import KEPT, OBJECTS, POINTER, read_stored
from dashboard.campaign.copies.taking import Taker
from dashboard.campaign.reporting.published_files import FOLDER
from dashboard.errors import UserError
from dashboard.ground.files.writing import hash_file, write_file
from dashboard.paths import PROJECT
from dashboard.settings import Settings
from etl.commands import watch
from etl.publish import history, send_copies
from etl.publish.send_copies import compare, send
from tests.cases import some
from tests.etl.campaigns import copy_campaign, switch_to_copy
from tests.etl.program import published, run_etl, run_on

PERSON = "Sample Person 001"
ADDRESS = "sample.person.001@example.org"


class Killed(BaseException):
    """The end of a sending by a test: nothing of the program catches it."""


class Provoked(Objects):
    """A store in memory that calls back before each writing."""

    def __init__(self, before=lambda name: None, store=None):
        super().__init__(store or MemoryStore(), "s3://copies/campaign")
        self.before, self.written = before, []

    def beside(self, before=lambda name: None):
        """Return the same store as another program sees it."""
        return Provoked(before, self._store)

    def put(self, name, content, headers=None):
        self.before(name)
        super().put(name, content)
        self.written.append(name)

    def swap(self, name, content, expected):
        self.before(name)
        super().swap(name, content, expected)
        self.written.append(name)

    def spoil(self, name, content):
        """Overwrite an object as nobody may; None removes it."""
        if content is None:
            self.delete([name])
        else:
            obstore.put(self._store, name, content)

    def content(self):
        """Return every object with its bytes."""
        return {one.name: bytes(obstore.get(self._store, one.name).bytes()) for one in self.list_all("")}

    def stored(self):
        return read_stored(self.read(POINTER).body, self.address)


def dying_after(number):
    """Return a callback that lets a program write so many objects, and then kills it."""
    left = iter(range(number))

    def kill(_name):
        if next(left, None) is None:
            raise Killed

    return kill


def dying(work, kill):
    """Return the work, before which a program may be killed."""

    def step(*arguments, **options):
        kill(work)
        return work(*arguments, **options)

    return step


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return a reading copy's campaign folder; this process counts from zero."""
    copy_state.cache_clear()
    place = tmp_path / "copy"
    place.mkdir()
    monkeypatch.delenv("DASHBOARD_STORE", raising=False)
    return place


def taker_of(place, objects):
    settings = Settings.from_environment({"DASHBOARD_STORE": objects.address}).model_copy(update={"campaign": place})
    return Taker(settings, objects)


@pytest.fixture
def sent(folder, place):
    """Send once and let a copy take it; return the store, the copy's taker, and the build's id."""
    objects = Provoked()
    send(folder, objects)
    taker = taker_of(place, objects)
    assert taker.look()
    return objects, taker, shown(place)


def shown(place):
    """Return the id of the build that a folder shows; None for none."""
    path = place / "published" / "current.json"
    return json.loads(path.read_text())["build_id"] if path.exists() else None


def list_snapshots(root):
    """List the names of the builds' files in a campaign folder."""
    return {path.name for path in (root / "published").glob("snapshot-*")}


def test_the_commands_send_and_a_copy_shows_the_same(folder, place, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", (folder.root.parent / "a store").as_uri())
    (folder.root / "campaign.toml").write_text(folder.campaign_file.read_text())
    (folder.root / "locales/pt/LC_MESSAGES").mkdir(parents=True)
    (folder.root / "locales/pt/LC_MESSAGES/dashboard.po").write_text("")
    before = published(folder)["build_id"]
    run_on(folder, "store", "status", code=1)
    switch_to_copy(folder, "other")
    switch_to_copy(folder, "later")
    assert "0 builds" not in run_on(folder, "store", "upload").stdout
    assert "later, sent at" in run_on(folder, "store", "status").stdout
    assert find_entries(folder.root).entries["event"].tolist()[0] == "copies_sent"

    settings = Settings.from_environment().model_copy(update={"campaign": place})
    assert Taker(settings).look()
    assert not Taker(settings).look()  # one question, nothing transferred
    for name in ("current.json", "history.json", "first_published.parquet", "revisions.parquet"):
        assert (place / "published" / name).read_bytes() == (folder.published / name).read_bytes()
    assert list_snapshots(place) == list_snapshots(folder.root)
    assert len(list_snapshots(place)) == 3
    assert (place / "locales/pt/LC_MESSAGES/dashboard.po").is_file()
    refused = run_etl("build", "--campaign", place)
    assert (refused.returncode, "is a reading copy of file://" in refused.stderr) == (1, True)

    assert "not_sent" not in run_on(folder, "restore", before, "--json").stdout
    assert Taker(settings).look()
    assert (shown(place), published(folder)["build_id"]) == (before, before)
    run_on(folder, "restore", "nothing")
    assert Taker(settings).look()
    assert shown(place) is None


def test_nothing_personal_leaves_and_a_closed_campaign_is_not_shown_by_an_open_copy(folder, place):
    for path in ("decisions.csv", "private/note.txt", "inbox/second.csv", "notes.txt"):
        (folder.root / path).write_text(f"# {PERSON} {ADDRESS}\n")
    (folder.private / "roles.toml").write_text(f"closed = true  # {PERSON} {ADDRESS}\n")
    (folder.root / "samples").mkdir()
    (folder.root / "samples" / "made up (1) été.csv").write_text("fictional")
    objects = Provoked()
    send(folder, objects)
    with pytest.raises(StoreError, match="closed to people who have not signed in, but not on this copy"):
        taker_of(place, objects).look()
    assert shown(place) is None
    (place / "private").mkdir()
    (place / "private" / "roles.toml").write_text("closed = true\n")
    assert taker_of(place, objects).look()
    assert (place / "samples" / "made up (1) été.csv").is_file()
    assert not any(word.encode() in content for content in objects.content().values() for word in (PERSON, ADDRESS))
    assert {file.path for file in objects.stored().files} <= {
        "campaign.toml", "samples/made up (1) été.csv", "published/history.json", "published/first_published.parquet",
        "published/revisions.parquet",
    }  # fmt: skip


def test_copies_have_the_files_that_may_be_public_until_they_are_withdrawn(folder, place):
    public_files, private_file = folder.published / FOLDER, folder.private / "evidence" / ("c" * 64)
    public_files.mkdir()
    private_file.parent.mkdir()
    private_file.write_bytes(b"not public")
    names = [f"{'a' * 64}.jpg", f"{'b' * 64}.pdf"]
    for name in (*names, ".draft", "index.html"):
        (public_files / name).write_bytes(name.encode())
    objects = Provoked()
    send(folder, objects)
    taker = taker_of(place, objects)
    assert taker.look()
    assert {path.name: path.read_bytes() for path in (place / "published" / FOLDER).iterdir()} == {
        name: name.encode() for name in names
    }
    assert b"not public" not in objects.content().values()
    (public_files / names[0]).unlink()
    assert send(folder, objects).is_new
    assert taker.look()
    assert [path.name for path in (place / "published" / FOLDER).iterdir()] == [names[1]]
    assert names[0].encode() not in objects.content().values()


@pytest.mark.nightly
def test_a_second_builder_loses_and_overwrites_nothing(folder, tmp_path, place):
    other = copy_campaign(folder, tmp_path / "other")
    objects = Provoked()
    with pytest.raises(StoreError, match=r"Another builder has sent a build .* in this very moment"):
        send(folder, objects.beside(lambda name: send(other, objects) if name == POINTER else None))
    assert compare(other, objects).is_own
    switch_to_copy(folder, "mine")
    switch_to_copy(other, "theirs")
    send(other, objects)
    before = objects.content()
    with pytest.raises(StoreError, match=r"Another builder has sent build theirs .* nothing there was changed"):
        send(folder, objects)
    assert objects.content() == before
    assert not compare(folder, objects).is_own
    send(folder, objects, take_over=True)
    assert objects.stored().build_id == "mine"
    assert taker_of(place, objects).look()
    with pytest.raises(StoreError, match="Another builder has sent build mine"):
        send(other, objects)


@pytest.mark.nightly
def test_killed_between_any_two_objects_the_old_build_is_shown_and_the_rest_is_sent_later(folder, place, sent):
    objects, taker, first = sent
    switch_to_copy(folder, "later")
    written = []
    for _ in ("before the history", "before the pointer"):
        with pytest.raises(Killed):
            send(folder, dying := objects.beside(dying_after(1)))
        written += dying.written
        assert objects.stored().build_id == first
        taker.look()
        assert shown(place) == first
    send(folder, last := objects.beside())
    assert len(written) + len(last.written) == len(set(written) | set(last.written))  # nothing was sent twice
    assert taker.look()
    assert shown(place) == "later"

    switch_to_copy(folder, "last")
    swap = Provoked.swap

    class Silent(Provoked):
        def swap(self, name, content, expected):
            swap(self, name, content, expected)
            raise Killed  # before it hears that the pointer is there

    with pytest.raises(Killed):
        send(folder, Silent(store=objects._store))
    assert objects.stored().build_id == "last"
    assert not send(folder, objects).is_new  # its own


@pytest.mark.parametrize("harm", some([lambda body: body[:-9], lambda body: body[:-1] + b"?", lambda _body: None], 1))
def test_what_is_not_whole_is_not_taken_and_can_be_repaired(folder, place, sent, caplog, harm):
    objects, taker, first = sent
    switch_to_copy(folder, "later")
    send(folder, objects)
    name = objects.stored().find("later").object
    objects.spoil(name, harm(objects.content()[name]))
    assert not taker.try_look()
    assert not taker.try_look()
    (told,) = [record.getMessage() for record in caplog.records if "The build shown stays." in record.getMessage()]
    assert name in told
    assert shown(place) == first
    assert not list((place / "published").glob("*.new"))
    send(folder, objects, repair=True)
    assert taker.try_look()
    assert shown(place) == "later"
    assert copy_state().problem is None


@pytest.mark.nightly
def test_what_somebody_has_changed_on_a_copy_is_taken_again_and_a_store_that_is_gone_leaves_what_is_here(
    folder, place, sent, monkeypatch
):
    objects, taker, first = sent
    snapshot = place / "published" / f"snapshot-{first}.duckdb"
    whole = snapshot.read_bytes()
    snapshot.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    (place / "published" / "history.json").unlink()
    assert taker.look()
    assert snapshot.read_bytes() == whole
    assert (place / "published" / "history.json").is_file()
    assert not taker.look()

    def refuse(*_arguments, **_options):
        raise GenericError("https://store.example.org/copies?signature=SECRET")

    for name in ("get", "put", "head", "list"):
        monkeypatch.setattr(obstore, name, refuse)
    assert not taker_of(place, objects).try_look()
    assert "SECRET" not in str(copy_state().problem)
    assert shown(place) == first
    monkeypatch.setenv("DASHBOARD_STORE", (folder.root.parent / "store").as_uri())
    switch_to_copy(folder, "later")
    built = run_on(folder, "restore", first, "--json")  # the published build stands
    assert "but not sent to the object store. The object store file://" in built.stderr
    assert published(folder)["build_id"] == first


@pytest.mark.nightly
def test_a_folder_as_a_store_is_cleared_of_what_killed_programs_left(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", (folder.root.parent / "store").as_uri())
    send(folder)
    half = folder.root.parent / "store" / "objects" / "half.duckdb#1"
    half.write_bytes(b"half of a build")
    send(folder)
    assert half.is_file()  # somebody may be writing it
    os.utime(half, (0, 0))
    send(folder)
    assert not half.exists()
    assert compare(folder).is_current


@pytest.mark.nightly
def test_old_builds_and_left_objects_go_as_the_history_does(folder, place, sent, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "2")
    objects, taker, _ = sent
    objects.put(f"{OBJECTS}left", b"by a stopped sending")
    for build_id in ("b2", "b3", "b4"):
        switch_to_copy(folder, build_id)
        send(folder, objects)
        taker.look()
    names = {"snapshot-b4.duckdb", "snapshot-b3.duckdb"}
    assert {build.file_name for build in objects.stored().builds} == names
    assert list_snapshots(place) == names
    named = {name for name, _ in objects.stored().list_objects()}
    assert {one.name for one in objects.list_all(OBJECTS)} == named | {f"{OBJECTS}left"}  # it may be on its way
    monkeypatch.setattr(send_copies, "YOUNG", timedelta(0))
    send(folder, objects)
    assert {one.name for one in objects.list_all(OBJECTS)} == named


@pytest.mark.nightly
def test_a_build_stays_at_which_an_embed_was_frozen_on_a_copy(folder, place, sent, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BUILDS_KEPT", "1")
    objects, taker, first = sent
    builds.keep(place, first)
    switch_to_copy(folder, "later")  # and the builder, who does not know yet, removes it
    assert builds.find_snapshot(folder.root, first) is None
    taker.look()
    assert [one.name for one in objects.list_all(KEPT)] == [f"{KEPT}{first}"]
    send(folder, objects)
    assert builds.read_kept(folder.root) == {first}
    assert history.is_whole(builds.find_snapshot(folder.root, first), first)
    taker.look()
    assert shown(place) == "later"
    assert builds.find_snapshot(place, first) is not None
    assert objects.list_all(KEPT) == []
    builds.release(folder.root, [first])
    switch_to_copy(folder, "last")
    send(folder, objects)
    taker.look()
    assert builds.find_snapshot(place, first) is None
    assert builds.read_kept(place) == frozenset()


def test_a_build_that_held_an_erased_person_goes_from_the_store_and_from_copies(folder, place, monkeypatch):
    objects = Provoked()
    switch_to_copy(folder, "held")
    builds.keep(folder.root, "held")
    switch_to_copy(folder, "later")
    with duckdb.connect(builds.find_snapshot(folder.root, "held")) as connection:
        connection.execute("update actions set title = $title", {"title": f"Ask {ADDRESS}"})
    send(folder, objects)
    taker = taker_of(place, objects)
    taker.look()
    objects.put(f"{OBJECTS}left", ADDRESS.encode())  # of a sending that was stopped
    assert "held" in {build.build_id for build in objects.stored().builds}
    monkeypatch.setattr(send_copies, "open_store", lambda _settings: objects)
    monkeypatch.setenv("DASHBOARD_STORE", objects.address)
    run_on(folder, "forget", ADDRESS, "--json")
    assert not any(ADDRESS.encode() in body for body in objects.content().values())
    assert taker.look()
    assert builds.find_snapshot(place, "held") is None
    assert builds.read_kept(place) == frozenset()


def test_fictional_data_never_takes_the_place_of_real_data_and_a_pointer_to_other_files_is_refused(folder, place, sent):
    objects, *_ = sent
    pointer = published(folder) | {"is_sample": True}
    write_file(folder.published / "current.json", json.dumps(pointer))
    with pytest.raises(StoreError, match="Only the fictional sample is published here"):
        send(folder, objects)
    assert not objects.stored().published["is_sample"]

    file = objects.stored().files[0].model_copy(update={"path": "private/roles.toml"})
    outside = objects.stored().model_copy(update={"files": (file,)}).write()
    later = b'{"format": 2, "published": null, "builds": [], "files": []}'
    for written, said in ((outside, "is damaged"), (later, "is of a later version")):
        objects.spoil(POINTER, written)
        with pytest.raises(StoreError, match=said):
            taker_of(place, objects).look()
    assert not (place / "private").exists()


@pytest.mark.nightly
def test_watching_sends_again_later_and_later(folder, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", "s3://copies/campaign")
    answers = iter(["It is away.", "It is away.", None])
    monkeypatch.setattr(send_copies, "send_if_set", lambda _folder: next(answers))
    said: list[str] = []
    now = [0.0]
    copies = watch._Copies(folder, said.append, lambda: now[0])
    copies.send()
    for now[0] in (1.0, 9.0, 10.0, 29.0, 30.0, 1000.0):
        copies.send_again()
    assert said == ["It is away.", "It is away."]
    assert next(answers, "none is left") == "none is left"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("s3://key:secret@bucket/place", "DASHBOARD_STORE holds more than an address"),
        ("abfss://container@account.dfs.core.windows.net/place?sig=secret", "DASHBOARD_STORE holds more than"),
        ("/srv/copies", "is no address of an object store"),
        ("file://srv/copies", "is no address of an object store"),
        ("ftp://copies/place", "is no address of an object store"),
    ],
)
def test_an_address_with_a_secret_or_of_no_store_is_refused(address, sentence):
    with pytest.raises(UserError, match=sentence) as refused:
        Settings.from_environment({"DASHBOARD_STORE": address})
    assert "secret" not in str(refused.value)


def shows_whole(place, objects):
    """Whether the build that a copy's pointer names is here as it was sent."""
    stored = read_stored(objects.read(POINTER).body, objects.address).find(shown(place))
    return hash_file(place / "published" / stored.file_name) == stored.sha256


@pytest.mark.nightly
def test_killed_before_each_step_by_which_its_folder_changes(folder, place, sent, monkeypatch):
    objects, _, first = sent
    seen, has_ended = [], False
    switch_to_copy(folder, "later")
    send(folder, objects)
    for number in range(20):
        kill = dying_after(number)
        with monkeypatch.context() as patched, contextlib.suppress(Killed):
            for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink")):
                patched.setattr(owner, name, dying(getattr(owner, name), kill))
            taker_of(place, objects).look()
            has_ended = True
        seen.append(shown(place))
        assert shows_whole(place, objects)
        if has_ended:
            break
    assert has_ended
    assert seen == sorted(seen, key=(first, "later").index)  # never back
    assert list_snapshots(place) == {f"snapshot-{first}.duckdb", "snapshot-later.duckdb"}


@pytest.mark.kills
@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_programs_killed_at_any_moment(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", (tmp_path / "store").as_uri())
    send(folder)
    settings, place = Settings.from_environment(), tmp_path / "copy"
    objects = open_store(settings)
    place.mkdir()
    Taker(settings.model_copy(update={"campaign": place})).look()
    takes = "from dashboard.campaign.copies.taking import Taker; from dashboard.settings import Settings; "
    takes += "Taker(Settings.from_environment()).look()"
    draw = random.Random(7)  # noqa: S311  (moments of kills)
    for number in range(8):
        switch_to_copy(folder, f"build{number}")
        for command in (["-m", "etl", "store", "upload", "--campaign", str(folder.root)], ["-c", takes]):
            environment = {**os.environ, "DASHBOARD_CAMPAIGN": str(place)}
            silent = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
            program = subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=environment, **silent)
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(draw.uniform(0.3, 1.5))
            program.send_signal(signal.SIGKILL)
            program.wait()
            stored = read_stored(objects.read(POINTER).body, objects.address)
            assert all(objects.find_size(name) == size for name, size in stored.list_objects())
            assert history.is_whole(place / "published" / f"snapshot-{shown(place)}.duckdb", shown(place))
    assert send(folder).build_id == "build7"
    Taker(settings.model_copy(update={"campaign": place})).look()
    assert shown(place) == "build7"
    assert shows_whole(place, objects)
