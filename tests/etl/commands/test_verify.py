"""`python -m etl verify`: remake figures from the kept inputs; name everything forged, changed or erased."""

import shutil
from pathlib import Path

import duckdb
import pytest

from etl.commands import verify
from etl.publish.kept_inputs import kept_path, read_manifest
from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import published, run_on
from tests.forged import forge
from tests.verified import BASE, ask_here, check_equal, check_forged, make, verify_files, write_page

HEADER = "Ref;Maker;Promise;Sent;Where;Themes;Status;Progress\n"
PLACES = ("Kenya", "Peru", "Nepal", "France", "Jordan", "Ghana")
STATES = ("Completed", "In progress", "Not started", "Completed")
CONTACT = "ann.sample@example.org"
ACTIONS = HEADER + "".join(
    f"{n};Sample Office {n};Promise {n};2021-03-{n % 27 + 1:02};{PLACES[n % 6]};Education;{STATES[n % 4]};{n * 3}\n"
    for n in range(1, 31)
).replace("Sample Office 3;", f"Sample Office 3, {CONTACT};")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = make_campaign(tmp_path_factory.mktemp("verify") / "campaign", {"actions.csv": ACTIONS})
    (folder.root / "answers.csv").write_text("kind,is\nday,rows\n")  # the statuses are those of the submissions
    publish_campaign(folder)
    return folder


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, workers_here):
    """Call the other program, and make files, instead of starting processes."""
    monkeypatch.setattr(verify, "ask_dashboard", ask_here)
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)


FILES = {
    "a.svg": ("chart", "completion-by-region", "--lang", "fr"),
    "d.json": ("chart", "completion-by-region", "--region", "africa"),
    "i.xlsx": ("extract", "--region", "africa"),
    "k.zip": ("extract", "--include", "actions,reports"),
    "l.csv": ("chart", "completion-by-region", "--csv", "semicolon"),
}
CSV_OF = f"{BASE}/charts/completion-by-region.csv?csv=semicolon"


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    """Return a chart of the campaign as it left the house."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_BASE_URL", BASE)
        return make(folder, tmp_path_factory.mktemp("made") / "a.svg", *FILES["a.svg"])


def test_what_leaves_the_house_is_equal_and_figures_that_are_forged_or_of_a_changed_snapshot_are_named(
    folder, made, tmp_path, monkeypatch
):
    monkeypatch.setenv("DASHBOARD_BASE_URL", "http://127.0.0.1:8501")  # as on the computer of who tries it
    files = [made, *(make(folder, tmp_path / name, *FILES[name]) for name in ("d.json", "i.xlsx", "k.zip", "l.csv"))]
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)
    files.append(write_page(folder, tmp_path / "m.page.html"))
    (tmp_path / "forged").mkdir()
    copies = [Path(shutil.copy(file, tmp_path / "forged" / f"forged {file.name}")) for file in files]
    forged = {copy.name: forge(copy) for copy in copies}
    own = copy_campaign(folder, tmp_path / "snapshot")  # in whose snapshot somebody deletes the reports
    with duckdb.connect(own.published / published(own)["snapshot"]) as connection:
        connection.execute("delete from report_spells")
        connection.execute("delete from progress_reports")
    changed = make(own, tmp_path / "changed.svg", *FILES["a.svg"])
    found = verify_files(own, *files, changed, *copies, code=1, of=CSV_OF)  # the address is of files without a receipt
    check_equal(found, [file.name for file in files])
    check_forged(found, forged)
    assert found[changed.name]["state"] == "differs"
    assert any("hash of the values" in one["place"] for one in found[changed.name]["deviations"])


def test_one_changed_byte_of_an_input_is_found_and_named(folder, made, tmp_path):
    own = copy_campaign(folder, tmp_path / "changed")
    manifest = read_manifest(own, published(own)["build_id"])
    (noted,) = manifest.files
    kept = kept_path(own, noted.sha256)
    kept.write_bytes(kept.read_bytes().replace(b"Kenya", b"Kenia", 1))
    found = verify_files(own, made, code=1)["a.svg"]
    assert found["state"] == "differs"
    (changed,) = found["inputs"]
    assert (changed["name"], changed["recorded"]) == ("actions.csv", noted.sha256)
    assert changed["found"] != noted.sha256
    assert f"actions.csv, an input of build {manifest.build_id}, was changed" in found["said"][0]


@pytest.mark.nightly
def test_inputs_that_are_gone_other_campaigns_and_strange_files_are_told(folder, made, tmp_path):
    own = copy_campaign(folder, tmp_path / "gone")
    shutil.rmtree(own.private / "builds")
    (own.published / "history.json").unlink()
    other = make_campaign(tmp_path / "other", {})
    titled = own.campaign_file.read_text(encoding="utf-8").replace("2021", "2031")
    (other.root / "campaign.toml").write_text(titled, encoding="utf-8")
    rows, strange, missing = (tmp_path / name for name in ("rows.csv", "strange.xlsx", "missing.svg"))
    rows.write_text("code,actions\r\nafrica,1\r\n", encoding="utf-8")
    strange.write_bytes(b"PK\x03\x04 no archive")
    for campaign, file, said in (
        (own, made, ("were not kept", "Take the figure again")),
        (other, made, ("is of another campaign",)),
        (folder, rows, ("carries no receipt", "--of ADDRESS")),
        (folder, strange, ("cannot be read",)),
        (folder, missing, ("There is no file",)),
    ):
        found = verify_files(campaign, file, code=1)[file.name]
        assert [words for place, words in enumerate(said) if words not in found["said"][place]] == []
        assert found["state"] == "unverified", said


@pytest.mark.nightly
def test_a_person_who_was_erased_is_told(folder, made, tmp_path):
    own = copy_campaign(folder, tmp_path / "erased")
    book = make(own, tmp_path / "f.xlsx", "chart", "completion-by-region", "--lang", "es")
    forge(Path(shutil.copy(made, tmp_path / "b.svg")))
    run_on(own, "forget", CONTACT)
    found = verify_files(own, made, book, tmp_path / "b.svg", code=1)
    for name in ("a.svg", "f.xlsx"):  # a workbook's citation names the build, which another one is now
        assert found[name]["state"] == "equal", found[name]
        assert "A person was erased" in found[name]["remarks"][-1]
    assert "equality cannot be expected" in found["b.svg"]["said"][0]
