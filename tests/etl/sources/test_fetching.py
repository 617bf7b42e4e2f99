"""Fetching from local servers: all of their content, only new content, no half files, no secret in messages."""

import gzip
import os
import shutil
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dashboard.campaign import source_notes
from dashboard.campaign.copies.object_store import Folder
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.source_notes import FetchNote, Outcome
from dashboard.campaign.sources import Source
from dashboard.errors import UserError
from dashboard.i18n import translator
from etl.commands.source import add_source
from etl.sources import place_files
from etl.sources.delivery import Delivered
from etl.sources.fetching import fetch, list_forms
from etl.sources.network import Reach, SecretError, read_credentials
from tests.etl.sources.far_sides import (
    Answer,
    Asked,
    FarSide,
    KoboToolbox,
    LimeSurvey,
    OdkCentral,
    WebFile,
    as_json,
    put_file,
    read_table,
    serving,
    sftp_serving,
    write_table,
)

HERE = Reach("127.0.0.1")
COLUMNS = ["start", "action_id", "status", "note", "_id", "_uuid", "_submission_time"]


def row(number: int, status: str = "completed") -> list[str]:
    said = f'said "so";\nnr {number}'
    return ["", f"ACT-{number}", status, said, str(number), f"uuid-{number}", "2021-07-01T09:00:00"]


def put(folder: CampaignFolder, _source: Source, files: Mapping[str, Path], *_others: Any) -> Delivered:
    """Deliver without a build."""
    folder.inbox.mkdir(exist_ok=True)
    for name, path in files.items():
        shutil.copyfile(path, folder.inbox / name)
    return Delivered(Outcome.NEW)


class Campaign:
    """A campaign with one source, that is fetched again and again."""

    def __init__(self, root: Path, side: FarSide, **stated: Any) -> None:
        self.folder, self.side = CampaignFolder(root), side
        known = {"name": "midyear", "address": side.address, "publish": "at_once"}
        self.source = Source.model_validate(known | stated)

    def change(self, **stated: Any) -> None:
        self.source = self.source.model_copy(update=stated)

    def fetch(self, **how: Any) -> FetchNote:
        self.side.asked.clear()
        note = fetch(self.folder, self.source, lambda *_: None, reach=HERE, deliver=put, **how)
        left = [path.name for path in self.folder.private.rglob("*") if "fetch-" in path.name]
        assert not left, "nothing is left over"
        return note

    @property
    def file(self) -> Path:
        return self.folder.inbox / self.source.inbox_name

    def rows(self, delimiter: str = ";") -> list[list[str]]:
        return read_table(self.file.read_text("utf-8"), delimiter)[1]

    def names(self) -> list[str]:
        """Return the files of the inbox."""
        return sorted(path.name for path in self.folder.inbox.iterdir())


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Campaign]]:
    """Yield a campaign whose source is a local server."""
    with ExitStack() as stack:

        def make(side: FarSide, secrets: Mapping[str, str] = {}, **stated: Any) -> Campaign:
            address = stack.enter_context(serving(side))
            for kind, value in {**secrets, "HOST": address.removeprefix("http://")}.items():
                monkeypatch.setenv(f"DASHBOARD_SOURCE_MIDYEAR_{kind}", value)
            (tmp_path / "campaign").mkdir()
            return Campaign(tmp_path / "campaign", side, **stated)

        yield make


@pytest.fixture
def kobo(make) -> Campaign:
    side = KoboToolbox(COLUMNS, [row(number) for number in (3, 5, 8)])
    return make(side, {"TOKEN": side.token}, tool="kobotoolbox", form=side.form)


def make_signed_in(make: Callable[..., Campaign], side: OdkCentral | LimeSurvey) -> Campaign:
    tool, form = ("limesurvey", side.form) if isinstance(side, LimeSurvey) else ("odk_central", "7/progress_survey")
    return make(side, {"USER": side.user, "PASSWORD": side.password}, tool=tool, form=form)


