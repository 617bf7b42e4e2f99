"""What sheets gave is taken from earlier builds: every table is that of a build from nothing."""

import io
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.backup.contents import list_contents
from etl.forget import forget as forgetting
from etl.kept_sheets import keeper
from etl.kept_sheets import kept_entries as entries
from etl.kept_sheets.keeper import Reuse
from etl.kept_sheets.kept_rows import COUNTRIES, TABLES
from etl.kept_sheets.sheet_keys import hash_surroundings
from etl.pipeline import build as builds
from etl.pipeline.intake import Intake
from etl.publish.drafts import make_draft
from etl.readers import ahead
from etl.readers.exports import ExportFile
from etl.retention.expired import enforce
from tests.etl.campaigns import ACTIONS_RECIPE, make_campaign
from tests.etl.program import run_etl

ADDRESS = "ann.sample@example.org"
HEADER = ["Ref", "Maker", "Promise", "How", "Sent", "Where", "Category", "Status", "Contact name"]
ROWS = (
    ["1", "Sample Union", "Train inspectors", "Call 020 7946 0958", "03/04/2021", "Kenya", "Training", "", "Sample A"],
    ["2", "Sample Farms", "Survey farms", f"Write to {ADDRESS}", "13/04/2021", "France; Peru", "Zzz", "Done", ""],
    ["3", "Sample Co-op", "Map cocoa", "Ring 01 23 45 67 89", "2021-05-06", "", "Policy", "In progress", "Sample B"],
    [ADDRESS, "Sample Co-op", "Open schools", "", "04/05/2021", "Nowhere", "", "", ""],
    ["", "Total", "4", "", "", "", "", "", ""],
    ["", "Kenya", "", "", "", "", "", "", ""],
    ["4", "Sample Union", "Train more inspectors", "Tel. 0612345678", "25/05/2021", "Kenya", "", "", ""],
)
REPORT_HEADER = ["Report", "Ref", "Maker", "Sent", "State", "Progress", "Did it help?"]
REPORTS = (
    ["R1", "OFF-1", "Sample Union", "01/06/2021", "Completed", "1", "Yes"],
    ["R2", "OFF-2", "Sample Farms", "2021-06-14", "Nearly there", "0,5", "No"],
    ["R3", f"OFF-{ADDRESS}", "Sample Co-op", "15/06/2021", "In progress", "0,45", "Yes"],
    ["R4", "OFF-9", "Sample Co-op", "07/07/2021", "Who knows", "", ""],
)
# What staging fills that every build makes anew: it asks several sheets, or nothing but plans and settings.
ANEW = {
    "sheets", "columns_to_decide", "date_pairs", "date_evidence", "date_orders", "other_dates", "dates_beside",
    "error_cells", "settled_sheets", "target_sheets", "answer_texts",
}  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small exports are kept as well, and opened ahead."""
    monkeypatch.setattr(keeper, "FEWEST_BYTES", 0)
    monkeypatch.setattr(ahead, "FEWEST_BYTES", 0)


def write(header: list[str], rows: list[list[str]], ending: str = ".csv") -> bytes:
    if ending == ".csv":
        return "\n".join("\t".join(row) for row in [header, *rows]).encode() + b"\n"
    book, stream = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in [header, *rows]:
        book.active.append(row)
    book.create_sheet("Notes").append(["Nothing to see here"])
    book.save(stream)
    return stream.getvalue()


def read_all(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a database, sorted."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables() order by 1").fetchall()]
        return {name: connection.execute(f"from {name} order by all").fetchall() for name in names}


def build(folder: CampaignFolder, reuse: Reuse = Reuse.TAKE) -> tuple[int, list[object]]:
    """How many files a build did not read, and all that it says, in public and in private; or why it was refused."""
    try:
        with builds.build(folder, folder.published, reuse=reuse, skip_bad_files=True) as result:
            return result.unchanged, [read_all(result.snapshot), read_all(result.contacts)]
    except UserError as error:
        return 0, [str(error)]


def build_both(folder: CampaignFolder) -> int:
    """Build with what is kept and from nothing: both say the same. Gives how many files were not read."""
    unchanged, found = build(folder)
    assert (0, found) == build(folder, Reuse.NOTHING)
    return unchanged


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    exports = {"a.csv": write(HEADER, list(ROWS)), "r.xlsx": write(REPORT_HEADER, list(REPORTS), ".xlsx")}
    return make_campaign(tmp_path / "campaign [1] {a=b}", exports)


class Campaign(RuleBasedStateMachine):
    """A campaign to which anything happens; each build with what is kept is a build from nothing."""

    @initialize()
    def begin(self) -> None:
        self.place = TemporaryDirectory()
        self.folder = make_campaign(Path(self.place.name) / "campaign", {"a.csv": write(HEADER, list(ROWS))})
        self.change_recipe("dmy", ",")
        self.taken = 0

    def teardown(self) -> None:
        if hasattr(self, "place"):
            self.place.cleanup()

    @rule(
        name=st.sampled_from("abc"), rows=st.lists(st.sampled_from(ROWS), min_size=1, max_size=5),
        ending=st.sampled_from([".csv", ".xlsx"]),
    )  # fmt: skip
    def put_actions(self, name: str, rows: list[list[str]], ending: str) -> None:
        (self.folder.inbox / f"{name}{ending}").write_bytes(write(HEADER, rows, ending))

    @rule(name=st.sampled_from("rs"), rows=st.lists(st.sampled_from(REPORTS), min_size=1, max_size=4))
    def put_reports(self, name: str, rows: list[list[str]]) -> None:
        (self.folder.inbox / f"{name}.csv").write_bytes(write(REPORT_HEADER, rows))

    @rule(number=st.integers(0, 9))
    def remove_file(self, number: int) -> None:
        files = sorted(self.folder.inbox.iterdir())
        if len(files) > 1:
            files[number % len(files)].unlink()

    @rule(number=st.integers(0, 9), name=st.sampled_from("axz"))
    def rename_file(self, number: int, name: str) -> None:
        files = sorted(self.folder.inbox.iterdir())
        file = files[number % len(files)]
        file.rename(file.with_name(f"{name}{file.suffix}"))

    @rule(order=st.sampled_from(["dmy", "mdy", "ymd"]), separator=st.sampled_from([";", ","]))
    def change_recipe(self, order: str, separator: str) -> None:
        text = ACTIONS_RECIPE.replace(
            'separators = [";", ","]', f'separators = ["{separator}"]\ndate_order = "{order}"'
        )
        (self.folder.root / "recipes/office_actions.toml").write_text(text, encoding="utf-8")

    @rule(alias=st.sampled_from(["Nowhere", "Zzz", "Total"]))
    def change_codelist(self, alias: str) -> None:
        own = self.folder.root / "codelists"
        own.mkdir(exist_ok=True)
        text = (SHIPPED_CAMPAIGN / "codelists/countries.csv").read_text(encoding="utf-8")
        (own / "countries.csv").write_text(text.replace("l'Afghanistan|", f"{alias}|"), encoding="utf-8")

    @rule(
        words=st.sampled_from([
            ("countries", "Nowhere", "--is", "GHA"), ("categories", "Zzz", "--is", "training"),
            ("statuses", "Who knows", "--is", "completed"), ("countries", "Nowhere", "--undo"),
        ])
    )  # fmt: skip
    def say_word(self, words: tuple[str, ...]) -> None:
        run_etl("spelling", *words, "--campaign", self.folder.root)

    @rule(line=st.sampled_from(["same,stakeholder,Sample Union,Sample Farms", "assign,report,R4,none"]))
    def decide(self, line: str) -> None:
        self.folder.decisions_file.write_text(f"decision,subject,this,that\n{line}\n", encoding="utf-8")

    @rule(use=st.sampled_from(["question", "nothing", "personal", "staff"]))
    def say_column(self, use: str) -> None:
        line = f"office_reports,Did it help?,{use}\n"
        self.folder.columns_file.write_text(f"recipe,header,is\n{line}", encoding="utf-8")

    @rule(day=st.sampled_from(["2022-01-31", "2021-12-31"]))
    def change_dates(self, day: str) -> None:
        text = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
        (self.folder.root / "campaign.toml").write_text(
            text.replace("end = 2021-12-31", f"end = {day}"), encoding="utf-8"
        )

    @rule()
    def forget_person(self) -> None:
        forgetting.forget(self.folder, ADDRESS)
        assert not entries.store(self.folder).exists()

    @invariant()
    def says_the_same(self) -> None:
        if hasattr(self, "folder"):
            self.taken += build_both(self.folder)


def run_campaigns(examples: int, steps: int) -> None:
    few = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Campaign, settings=few)


def test_a_campaign_to_which_anything_happens_says_what_its_inputs_say() -> None:
    run_campaigns(1, 2)


@pytest.mark.exhaustive
def test_many_campaigns_say_what_their_inputs_say() -> None:
    run_campaigns(25, 10)


def test_unchanged_exports_are_not_opened(
    folder: CampaignFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A preview reads an upload for the build after it, although that one has a file of another country."""
    opened: list[str] = []
    first = ExportFile.__init__

    def note(self: ExportFile, path: Path, name: str = "", *options: object) -> None:
        opened.append(name)
        first(self, path, name, *options)  # type: ignore[arg-type]

    monkeypatch.setattr(ExportFile, "__init__", note)
    (tmp_path / "uploads").mkdir()
    (folder.inbox / "r.xlsx").rename(tmp_path / "uploads/r.xlsx")
    make_draft(folder, tmp_path / "uploads", folder.private / "drafts/one", lambda *_: None)
    assert sorted(opened) == ["a.csv", "r.xlsx"]
    (tmp_path / "uploads/r.xlsx").rename(folder.inbox / "r.xlsx")
    (folder.inbox / "b.csv").write_bytes(write(HEADER, [["7", "Sample Trust", "Plant trees", "", "", "Chad"]]))
    said = run_etl("build", "--campaign", folder.root)
    assert "Not read again, since nothing has changed in them: 2 of 3 files." in said.stdout
    assert sorted(opened) == ["a.csv", "b.csv", "r.xlsx"]
    shutil.copyfile(folder.inbox / "a.csv", folder.inbox / "copy.csv")  # of the same bytes
    assert build_both(folder) == 4


