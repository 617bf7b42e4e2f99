"""The same by the S3 protocol, against moto: parts, ranges, conditions, faults."""

from hashlib import sha256

import pytest

from dashboard.campaign import builds
from dashboard.campaign.copies.object_store import ChangedError, DamagedError, StoreError, UnchangedError, open_store
from dashboard.campaign.copies.taking import Taker
from dashboard.settings import Settings
from etl.publish.send_copies import send
from tests.etl.campaigns import copy_campaign, switch_to_copy
from tests.etl.program import published, run_on
from tests.moto_server import MissingMotoError, serving

pytestmark = pytest.mark.nightly
ADDRESS = "s3://copies/campaign"


@pytest.fixture(scope="module")
def s3():
    try:
        with serving("copies") as environment:
            yield environment
    except MissingMotoError as error:
        pytest.skip(str(error))


@pytest.fixture
def settings(s3, monkeypatch, request):
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DASHBOARD_STORE", f"{ADDRESS}/{request.node.name}")
    return Settings.from_environment()


def test_a_pointer_is_swapped_only_as_it_was_seen(settings):
    objects = open_store(settings)
    assert objects.read("current.json") is None
    objects.swap("current.json", b"1", None)
    seen = objects.read("current.json")
    with pytest.raises(UnchangedError):
        objects.read("current.json", seen.version)
    with pytest.raises(ChangedError):
        objects.swap("current.json", b"0", None)
    objects.swap("current.json", b"2", seen.version)
    with pytest.raises(ChangedError):
        objects.swap("current.json", b"3", seen.version)
    assert objects.read("current.json").body == b"2"


def test_a_large_object_goes_and_comes_in_parts(settings, tmp_path):
    objects, content = open_store(settings), bytes(range(256)) * 160_000
    (tmp_path / "large").write_bytes(content)
    objects.put("objects/large", tmp_path / "large")
    hashed = sha256(content).hexdigest()
    objects.fetch("objects/large", tmp_path / "again", len(content), hashed)
    assert (tmp_path / "again").read_bytes() == content
    with pytest.raises(DamagedError):
        objects.fetch("objects/large", tmp_path / "other", len(content), "0" * 64)
    assert not (tmp_path / "other").exists()
    assert [one.size for one in objects.list_all("objects/")] == [len(content)]


def test_commands_send_by_it_and_a_copy_takes(settings, folder, tmp_path):
    other = copy_campaign(folder, tmp_path / "other")
    run_on(folder, "store", "upload")
    switch_to_copy(other, "theirs")
    with pytest.raises(StoreError, match="Another builder has sent build"):
        send(other)
    place = tmp_path / "copy"
    place.mkdir()
    taker = Taker(settings.model_copy(update={"campaign": place}))
    assert taker.look()
    assert not taker.look()
    switch_to_copy(folder, "later")
    send(folder)
    assert taker.look()
    assert (place / "published" / "current.json").read_bytes() == (folder.published / "current.json").read_bytes()
    assert published(folder)["build_id"] == "later"
    builds.keep(place, "later")
    taker.look()
    send(folder)
    assert builds.read_kept(folder.root) == {"later"}
    run_on(folder, "store", "status")


def test_a_bucket_that_is_missing_and_a_store_that_is_away_are_told(settings, monkeypatch):
    missing = open_store(settings.model_copy(update={"store": "s3://nowhere/campaign"}))
    with pytest.raises(StoreError, match="This bucket or container does not exist: s3://nowhere/campaign"):
        missing.read("current.json")
    with pytest.raises(StoreError, match="This bucket or container does not exist"):
        missing.swap("current.json", b"1", None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreError, match="cannot be reached"):
        open_store(settings).read("current.json")