def test_kobotoolbox_brings_all_answers_then_only_those_that_are_new(kobo):
    side: KoboToolbox = kobo.side
    assert kobo.fetch().outcome is Outcome.NEW
    whole = write_table(side.header, side.rows, ";", "\ufeff")
    assert kobo.file.read_bytes() == whole
    assert side.orders[-1]["lang"] == "_xml" and not side.exports, "the copy there is removed"

    assert kobo.fetch().outcome is Outcome.SAME
    assert [(one.method, one.path) for one in side.asked] == [("GET", f"/api/v2/assets/{side.form}/")]

    side.rows += [row(11), row(12)]
    note = kobo.fetch()
    assert (note.outcome, note.added, note.changed, note.answers) == (Outcome.NEW, 2, 0, 5)
    assert side.orders[-1]["query"] == {"_id": {"$gt": 8}} and note.size
    assert kobo.rows() == side.rows


@pytest.mark.nightly
def test_what_was_changed_or_removed_there_shows_when_all_is_fetched(kobo):
    side: KoboToolbox = kobo.side
    kobo.fetch()
    side.rows[0] = row(3, "on_track")
    side.rows[1:] = [row(8), row(9)]
    note = kobo.fetch(is_whole=True)
    assert (note.added, note.changed) == (1, 1)
    assert kobo.rows() == [row(3, "on_track"), row(5), row(8), row(9)], "what disappeared there stays"
    assert source_notes.read(kobo.folder.private, "midyear").files["midyear.csv"].gone == ("5",)
    side.rows += [row(10)]
    assert (kobo.fetch().added, kobo.rows()[-1]) == (1, row(10)), "and the next fetch takes what is new alone"
    assert "query" in side.orders[-1]


@pytest.mark.nightly
def test_fewer_answers_other_questions_or_a_damaged_copy_have_all_fetched(kobo):
    side: KoboToolbox = kobo.side
    kobo.fetch()
    side.rows[:] = [row(3), row(8), row(9), row(10)]  # one is gone, two are new
    kobo.fetch()
    assert "query" not in side.orders[-1] and len(kobo.rows()) == 5
    side.header = [*COLUMNS, "new_question"]
    side.rows = [[*one, "yes"] for one in side.rows] + [[*row(11), "yes"]]
    assert kobo.fetch().outcome is Outcome.NEW
    assert kobo.rows() == side.rows
    (copy,) = (kobo.folder.private / "fetched" / "midyear").glob("*.csv")
    copy.write_text("damaged")
    side.rows += [[*row(12), "no"]]
    kobo.fetch()
    assert kobo.rows() == side.rows


def test_forms_are_listed_page_by_page_and_a_page_that_repeats_itself_ends_it(kobo):
    side: KoboToolbox = kobo.side
    side.pages = 3
    (form,) = list_forms(kobo.source, HERE)
    assert (form.form, form.title, form.answers) == (side.form, "Progress survey", 3)
    assert side.count("GET", "/api/v2/assets/") == 3
    again = as_json({"results": [], "next": f"{side.address}/api/v2/assets/?q=asset_type:survey&limit=100&format=json"})
    side.spoil = lambda _asked, _answer: again
    with pytest.raises(Exception, match="endlessly"):
        list_forms(kobo.source, HERE)


# --- ODK Central

ROOT = ["SubmissionDate", "action_id", "status", "KEY"]
VISITS = ["label", "PARENT_KEY", "KEY"]


def odk_row(number: int, at: str, status: str = "done") -> list[str]:
    return [at, f"ACT-{number}", status, f"uuid:{number}"]


def visit(number: int, place: int, label: str) -> list[str]:
    return [label, f"uuid:{number}", f"uuid:{number}/visit[{place}]"]