def test_staging_fills_no_table_that_is_not_kept_or_made_anew(folder: CampaignFolder) -> None:
    """A table of sheets that a later step of reading fills must be kept with them."""
    filled: set[str] = set()
    stage = Intake.stage

    class Enough(Exception):  # noqa: N818  (no error: all is staged)
        """Ends the build."""

    def look(intake: Intake) -> None:
        stage(intake)
        names = intake.connection.execute(
            "select table_name from duckdb_columns() where column_name = 'sheet_no' and database_name = 'work' "
            "and not starts_with(table_name, 'staged_')"
        ).fetchall()
        filled.update(n for (n,) in names if intake.connection.execute(f"select 1 from {n} limit 1").fetchall())  # noqa: S608
        raise Enough

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Intake, "stage", look)
        for campaign in (folder, CampaignFolder(SHIPPED_CAMPAIGN)):
            with pytest.raises(Enough):
                build(campaign, Reuse.NOTHING)
    assert {"rejections", "odd_rows", "dates_to_read", "country_cells"} <= filled
    assert filled <= {*TABLES, *COUNTRIES, *ANEW}


def keep_two(folder: CampaignFolder) -> tuple[Path, Path]:
    """Two entries, of two exports, as small as can be."""
    for name in ("sheet-a", "sheet-b"):
        note = {"program": hash_surroundings(), "sha256": name}
        entries.put(folder, name, note, lambda place: place.joinpath("raw.parquet").write_bytes(b"rows " * 50))
    return entries.store(folder) / "sheet-a", entries.store(folder) / "sheet-b"


