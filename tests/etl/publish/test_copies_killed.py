"""A copy that is killed while it takes a build shows the old one or the new one, whole, and takes the rest later."""

import contextlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.copies.object_store import open_store
from dashboard.copies.stored_builds import POINTER, read_stored
from dashboard.copies.taking import Taker
from dashboard.paths import PROJECT
from dashboard.settings import Settings
from etl.publish import history
from etl.publish.send_copies import send
from etl.readers.files import hash_file
from tests.etl.campaigns import switch_to_copy
from tests.etl.publish.test_send_copies import Killed, place, sent, shown, taker_of  # noqa: F401  (fixtures)


def shows_whole(place, objects):  # noqa: F811
    """Whether what a copy's pointer names is here as it was sent."""
    stored = read_stored(objects.read(POINTER).body, objects.address).find(shown(place))
    return hash_file(place / "published" / stored.file_name) == stored.sha256


def test_killed_before_each_step_by_which_its_folder_changes(folder, place, sent, monkeypatch):  # noqa: F811
    objects, _, first = sent
    steps, seen = 0, []
    switch_to_copy(folder, "later")
    send(folder, objects)
    for left in range(20):
        steps = left

        def dying(work):
            def step(*arguments, **options):
                nonlocal steps
                if not steps:
                    raise Killed
                steps -= 1
                return work(*arguments, **options)

            return step

        with monkeypatch.context() as patched, contextlib.suppress(Killed):
            patched.setattr(os, "fsync", dying(os.fsync))
            patched.setattr(Path, "replace", dying(Path.replace))
            patched.setattr(Path, "unlink", dying(Path.unlink))
            taker_of(place, objects).look()
        seen.append(shown(place))
        assert shows_whole(place, objects)
        if steps:
            break
    assert steps, "it came to its end"
    assert seen == sorted(seen, key=(first, "later").index)  # never back
    assert {path.name for path in (place / "published").glob("snapshot-*")} == {
        f"snapshot-{first}.duckdb",
        "snapshot-later.duckdb",
    }


@pytest.mark.kills
@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_programs_killed_at_any_moment(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_STORE", (tmp_path / "store").as_uri())
    send(folder)
    settings, place = Settings.from_environment(), tmp_path / "copy"  # noqa: F811
    objects = open_store(settings)
    place.mkdir()
    Taker(settings.model_copy(update={"campaign": place})).look()
    takes = "from dashboard.copies.taking import Taker; from dashboard.settings import Settings; "
    takes += "Taker(Settings.from_environment()).look()"
    draw = random.Random(7)  # noqa: S311  (moments of kills)
    for number in range(8):
        switch_to_copy(folder, f"build{number}")
        for command in (["-m", "etl", "store", "upload", "--campaign", str(folder.root)], ["-c", takes]):
            environment = {**os.environ, "DASHBOARD_CAMPAIGN": str(place)}
            program = subprocess.Popen(
                [sys.executable, *command],
                cwd=PROJECT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
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