def test_odk_central_brings_what_came_or_was_changed_since_with_repeated_groups(make):
    root = [odk_row(2, "2020-02-02T00:00:00.000Z"), odk_row(1, "2020-01-01T00:00:00.000Z")]  # the newest first
    visits = [visit(2, 1, "a"), visit(1, 1, "b"), visit(1, 2, "c")]
    side = OdkCentral({"progress_survey.csv": (ROOT, root), "progress_survey-visit.csv": (VISITS, visits)})
    odk = make_signed_in(make, side)
    assert odk.fetch().added == 2
    assert not side.sessions, "the session is ended"
    assert [form.form for form in list_forms(odk.source, HERE)] == ["7/progress_survey"]

    root.insert(0, odk_row(3, "2100-01-01T00:00:00.000Z"))
    root[2] = odk_row(1, "2020-01-01T00:00:00.000Z", "edited")
    side.changed["uuid:1"] = "2100-01-01T00:00:00.000Z"
    visits[:] = [visit(3, 1, "d"), visit(2, 1, "a"), visit(1, 1, "b")]
    note = odk.fetch()
    assert (note.outcome, note.added, note.changed, note.answers) == (Outcome.NEW, 1, 1, 3)
    condition = next(one.query["$filter"][0] for one in side.asked if "$filter" in one.query)
    assert b"uuid:2" not in side._export(condition)
    assert read_member(odk.file, "progress_survey.csv") == root
    assert read_member(odk.file, "progress_survey-visit.csv") == visits
    side.changed.clear()
    assert odk.fetch().outcome is Outcome.SAME


@pytest.mark.nightly
@pytest.mark.parametrize("date", ["Mon, 01 Jan 2120 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", "yesterday"])
def test_a_server_whose_clock_is_wrong_loses_no_answer(make, date):
    root = [odk_row(1, "2020-01-01T00:00:00.000Z")]
    side = OdkCentral({"progress_survey.csv": (ROOT, root)})
    side.spoil = lambda _asked, answer: Answer(answer.body, answer.status, {**answer.headers, "Date": date})
    odk = make_signed_in(make, side)
    odk.fetch()
    root.insert(0, odk_row(2, "2020-02-02T00:00:00.000Z"))
    assert odk.fetch().added == 1
    assert read_member(odk.file, "progress_survey.csv") == root


def read_member(path: Path, name: str) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        return read_table(archive.read(name).decode(), ",")[1]


# --- LimeSurvey


def lime_row(number: int, submitted: str = "2021-07-01 09:00:00") -> list[str]:
    return [str(number), submitted, f"text\nwith ; lines {number}"]


def test_limesurvey_brings_ranges_of_answers_and_those_that_were_finished_since(make):
    rows = [lime_row(1), lime_row(2, ""), lime_row(30, ""), lime_row(900, ""), lime_row(4300)]
    side = LimeSurvey(["id. Response ID", "submitdate. Date submitted", "Q1. A question\nof two lines"], rows)
    lime = make_signed_in(make, side)

    def ranges(status: str = "all") -> list[list[int]]:
        asked = [one.said["params"] for one in side.asked if one.said["method"] == "export_responses"]
        return [words[7:9] for words in asked if words[4] == status]

    assert (lime.fetch().outcome, lime.rows()) == (Outcome.NEW, rows)
    assert not side.keys
    assert lime.fetch().outcome is Outcome.SAME and not ranges()
    rows.append(lime_row(4301))
    assert lime.fetch().added == 1 and lime.rows() == rows
    assert (ranges("incomplete"), ranges()) == ([[1, 4300]], [[4301, 6300]])
    rows[1], rows[3] = lime_row(2), lime_row(900)
    rows.append(lime_row(4302, ""))
    note = lime.fetch()
    assert (note.added, note.changed, lime.rows()) == (1, 2, rows)
    assert ranges() == [[2, 2], [900, 900], [4302, 6301]], "what was finished since, and what is new; nothing else"
    rows[0] = [*lime_row(1)[:2], "edited"]
    assert lime.fetch().outcome is Outcome.SAME
    assert (lime.fetch(is_whole=True).changed, lime.rows()) == (1, rows), "what was edited comes when all is fetched"
    assert [form.title for form in list_forms(lime.source, HERE)] == ["Progress survey"]


