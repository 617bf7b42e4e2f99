"""The page Audit log, and the same entries as a workbook and by the command."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from lxml import html
from typer.testing import CliRunner

from dashboard.__main__ import app as program
from dashboard.access.audit import log
from dashboard.access.audit.entries import Filters, find_entries
from dashboard.access.audit.events import Event, Outcome
from dashboard.access.audit.log import record
from dashboard.access.rights import COMMON_PASSWORD, Person, Role, SignInWay
from dashboard.i18n import translator
from dashboard.lists import audit_book
from dashboard.lists.audit_book import answer_job
from tests.app.conftest import text_of

ONE = Person(
    role=Role.STAFF, way=SignInWay.PROVIDER, key="oidc:001", name="Sample Person 001", address="one@example.org"
)


@pytest.fixture
def recorded(open_page, tmp_path, campaign_folder, monkeypatch):
    """Return a campaign in whose log are sixty entries and half a line."""
    (tmp_path / "published").symlink_to(campaign_folder / "published")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path))
    monkeypatch.setenv("DASHBOARD_STAFF", "open")
    for number in range(57):
        record(tmp_path, ONE, Event.DECIDED, f"same action A-{number}", row=number)
    record(tmp_path, COMMON_PASSWORD, Event.SIGNED_IN)
    record(tmp_path, replace(ONE, name="=Sample Person 002"), Event.ERASED, outcome=Outcome.REFUSED, why="No.")
    (path,) = log.find_folder(tmp_path).glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"act": "half')
    record(tmp_path, ONE, Event.PUBLISHED, "b1", files=[{"name": "a.csv", "state": "added"}], build="b1")
    return tmp_path


def read_lines(app):
    """Read the lines of the list by their headings in English; the fold below one as `details`."""
    (table,) = (html.fromstring(one.proto.body) for one in app.get("html") if "<table" in one.proto.body)
    heads = ("When", "Operation", "Who", "About", "Outcome")
    lines = []
    for row in table.xpath(".//tbody/tr[not(@class)]"):
        cells = dict(zip(heads, (cell.text_content() for cell in row), strict=True))
        lines.append(cells | {"details": row.getnext().text_content()})
    return lines


def test_entries_are_listed_filtered_and_paged_and_an_empty_log_says_so(recorded, open_page):
    t = translator("fr")
    app = open_page("audit", lang="fr")
    assert not app.error
    lines = read_lines(app)
    assert (len(lines), [line["Operation"] for line in lines[:3]]) == (
        50, [t("Published"), t("Person erased"), t("Signed in")],
    )  # fmt: skip
    assert lines[2]["Who"] == t("Common password")
    assert "a.csv" in lines[0]["details"] and "b1" in lines[0]["details"]
    assert app.warning[0].value.startswith("1 ")
    shown = "{first} to {last} of {total}, newest first."
    assert t(shown, first="1", last="50", total="60") in text_of(app)
    app.multiselect(key="audit-outcomes").set_value([Outcome.REFUSED]).run()
    assert [line["Operation"] for line in read_lines(app)] == [t("Person erased")]
    app.multiselect(key="audit-outcomes").set_value([])
    app.multiselect(key="audit-people").set_value(["password"]).run()
    assert [line["Operation"] for line in read_lines(app)] == [t("Signed in")]
    app.text_input(key="audit-words").set_value("nothing like it").run()
    assert t("No entry matches these filters.") in app.info[0].value
    shutil.rmtree(log.find_folder(recorded))
    app.query_params["lang"] = "en"
    assert "Nothing has been recorded yet" in app.run().info[0].value


def test_the_workbook_holds_what_is_filtered_and_no_formula(recorded, tmp_path, monkeypatch):
    def write(name: str, filters: Filters, lang: str) -> int:
        values = json.loads(json.dumps(filters.write()))  # they go to another process
        job = {"campaign": str(recorded), "filters": values, "lang": lang, "to": str(tmp_path / name)}
        return answer_job(job)["rows"]

    assert write("all.xlsx", Filters(since=date(2000, 1, 1)), "en") == 60
    rows = list(openpyxl.load_workbook(tmp_path / "all.xlsx").active.iter_rows(values_only=True))
    heads = dict(zip(rows[0], rows[1], strict=True))
    assert (heads["Who"], heads["Operation"], heads["About"]) == ("Sample Person 001", "Published", "b1")
    assert heads["Details"] == "Signed in: with their own account · Files: a.csv · added · Build: b1"
    assert rows[2][1] == "=Sample Person 002"
    assert openpyxl.load_workbook(tmp_path / "all.xlsx").active["B3"].data_type == "s"
    monkeypatch.setattr(audit_book, "MOST_ROWS", 3)
    assert write("some.xlsx", Filters(events=(Event.DECIDED,), people=("Sample Person 001",)), "fr") == 3


def test_the_command_writes_lines_and_csv_and_is_recorded_itself(recorded, tmp_path):
    def run(*words):
        return CliRunner().invoke(program, ["audit", "--campaign", str(recorded), *words])

    printed = run("--event", "decided", "--words", "A-56")
    (line,) = map(json.loads, printed.stdout.splitlines())
    assert (line["person_name"], line["about"], json.loads(line["details"])) == (
        "Sample Person 001", "same action A-56", {"row": 56},
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run("--csv", "--outcome", "refused").stdout)))
    assert [row["person_name"] for row in rows] == ["'=Sample Person 002"]
    assert run("--file", str(tmp_path / "log.csv")).exit_code == 0
    assert len((tmp_path / "log.csv").read_text().splitlines()) > 60
    refused = run("--event", "nothing")
    assert refused.exit_code == 2
    assert "published" in refused.stderr
    assert find_entries(recorded, Filters(events=(Event.AUDIT_TAKEN,))).total == 3
