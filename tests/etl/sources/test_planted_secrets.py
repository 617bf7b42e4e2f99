"""Planted secrets appear nowhere: in no file of the campaign, no message, no log, no process."""

import logging
import os

import pytest

from dashboard.campaign import source_notes
from dashboard.campaign.source_notes import Outcome
from dashboard.ground.processes import commands, runner
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.sources.fetching import bring_whole, list_forms
from etl.sources.network import Reach
from tests.etl.program import run_on
from tests.etl.sources.far_sides import Answer, KoboToolbox, LimeSurvey, as_json, serving

COLUMNS = ["action_id", "action_status", "_id", "_uuid", "_submission_time"]
ROWS = [["OFF-1", "completed", "1", "uuid-1", "2021-07-01T09:00:00"]]


def state(name: str, side, tool: str) -> str:
    return (
        f'[[source]]\nname = "{name}"\ntool = "{tool}"\naddress = "{side.address}"\nform = "{side.form}"\n'
        'publish = "at_once"\n'
    )


def test_what_is_planted_is_found_nowhere(folder, tmp_path, monkeypatch, caplog):
    kobo, lime = KoboToolbox(COLUMNS, ROWS), LimeSurvey(["id", "submitdate"], [["1", "2021-07-01"]])
    secrets = [kobo.token, lime.password]
    with serving(kobo), serving(lime):
        shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8")
        stated = state("first", kobo, "kobotoolbox") + state("second", lime, "limesurvey")
        (folder.root / "campaign.toml").write_text(f"{shipped}\n{stated}", "utf-8")
        monkeypatch.setenv("DASHBOARD_SOURCE_NETWORKS", "127.0.0.1")
        hosts = {
            f"{name}_HOST": side.address.removeprefix("http://") for name, side in (("FIRST", kobo), ("SECOND", lime))
        }
        known = {"FIRST_TOKEN": kobo.token, "SECOND_USER": lime.user, "SECOND_PASSWORD": lime.password, **hosts}
        for name, value in known.items():
            monkeypatch.setenv(f"DASHBOARD_SOURCE_{name}", value)
        with caplog.at_level(logging.DEBUG):
            said = [run_on(folder, "fetch", code=1)]
            # Servers that say the secret back: in an error, a page, an address that they lead to.
            kobo.rows.append(["OFF-1", "completed", "2", "uuid-2", "2021-07-02T09:00:00"])
            echo = as_json({"status": "error", "messages": {"error": f"no: {kobo.token}"}, "url": f"{kobo.address}/x"})
            kobo.spoil = lambda asked, answer: echo if asked.method == "POST" else answer
            lime.spoil = lambda *_: as_json({"result": {"status": f"bad {lime.password}"}, "error": None})
            said.append(run_on(folder, "fetch", code=1))
            for name in ("first", "second"):
                assert source_notes.read(folder.private, name).last.outcome is Outcome.FAILED
            kobo.spoil = lambda *_: Answer(status=302, headers={"Location": f"https://192.0.2.1/?t={kobo.token}"})
            said.append(run_on(folder, "fetch", "first", code=1))
            said.append(run_on(folder, "source", "list", "--json"))
            for ask in (lambda one: list_forms(one, Reach("127.0.0.1")), lambda one: bring_whole(one, tmp_path, print)):
                for source in folder.load().source:
                    with pytest.raises(Exception) as refused:
                        ask(source)
                    said.append(refused.value)
    texts = [str(one) + getattr(one, "stdout", "") + getattr(one, "stderr", "") for one in said] + [caplog.text]
    texts += [path.read_bytes().decode("latin-1") for path in folder.root.rglob("*") if path.is_file()]
    assert len(texts) > 15 and "no: …" in source_notes.read(folder.private, "first").fetches[1].what
    assert [secret for secret in secrets if any(secret in text for text in texts)] == []


def test_no_process_is_told_but_the_one_that_fetches(monkeypatch):
    monkeypatch.setenv("DASHBOARD_SOURCE_FIRST_TOKEN", "planted-0123456789")
    monkeypatch.setenv("DASHBOARD_SOURCE_NETWORKS", "10.0.0.0/8")
    known = runner._environment("/nowhere", {"DASHBOARD_STAFF_PASSWORD"})
    assert "DASHBOARD_SOURCE_FIRST_TOKEN" not in known and known["DASHBOARD_SOURCE_NETWORKS"] == "10.0.0.0/8"
    told = {command: commands._find_credentials(command) for command in ("fetch", "source", "draft", "build", "check")}
    assert [command for command, variables in told.items() if variables] == ["fetch", "source"]
    assert told["fetch"]["DASHBOARD_SOURCE_FIRST_TOKEN"] == os.environ["DASHBOARD_SOURCE_FIRST_TOKEN"]