@pytest.mark.nightly
def test_limesurvey_has_all_fetched_where_the_numbers_do_not_add_up_and_nothing_before_the_first_answer(make):
    rows: list[list[str]] = []
    side = LimeSurvey(["id", "submitdate", "Q1"], rows)
    lime = make_signed_in(make, side)
    assert lime.fetch().outcome is Outcome.SAME
    rows += [lime_row(1, ""), lime_row(2, ""), lime_row(3)]
    assert lime.fetch().added == 3
    rows[:] = [lime_row(1), lime_row(3), lime_row(4)]  # one was removed, and another one came
    assert lime.fetch().outcome is Outcome.NEW
    assert lime.rows() == [lime_row(1), lime_row(2, ""), lime_row(3), lime_row(4)]
    rows += [lime_row(5)]
    assert lime.fetch().added == 1
    asked = [one.said["params"][7:9] for one in side.asked if one.said["method"] == "export_responses"]
    assert asked == [[1, 4], [5, 2004]], "the one that is gone is not asked for again and again"


def test_answers_of_another_shape_are_told_and_change_nothing(make):
    side = LimeSurvey(["id", "submitdate"], [lime_row(1)[:2]])
    lime = make_signed_in(make, side)
    results: tuple[Any, ...] = (None, [], "x", {"completed_responses": "many"}, {"sid": 1}, 7)

    def spoil(result: Any, asked: Asked, answer: Answer) -> Answer:
        is_asked = asked.said["method"] in ("get_summary", "list_surveys", "export_responses")
        return as_json({"id": 1, "result": result, "error": None}) if is_asked else answer

    for result in results:
        side.spoil = partial(spoil, result)
        note = lime.fetch()
        assert note.outcome is Outcome.FAILED and note.what and not lime.folder.inbox.exists(), result
        if result != []:  # which says that there are no surveys
            with pytest.raises(UserError):
                list_forms(lime.source, HERE)
    side.spoil = lambda _asked, answer: answer
    assert lime.fetch().outcome is Outcome.NEW


# --- Files


