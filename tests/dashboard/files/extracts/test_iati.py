"""The file for IATI: valid against the schemas of version 2.03, and what it says of an action."""

import re
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner

from dashboard.__main__ import app as command
from dashboard.errors import UserError
from dashboard.files.extracts import order, package
from dashboard.files.extracts.choice import IATI, Choice
from dashboard.files.extracts.iati import REGISTER, write_activities
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.public_files.files_of_build import PublicSide
from tests.snapshots import open_fixture
from tests.standard_schemas import MissingSchemasError, read_iati_schema

REPORTER = """
update campaign
set publisher = '{"name": {"en": "Sample Secretariat", "fr": "Secrétariat d’essai"}, "iati_identifier": "XM-SAMPLE-1",
    "iati_type": "40"}'
"""
HOSTILE = """
update actions set title = 'A < B & "C"' || chr(11) || chr(65534), action_id = 'A/B&C|%?', description = null,
    impact = 'Less' || chr(10) || 'work', stakeholder = null
where action_no = 3
"""
STATUS = f"{{{REGISTER}}}status"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return open_fixture(tmp_path_factory.mktemp("iati"), (REPORTER,), (HOSTILE,))


@pytest.fixture(scope="module")
def activities(reported: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> etree._Element:
    target = tmp_path_factory.mktemp("file") / "iati.xml"
    assert write_activities(reported, Selection(), target) == 40
    return etree.parse(target).getroot()


def find(activities: etree._Element, action_id: str) -> etree._Element:
    [found] = activities.xpath("iati-activity[iati-identifier=$name]", name=f"XM-SAMPLE-1-{action_id}")
    return found


def ask(element: etree._Element, path: str) -> Any:
    return element.xpath(path)


def test_the_file_is_valid_against_the_schema_and_keeps_the_rules_beside_it(activities: etree._Element) -> None:
    try:
        schema = read_iati_schema()
    except MissingSchemasError as error:
        pytest.skip(str(error))
    schema.assertValid(activities)
    identifiers = [text for text in ask(activities, "iati-activity/iati-identifier/text()")]
    assert len(set(identifiers)) == 40
    assert not [one for one in identifiers if re.search(r"[/&|?]", one)]
    for activity in activities:
        start, end = (ask(activity, f"activity-date[@type='{kind}']/@iso-date")[0] for kind in (1, 3))
        assert start <= end
        assert ask(activity, "sector"), "an activity has a sector"
        assert sum(map(float, ask(activity, "sector/@percentage"))) == pytest.approx(100)
        places = ask(activity, "recipient-country/@percentage | recipient-region/@percentage")
        assert not places or sum(map(float, places)) == pytest.approx(100)
        assert ask(activity, "participating-org/narrative")
    assert all(one[0].get("iso-date") <= one[1].get("iso-date") for one in activities.iter("period"))
    assert ask(activities, "//baseline[not(@value)] | //target[not(@value)] | //actual[not(@value)]") == []


def test_nothing_is_made_up_for_what_nobody_told(activities: etree._Element, reported: Snapshot) -> None:
    codes = {"not_reported": "1", "unclassified": "1", "not_started": "1"}
    codes |= {"in_progress": "2", "completed": "4", "discontinued": "5"}
    statuses = [(one.get(STATUS), one.get("code")) for one in activities.iter("activity-status")]
    assert all(codes[status] == code for status, code in statuses)
    assert Counter(status for status, _ in statuses)["completed"] == headline(reported, Selection()).completed
    ends = ask(activities, "iati-activity[activity-date/@type='4']/activity-status/@code")
    assert set(ends) == {"4"}
    hostile = find(activities, "A%2FB%26C%7C%25%3F")
    assert ask(hostile, "string(title/narrative)") == 'A < B & "C"' == ask(hostile, "string(description[1]/narrative)")
    assert ask(hostile, "description[@type='2']/narrative/text()") == ["Less work"]
    assert ask(hostile, "participating-org/narrative/text()")[0] == "Stakeholder not stated"
    assert ask(activities, "comment()") == [] and activities.getprevious().text.startswith(" Fictional data")


def test_each_number_is_a_result_with_its_baseline_target_and_the_level_in_force(
    activities: etree._Element, reported: Snapshot, tmp_path: Path
) -> None:
    action = find(activities, "FIX-001")
    children, laws, inspectors = ask(action, "result")
    assert ask(children, "indicator/title/narrative/text()") == [
        "Children withdrawn", "Enfants retirés", "Niñas y niños retirados",
    ]  # fmt: skip
    assert dict(ask(children, "indicator/baseline")[0].attrib) == {
        "iso-date": "2021-01-01", "year": "2021", "value": "20",
    }  # fmt: skip
    assert ask(children, "indicator/period/*/@*") == ["2021-01-01", "2021-12-30", "220", "240"]
    assert ask(laws, "indicator/period/target/@value") == ["12"]
    assert ask(laws, "indicator/period/actual | indicator/baseline") == []
    assert ask(inspectors, "indicator/period/target") == []
    assert ask(inspectors, "indicator/period/actual/@value") == ["30"]
    [prevalence] = ask(find(activities, "FIX-002"), "result/indicator")
    assert (prevalence.get("measure"), prevalence.get("ascending")) == ("2", "false")
    assert ask(prevalence, "period/*/@value") == ["9.5", "9.5"]
    early = Selection(q="FIX-001", as_of=date(2021, 6, 30))
    assert write_activities(reported, early, tmp_path / "x.xml") == 1
    root = etree.parse(tmp_path / "x.xml").getroot()
    assert ask(root, "//actual/@value") == ["100", "30"]
    assert ask(root, "//actual/comment/narrative/text()") == ["Lists of two schools"]
    assert root.get(f"{{{REGISTER}}}as-of") == "2021-06-30"


@pytest.mark.usefixtures("workers_here")
def test_without_an_organisation_that_reports_there_is_no_file_and_it_is_said_what_to_set(
    reported: Snapshot, snapshot: Snapshot, campaign_folder: Path, tmp_path: Path
) -> None:
    choice = Choice(file_format="xml")
    export = order.submit_extract(reported, Selection(lang="fr"), choice).result()
    assert export.content.count(b"</iati-activity>") == 40
    assert order.name_extract(reported, Selection(), choice) == "sample_2021-iati_2021-12-31_en.xml"
    with pytest.raises(UserError, match="iati_identifier"):
        write_activities(snapshot, Selection(), tmp_path / "none.xml")
    assert not (tmp_path / "none.xml").exists()
    for options, words in (
        (("--to", str(tmp_path / "none.xml")), "iati_identifier"),
        (("--to", "x.xml", "--table", "reports"), "--table"),
        (("--to", "x.xml", "--columns", "title"), "Columns"),
    ):
        done = CliRunner().invoke(command, ["extract", "--campaign", str(campaign_folder), *options])
        assert done.exit_code
        assert words in done.output


@pytest.mark.nightly
def test_the_public_files_have_it_where_the_campaign_states_who_reports(
    reported: Snapshot, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "write_package", partial(package.write_package, include=("actions",)))
    settings, place = Settings.from_environment({}), tmp_path / "fr" / "data" / IATI
    assert place.name not in {
        Path(name).name for name in PublicSide(snapshot, ["fr"], settings)._write_data(tmp_path, "fr")
    }
    list(PublicSide(reported, ["fr"], settings)._write_data(tmp_path, "fr"))
    assert len(etree.parse(place).getroot()) == 40
