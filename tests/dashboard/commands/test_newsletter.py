"""`python -m dashboard newsletter`: made, sent and settled for a scheduler; requests of subscribers; exit codes."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from benchmarks.servers import find_free_port
from dashboard.__main__ import app
from dashboard.mail import issue
from dashboard.mail.digest import gather
from dashboard.mail.subscribers import Wish
from dashboard.snapshot.database import Snapshot
from tests.dashboard.mail.desks import make_desk, publish
from tests.dashboard.mail.relay import environment, running

LATELY = datetime(2022, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a campaign whose data counts as the sample's."""
    folder = tmp_path_factory.mktemp("campaign")
    publish(folder, {"*": LATELY})
    with duckdb.connect(folder / "published" / "snapshot-fixture.duckdb") as connection:
        connection.execute("update campaign set is_sample = true")
    return folder


@pytest.fixture
def campaign(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "campaign"))


@pytest.fixture(autouse=True)
def _without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are drawn where a digest itself is tested."""
    monkeypatch.setattr(issue, "gather", partial(gather, has_pictures=False))


def run(campaign: Path, *words: str, code: int = 0, stdin: str = "") -> Result:
    """Return a command's answer, which ends with the exit code that is expected."""
    done = CliRunner().invoke(app, ["newsletter", words[0], "--campaign", str(campaign), *words[1:]], input=stdin)
    assert done.exit_code == code, done.output + str(done.exception)
    return done


def test_a_scheduler_sends_an_issue_once_and_staff_settle_the_rest(campaign: Path, monkeypatch) -> None:
    assert "24 invented subscribers" in run(campaign, "sample").output
    assert "0 invented subscribers" in run(campaign, "sample").output
    for name, value in environment(find_free_port()).items():
        monkeypatch.setenv(name, value)
    refused = run(campaign, "send", "--json", "--since", "2021-01-01", code=1)  # no mail server is there yet
    assert "cannot be used" in json.loads(refused.stdout.splitlines()[-1])["what"]
    with running(lambda address, _: "550 5.1.1 no" if ".001@" in address else None) as (relay, smtp):
        monkeypatch.setenv("DASHBOARD_SMTP_PORT", str(smtp.smtp_port))
        run(campaign, "send", "--most", "20")
        lines = run(campaign, "send", "--json").output.splitlines()
        assert json.loads(lines[-1])["counts"] == {"sent": 4}
        assert json.loads(lines[-1])["issue"] == ""  # nothing is new since
        assert {"what", "done", "total"} <= json.loads(lines[0]).keys()
        assert len(set(relay.recipients)) == len(relay.recipients) == 23
        told = run(campaign, "status").output
        assert "24 confirmed" in told and "23 sent, 1 bounced" in told
        assert "@" not in told
        number = json.loads(run(campaign, "status", "--json").output)["to_decide"][0]["number"]
        run(campaign, "decide", str(number), "--leave")
        assert "no mail" in run(campaign, "decide", str(number), "--again", code=1).stderr


@pytest.mark.nightly
def test_without_a_mail_server_it_says_that_files_were_written(campaign: Path, tmp_path: Path) -> None:
    make_desk(campaign).put_subscribers((f"sample.reader.{lang}@example.org", Wish(lang)) for lang in ("en", "fr"))
    assert "2 written. As files" in run(campaign, "send", "--since", "2021-01-01").output
    assert len(list((campaign / "private" / "mails").rglob("*.eml"))) == 2
    assert "1 written" in run(campaign, "test", "-", "--lang", "es", stdin="staff.person@example.org\n").output
    text = run(campaign, "preview", "--lang", "fr", "--region", "africa", "--since", "2021-01-01").output
    assert "Données fictives" in text and "Afrique" in text
    run(campaign, "preview", "--to", str(tmp_path / "digest.html"))
    assert "<!doctype html>" in (tmp_path / "digest.html").read_text(encoding="utf-8").lower()
    for wrong in (("--region", "atlantis"), ("--lang", "xx"), ("--to", "digest.doc"), ("--since", "tomorrow")):
        run(campaign, "preview", *wrong, code=2)


def test_a_subscriber_is_exported_and_erased_and_none_is_invented_beside_real_data(campaign: Path, monkeypatch) -> None:
    assert "Subscribers: none" in run(campaign, "status").output
    run(campaign, "sample")
    assert json.loads(run(campaign, "export", "sample.reader.001@example.org").output)["state"] == "confirmed"
    assert "Erased" in run(campaign, "erase", "-", stdin="Sample.Reader.001@example.org\n").output
    run(campaign, "export", "sample.reader.001@example.org", code=1)
    assert "Nothing was kept" in run(campaign, "erase", "sample.reader.001@example.org").output
    assert "no e-mail address" in run(campaign, "erase", "nobody", code=1).stderr
    monkeypatch.setattr(Snapshot, "is_sample", False)
    assert "no sample" in run(campaign, "sample", code=1).stderr