def test_a_file_of_the_web_is_taken_when_it_is_another_and_its_end_is_known(make, monkeypatch):
    monkeypatch.setenv("DASHBOARD_SOURCE_MB", "1")
    side = WebFile(b"a;b\n1;2\n")
    web = make(side, tool="web")
    web.change(address=f"{side.address}/register.csv")
    for header, value, what in (
        ("Content-Length", "", "where its answer ends"),
        ("Content-Length", str(3 * 1024**3), "larger than 1 MB"),
        ("Content-Encoding", "gzip", "is damaged"),
        ("Content-Encoding", "gzip, gzip", "packed in a way that was not asked for"),
        ("Content-Encoding", "br", "packed in a way that was not asked for"),
    ):
        side.spoil = partial(replace_answer, Answer(side.body, headers={header: value}))
        note = web.fetch()
        assert note.outcome is Outcome.FAILED and what in note.what
    for to in ("javascript:1", "http://[", "file:///etc/hostname"):
        side.spoil = partial(replace_answer, Answer(status=302, headers={"Location": to}))
        assert "not on the web" in web.fetch().what, to
    packed = gzip.compress(bytes(20 * 1024**2))  # twenty megabytes of nothing, in a single piece
    side.spoil = partial(replace_answer, Answer(packed, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    assert "larger than 1 MB" in web.fetch().what
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5 * 1024**2, "it is never all in memory"
    for cut in (packed[:-9], packed[: len(packed) // 2]):
        monkeypatch.setenv("DASHBOARD_SOURCE_MB", "50")
        side.spoil = partial(replace_answer, Answer(cut, headers={"Content-Encoding": "gzip"}))
        assert "is damaged" in web.fetch().what
    assert not web.folder.inbox.exists()
    plain = b"a;b\n0;0\n"
    side.spoil = partial(replace_answer, Answer(gzip.compress(plain), headers={"Content-Encoding": "gzip"}))
    assert web.fetch().outcome is Outcome.NEW and (web.folder.inbox / "register.csv").read_bytes() == plain
    side.spoil = lambda _asked, answer: answer
    for body in (side.body, b"a;b\n1;3\n"):
        side.body = body
        assert web.fetch().outcome is Outcome.NEW and (web.folder.inbox / "register.csv").read_bytes() == body
        assert web.fetch().outcome is Outcome.SAME


def test_files_of_a_folder_keep_their_names_and_wait_until_they_are_whole(make, tmp_path):
    place = tmp_path / "drive"
    for name, text in (("a.csv", "x\n1\n"), ("notes.txt.part", "half"), ("c.xlsx", "no")):
        put_file(place / name, text)
    drive = make(WebFile(b""), tool="folder", address=place.as_uri(), file="*.csv")
    (place / "b.csv").write_text("x\nbeing written")
    assert drive.fetch().outcome is Outcome.NEW
    assert drive.names() == ["a.csv"]
    put_file(place / "b.csv", "x\n2\n")
    (place / "a.csv").unlink()
    assert drive.fetch().outcome is Outcome.NEW
    assert drive.names() == ["a.csv", "b.csv"]
    assert source_notes.read(drive.folder.private, "midyear").files["a.csv"].is_gone


def test_a_folder_is_read_only_where_an_administrator_has_released_it_and_no_link_leads_out(
    make, tmp_path, monkeypatch
):
    listed, other = tmp_path / "listed", tmp_path / "other"
    put_file(listed / "a.csv", "x\n1\n")
    put_file(other / "secret.csv", "x\n2\n")
    (listed / "away").symlink_to(other)
    (listed / "secret.csv").symlink_to(other / "secret.csv")
    drive = make(WebFile(b""), tool="folder", address=listed.as_uri(), file="*.csv")
    private = drive.folder.root / "private"
    put_file(private / "key.csv", "x\n3\n")
    (drive.folder.root / "campaign.toml").touch()
    for released, place, what in (
        ("", listed, "not among those that sources may read"),
        (listed, other, "not among those that sources may read"),
        (listed, listed / "away", "not among those that sources may read"),
        (listed, listed / "..", "not among those that sources may read"),
        (f"{listed}{os.pathsep}{tmp_path}", private, "lies in a campaign folder"),
        (tmp_path, drive.folder.root, "lies in a campaign folder"),
    ):
        monkeypatch.setenv("DASHBOARD_SOURCE_FOLDERS", str(released))
        drive.change(address=f"file://{place}")
        note = drive.fetch()
        assert (note.outcome, what in note.what) == (Outcome.FAILED, True), (place, note.what)
    monkeypatch.setenv("DASHBOARD_SOURCE_FOLDERS", str(listed))
    (drive.folder.root / "campaign.toml").unlink()
    drive.change(address=listed.as_uri())
    assert drive.fetch().outcome is Outcome.NEW
    assert [path.name for path in drive.folder.inbox.iterdir()] == ["a.csv"]


def test_a_bucket_without_a_secret_is_asked_only_where_an_administrator_names_it(monkeypatch):
    source = Source.model_validate({"name": "midyear", "tool": "bucket", "address": "s3://others/registers/"})
    with pytest.raises(SecretError, match="bound to no host"):
        read_credentials(source, {})
    with pytest.raises(SecretError, match="is for ours"):
        read_credentials(source, {"DASHBOARD_SOURCE_MIDYEAR_HOST": "ours"})
    assert not read_credentials(source, {"DASHBOARD_SOURCE_MIDYEAR_HOST": "others"}).values


def test_a_file_of_one_source_never_replaces_that_of_another(make, tmp_path):
    drive = make(WebFile(b""), tool="folder", address=(tmp_path / "one").as_uri(), file="*.csv")
    for name, place in (("one", "one"), ("midyear", "two")):
        put_file(tmp_path / place / "actions.csv", f"x\n{place}\n")
        drive.change(name=name, address=(tmp_path / place).as_uri())
        add_source(drive.folder, drive.source)
        note = drive.fetch()
    assert note.outcome is Outcome.FAILED and "comes from the source one already" in note.what
    assert (drive.folder.inbox / "actions.csv").read_text() == "x\none\n"


def test_files_by_sftp_come_from_the_server_whose_key_is_stated(make, tmp_path, monkeypatch):
    place = tmp_path / "there"
    for name in ("a.csv", "b.csv", "c.txt"):
        put_file(place / "reg" / name, f"x\n{name}\n")
    with sftp_serving(place) as (port, key, other):
        secrets = {"USER": "fetcher", "PASSWORD": "sftp-password-0123456789", "HOST_KEY": key}
        sftp = make(WebFile(b""), secrets, tool="sftp", address=f"sftp://127.0.0.1:{port}/reg/", file="*.csv")
        monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", f"127.0.0.1:{port}")
        assert sftp.fetch().outcome is Outcome.NEW
        assert sftp.names() == ["a.csv", "b.csv"]
        assert sftp.fetch().outcome is Outcome.SAME
        put_file(place / "reg" / f"{'n' * 240}.csv", "x\n")
        assert "is too long for a file here" in sftp.fetch().what
        sftp.change(address=f"sftp://127.0.0.1:{port}/reg/c.txt", file="c.csv")
        assert sftp.fetch().outcome is Outcome.NEW and (sftp.folder.inbox / "c.csv").read_text() == "x\nc.txt\n"
        sftp.change(address=f"sftp://127.0.0.1:{port}/reg/d.csv", file="d.csv")
        for changed, value, what in (
            ("PASSWORD", secrets["PASSWORD"], "no such file"),
            ("PASSWORD", "wrong-password", "denies access to this program"),
            ("KEY", other.export_private_key().decode(), "no such file"),  # let in by its key
            ("HOST_KEY", "ssh-ed25519 nonsense", "a key cannot be read"),
            ("HOST_KEY", other.export_public_key().decode(), "is not the server that its key says"),
        ):
            monkeypatch.setenv(f"DASHBOARD_SOURCE_MIDYEAR_{changed}", value)
            if changed == "KEY":
                monkeypatch.delenv("DASHBOARD_SOURCE_MIDYEAR_PASSWORD")
            assert what in sftp.fetch().what, changed


def test_objects_of_a_store_are_taken_when_they_are_others(make, tmp_path, monkeypatch):
    store = tmp_path / "store"
    (store / "below").mkdir(parents=True)
    for name in ("a.csv", "b.xlsx", "below/c.csv"):
        (store / name).write_text(name)
    opened = []

    def open_folder(_settings, address, secrets):
        opened.append((address, secrets))
        return Folder(store, address)

    monkeypatch.setattr(place_files, "open_store", open_folder)
    secrets = {"KEY_ID": "key-id-0123456789", "KEY": "key-0123456789"}
    bucket = make(WebFile(b""), secrets, tool="bucket", address="s3://figures/registers/", file="*.csv")
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", "figures")
    assert bucket.fetch().outcome is Outcome.NEW
    assert bucket.names() == ["a.csv"]
    assert bucket.fetch().outcome is Outcome.SAME
    (store / "a.csv").write_text("another")
    bucket.change(address="s3://figures/registers/a.csv", file="")
    assert bucket.fetch().outcome is Outcome.NEW and (bucket.folder.inbox / "a.csv").read_text() == "another"
    told = {"access_key_id": secrets["KEY_ID"], "secret_access_key": secrets["KEY"]}
    assert opened[0] == ("s3://figures/registers", told) == opened[-1]
    (store / "a.csv").unlink()
    assert "There is no a.csv" in bucket.fetch().what


# --- Failures

LOGIN = Answer(b"<!DOCTYPE html><html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})
FAULTS = {
    "expired": (as_json({"detail": "Invalid token."}, 401), "denies access to this program (401)", "set a new one"),
    "not shared": (as_json({}, 403), "denies access to this program (403)", "set a new one"),
    "renamed": (as_json({"detail": "Not found."}, 404), "does not know what this source asks for", "choose it anew"),
    "fault": (Answer(b"oops", 500), "reports an internal error (500)", "try again automatically"),
    "busy": (Answer(b"", 429, {"Retry-After": "1800"}), "asks to try again later (429)", "try again automatically"),
    "elsewhere": (Answer(b"", 302, {"Location": "http://127.0.0.1:9/x"}), "redirects to another address", "Check"),
    "login page": (LOGIN, "web page", "Check the address"),
    "not JSON": (Answer(b'{"deployment__sub'), "nothing readable", "Check the address"),
    "too deep": (Answer(b"[" * 100_000, headers={"Content-Type": "application/json"}), "nothing readable", ""),
    "a list": (as_json([1]), "does not answer as KoboToolbox does", "Check the address"),
    "no count": (as_json({"name": "x"}), "how many answers", "Deploy the form"),
    "endless": (Answer(b" " * 33 * 1024 * 1024), "larger than 32 MB", "DASHBOARD_SOURCE_MB"),
}


def test_an_answer_that_does_not_help_is_told_and_the_next_fetch_is_right(kobo):
    kobo.fetch()
    before, side = kobo.file.read_bytes(), kobo.side
    side.rows += [row(9)]
    for fault, (answer, what, remedy) in FAULTS.items():
        side.spoil = partial(replace_answer, answer)
        note = kobo.fetch()
        assert note.outcome is (Outcome.LATER if fault == "busy" else Outcome.FAILED), fault
        assert what in note.what and remedy in note.remedy and side.token not in note.what + note.remedy
        assert kobo.file.read_bytes() == before
        noted = source_notes.read(kobo.folder.private, "midyear").last
        for said in (noted.what, noted.remedy):
            assert [lang for lang in ("fr", "es") if translator(lang)(said) == said] == [], "in the reader's language"
        assert kobo.source.host in translator("fr")(noted.what)
    side.spoil = lambda _asked, answer: answer
    for path in ("/api/v2/assets/", "/private-media/"):
        for size in (0, 7, 90):  # the answer breaks off after so many bytes
            side.cut = {path: size}
            note = kobo.fetch()
            assert note.outcome is Outcome.FAILED and "broke off" in note.what, size
            assert kobo.file.read_bytes() == before
    side.cut = {}
    assert kobo.fetch().added == 1 and kobo.rows() == side.rows


def replace_answer(answer: Answer, _asked: Asked, _answer: Answer) -> Answer:
    return answer


def test_a_redirect_to_another_host_takes_no_secret_along(make):
    elsewhere = WebFile(b"a;b\n1;2\n")
    side = WebFile(b"")
    web = make(side, {"TOKEN": "web-token-0123456789"}, tool="web")
    with serving(elsewhere):
        side.spoil = lambda *_: Answer(status=307, headers={"Location": f"{elsewhere.address}/register.csv"})
        assert web.fetch().outcome is Outcome.NEW
    assert side.asked[0].headers["authorization"] == "Bearer web-token-0123456789"
    assert "authorization" not in elsewhere.asked[0].headers
    for address, what in (
        ("http://192.0.2.1/x?t=web-token-0123456789", "without encryption"),
        (f"{side.address}/again", "endlessly"),
    ):
        side.spoil = partial(replace_answer, Answer(status=307, headers={"Location": address}))
        assert what in web.fetch().what


def test_a_secret_is_needed_for_the_very_host(kobo, monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", "kf.example.org")
    note = kobo.fetch()
    assert "is for kf.example.org" in note.what and not kobo.side.asked
    monkeypatch.delenv("DASHBOARD_SOURCE_MIDYEAR_HOST")
    assert "bound to no host" in kobo.fetch().what
    monkeypatch.delenv("DASHBOARD_SOURCE_MIDYEAR_TOKEN")
    assert "DASHBOARD_SOURCE_MIDYEAR_TOKEN is not set" in kobo.fetch().what
    secret = tmp_path / "token"
    secret.write_text(f"{kobo.side.token}\n")
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_TOKEN_FILE", str(secret))
    monkeypatch.setenv("DASHBOARD_SOURCE_MIDYEAR_HOST", kobo.source.host)
    secret.chmod(0o644)
    assert "Others can read" in kobo.fetch().what
    secret.chmod(0o600)
    assert kobo.fetch().outcome is Outcome.NEW