def damage(one: Path, other: Path, how: str) -> None:
    raw = one / "raw.parquet"
    if how == "truncated":
        os.truncate(raw, raw.stat().st_size // 2)
    elif how == "changed":
        raw.write_bytes(raw.read_bytes().replace(b"s", b"z", 1))
    elif how == "foreign":
        shutil.rmtree(one)
        shutil.copytree(other, one)
    elif how == "gone":
        raw.unlink()
    else:
        (one / entries.NOTE).write_text("{", encoding="ascii")


DAMAGES = ("truncated", "changed", "foreign", "gone", "note")


@pytest.mark.parametrize("how", DAMAGES)
def test_what_is_damaged_counts_as_not_kept(
    folder: CampaignFolder, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = keep_two(folder)
    damage(one, other, how)
    assert entries.find(folder, "sheet-a", tmp_path) is None
    assert "is read anew" in caplog.text
    assert not one.exists()
    assert entries.find(folder, "sheet-b", tmp_path) is not None


@pytest.mark.exhaustive
@pytest.mark.parametrize("how", DAMAGES)
def test_a_build_reads_what_is_damaged_anew(folder: CampaignFolder, how: str) -> None:
    _, expected = build(folder)
    one, other, *_ = sorted(entries.store(folder).glob("sheet-*"))
    damage(one, other, how)
    unchanged, found = build(folder)
    assert found == expected
    assert unchanged < 2
    assert build(folder) == (2, expected)


def test_a_kill_while_something_is_kept_leaves_nothing_half(folder: CampaignFolder, tmp_path: Path) -> None:
    class Killed(BaseException):
        """Ends the build at once."""

    def kill(place: Path) -> None:
        (place / "raw.parquet").write_bytes(b"half")
        raise Killed

    one, _ = keep_two(folder)
    with pytest.raises(Killed):
        entries.put(folder, one.name, {}, kill)
    half = entries.store(folder) / f"{entries.DRAFT}killed" / one.name  # where nobody was left to remove it
    half.mkdir(parents=True)
    (half / "raw.parquet").write_bytes(b"half")
    assert entries.find(folder, one.name, tmp_path) is not None
    enforce(folder)
    assert sorted(path.name for path in one.parent.iterdir()) == ["sheet-a", "sheet-b"]


@pytest.mark.exhaustive
def test_a_full_disk_only_means_that_nothing_is_kept(
    folder: CampaignFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    _, expected = build(folder, Reuse.NOTHING)
    monkeypatch.setattr(entries, "hash_file", refuse)
    assert build(folder) == (0, expected)
    assert "is not kept" in caplog.text
    assert not any(entries.store(folder).iterdir())


def test_forgetting_and_tidying_reach_what_is_kept_and_backups_do_not(
    folder: CampaignFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    oldest, other = keep_two(folder)
    store = entries.store(folder)
    assert {path.stat().st_mode & 0o777 for path in store.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder.private, store, oldest, other)} == {0o700}
    assert not any(str(item.path).startswith(str(store)) for item in list_contents(folder, tmp_path / "b.tar").sealed)
    total = sum(entry.size for entry in entries.list_entries(folder))
    os.utime(oldest, (0, 0))
    assert list(entries.list_superfluous(folder, total)) == []
    assert list(entries.list_superfluous(folder, total - 1)) == [oldest]
    entries.drop_unused(folder, {"sheet-a"})  # the other was used a moment ago
    assert oldest.exists()
    entries.drop_unused(folder, set())
    assert [path.name for path in store.iterdir()] == ["sheet-b"]
    monkeypatch.setenv("DASHBOARD_KEPT_SHEETS_MB", "0")
    enforce(folder)
    assert not any(store.iterdir())
    keep_two(folder)
    forgetting.forget(folder, ADDRESS)
    assert not store.exists()
