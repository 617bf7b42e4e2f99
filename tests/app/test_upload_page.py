"""The upload page: who may open it, and every stage of an upload, with a stand-in for the build's commands."""

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from lxml import html
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from dashboard.access.presence import Visit
from dashboard.access.rights import COMMON_PASSWORD, AccessClass, Role
from dashboard.campaign import uploads
from dashboard.campaign.recipe_edit import CHOICE
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.processes import commands
from dashboard.processes.runner import Result
from dashboard.quality import differences
from dashboard.ui.frame import staff
from dashboard.ui.frame.header import SECTIONS, STAFF, STAFF_PAGES
from dashboard.ui.pieces.messages import plain
from dashboard.ui.upload import brought
from dashboard.ui.upload.state import Upload
from tests.app.conftest import OpenPage, mounted, text_of
from tests.cases import of_which, some
from tests.shipped import LANGUAGES
from tests.snapshots import copy_published

PASSWORD = "an imaginary password"  # noqa: S105
ACTIONS_CSV = ("actions.csv", b"Ref;Maker\n1;Imaginary office\n", "text/csv")


@pytest.fixture
def campaign(campaign_folder: Path, tmp_path: Path) -> Path:
    """A copy of the fixture campaign that a test may write into; its data counts as real."""
    copy = copy_published(campaign_folder, tmp_path / "campaign")
    (copy / "published" / "snapshot-fixture.duckdb").write_bytes(make_real(campaign_folder))
    return copy


@cache
def make_real(campaign_folder: Path) -> bytes:
    """The fixture snapshot's file as that of real data."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_published(campaign_folder, Path(folder))
        set_sample(copy, False)
        return (copy / "published" / "snapshot-fixture.duckdb").read_bytes()


def set_sample(campaign: Path, is_sample: bool) -> None:
    with duckdb.connect(campaign / "published" / "snapshot-fixture.duckdb") as connection:
        connection.execute("update campaign set is_sample = $is_sample", {"is_sample": is_sample})


@pytest.fixture
def open_upload(open_page: OpenPage, campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens the upload page of the copy, by default as `make run` shows it."""

    def open_it(page_id: str = "upload", *, staff: str = "open", password: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
        monkeypatch.setenv("DASHBOARD_STAFF", staff)
        monkeypatch.setenv("DASHBOARD_STAFF_PASSWORD", password)
        return open_page(page_id, **query)

    return open_it


class StandIn:
    """Stands in for the commands: does what each of them would leave behind, at once."""

    def __init__(self, campaign: Path, snapshot: Path) -> None:
        self.campaign = campaign
        self.snapshot = snapshot
        self.asked: list[list[str]] = []
        self.given: list[str | None] = []
        self.refuse: dict[str, Exception] = {}
        self.refused_files: list[dict[str, str]] = []
        self.change = "select 1"
        self.waits = False
        self.columns: list[dict[str, Any]] = []
        self.told: dict[str, Any] = {}

    def start(self, arguments: list[str], _actor: Mapping[str, str], stdin: str | None = None) -> Any:
        self.asked.append(list(arguments))
        self.given.append(stdin)
        if not self.waits and arguments[0] == "draft" and "draft" not in self.refuse:
            self._make_draft(Path(arguments[arguments.index("--to") + 1]))
        return _Done(self, arguments)

    def _make_draft(self, to: Path) -> None:
        shutil.copyfile(self.snapshot, to / "snapshot.duckdb")
        with duckdb.connect(to / "snapshot.duckdb") as connection:
            connection.execute(self.change)
        refused = {refusal["name"] for refusal in self.refused_files}
        names = [path.name for path in (to / "uploads").iterdir() if path.name not in refused]
        note = {
            "build_id": "draft-build",
            "base_build_id": "fixture",
            "made_at": "2022-01-11T09:00:00+00:00",
            "files": [{"name": name, "state": "added"} for name in sorted(names)],
            "refused": [one | {"said": one} for one in self.refused_files],
        }
        (to / "draft.json").write_text(json.dumps(note), encoding="utf-8")


class _Done:
    """A command that has ended, or one that never does."""

    def __init__(self, stand_in: StandIn, arguments: list[str]) -> None:
        self.stand_in = stand_in
        self.command = arguments[0]
        self.progress = commands.Progress("reading [x](y).csv", 1, 4)
        self.seconds = 3
        self.cancelled = False

    def done(self) -> bool:
        return not self.stand_in.waits

    def cancel(self) -> None:
        self.cancelled = True

    def result(self) -> Result:
        if self.command in self.stand_in.refuse:
            raise self.stand_in.refuse[self.command]
        answer = {"ok": True, "build_id": "draft-build", "columns": self.stand_in.columns, **self.stand_in.told}
        return Result(answer, 'id = "proposed"\n', b"")


@pytest.fixture
def stand_in(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn(campaign, campaign / "published" / "snapshot-fixture.duckdb")
    monkeypatch.setattr(commands, "start", made.start)
    return made


def button(app: AppTest, key: str) -> Any:
    return app.button(key=key)


def has_button(app: AppTest, key: str) -> bool:
    return any(found.key == key for found in app.button)


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def drop(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    app.file_uploader[0].set_value(list(files)).run()
    return app


def preview(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    drop(app, *(files or (ACTIONS_CSV,)))
    return button(app, "make-preview").click().run()


def drafts(campaign: Path) -> list[Path]:
    return sorted((campaign / "private" / "drafts").glob("*"))


OPEN_COLUMN = """insert into input_columns values
    ('actions.csv', null, 3, 'Status (Dec 2021)', 'actions_register', 'open', null, null, 20, 'status', 0.9, true,
    null)
"""


def test_a_column_that_looks_like_a_field_is_settled_before_anything_is_published(open_upload, stand_in, campaign):
    stand_in.change = OPEN_COLUMN
    values = {"recipe": "actions_register", "header": "Status (Dec 2021)", "kinds": 9, "values": [["Completed", 15]]}
    stand_in.columns = [values]
    app = preview(open_upload())
    assert button(app, "publish-upload").disabled
    assert "90%" in text_of(app)
    assert "Completed (15) · and 8 more" in text_of(app).replace("\\", "")
    choice = next(box for box in app.selectbox if box.label == "What it is")
    assert choice.value == "status"
    stand_in.change = "delete from actions where action_no = 1"
    choice.set_value("nothing")
    button(app, "try-answers").click().run()
    assert not app.exception
    made = [words for words in stand_in.asked if words[0] == "draft"][-1]
    answers = Path(made[made.index("--answers") + 1])
    assert answers.read_text() == "recipe,header,is\nactions_register,Status (Dec 2021),nothing\n"
    assert "What your answers change" in text_of(app)
    assert not [words for words in stand_in.asked if "--list" in words]  # nothing is kept by looking
    assert not button(app, "publish-upload").disabled
    button(app, "keep-answers").click().run()
    assert [words for words in stand_in.asked if "--list" in words]
    assert "--answers" not in [words for words in stand_in.asked if words[0] == "draft"][-1]


ALIKE_SHEETS = """
    insert into alike_sheets values
    ('r.xlsx', '2021', 20, 15, '2020', 18, 2, 16), ('r.xlsx', '2020', 18, 2, '2019', 9, 0, 8);
"""


def choose_sheet(app, sheet: str, use: str) -> None:
    next(one for one in app.get("button_group") if one.proto.label == f"Sheet {sheet}").set_value(use).run()


def test_which_sheet_counts_is_settled_before_anything_is_published(open_upload, stand_in):
    stand_in.change = ALIKE_SHEETS
    app = preview(open_upload())
    assert button(app, "publish-upload").disabled
    assert button(app, "try-answers").disabled
    assert "20 actions, 15 of them completed, 16 of them on another sheet as well" in text_of(app)
    choose_sheet(app, "2021", "data")  # the others are left out by it
    stand_in.change = """
        update progress_reports set status = 'completed';
        insert into sheet_remarks values ('r.xlsx', '2018', 'left_out', null, null);
    """
    button(app, "try-answers").click().run()
    assert not app.exception
    made = [words for words in stand_in.asked if words[0] == "draft"][-1]
    answers = Path(made[made.index("--sheets") + 1]).read_text()
    assert answers == "file,sheet,is\nr.xlsx,2020,nothing\nr.xlsx,2019,nothing\n"
    assert "What your answers change" in text_of(app)
    assert "r.xlsx, 2020: It is left out" in text_of(app).replace("\\", "")
    assert not [words for words in stand_in.asked if words[0] == "sheet"]  # nothing is kept by looking
    assert not button(app, "publish-upload").disabled
    button(app, "keep-answers").click().run()
    kept = next(words for words in stand_in.asked if words[0] == "sheet")
    assert (kept[1:3], stand_in.given[-2]) == (["--list", "-"], answers)
    assert "--sheets" not in [words for words in stand_in.asked if words[0] == "draft"][-1]
    button(app, "undo-sheet-0").click().run()  # what was said before
    assert stand_in.given[-2] == "file,sheet,is\nr.xlsx,2018,\n"


def test_the_inbox_alone_is_looked_at_without_an_upload(open_upload, stand_in, campaign):
    app = open_upload()
    assert not has_button(app, "preview-inbox")
    (campaign / "inbox").mkdir(exist_ok=True)
    (campaign / "inbox" / "kept.csv").write_text("Ref\n1\n")
    stand_in.change = OPEN_COLUMN
    app = button(open_upload(), "preview-inbox").click().run()
    assert not app.exception
    assert "--inbox" in next(words for words in stand_in.asked if words[0] == "draft")
    assert "Columns to settle first" in text_of(app)


# who may open it


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_closed_it_says_how_the_operator_opens_it(open_upload, lang):
    app = open_upload(staff="closed", lang=lang)
    assert not app.exception
    assert "DASHBOARD_STAFF_PASSWORD" in text_of(app)
    assert not app.file_uploader
    assert not [box for box in app.text_input if not str(box.key).startswith("search-")]  # no password is asked for
    assert set(links(app)) == {translator(lang)(section.title) for section in SECTIONS}


def test_open_it_is_among_the_pages(open_upload):
    assert STAFF.title in links(open_upload("overview"))
    app = open_upload()
    assert {spec.title for spec in STAFF.pages} <= set(links(app)) and "New campaign" not in links(app)
    assert app.file_uploader
    assert not has_button(app, "sign-out")


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """The page's connection, of somebody who has signed in by the password."""
    own = Visit(person=COMMON_PASSWORD, session_hash="session", close=lambda: None, tab="tab")
    monkeypatch.setattr(staff, "find_visit", lambda: own)
    return own


def test_who_has_signed_in_has_the_pages(open_upload, visit):
    app = open_upload(password=PASSWORD)
    assert app.file_uploader
    assert not app.error
    own = {spec.title for spec in STAFF.pages if spec.access is AccessClass.STAFF}
    assert {spec.title for spec in STAFF_PAGES} & set(links(app)) == own
    assert "Staff" in text_of(app)


def test_signing_out_ends_the_session_and_drops_the_upload(open_upload, stand_in, campaign, visit, monkeypatch):
    ended = []
    monkeypatch.setattr(staff, "sign_out", lambda session_hash, settings: ended.append(session_hash))
    app = open_upload(password=PASSWORD)
    preview(app)
    assert len(drafts(campaign)) == 1
    button(app, "sign-out").click().run()
    assert not app.exception
    assert drafts(campaign) == []
    assert ended == ["session"]


def test_a_reader_is_told_that_the_role_does_not_open_it(open_upload, visit):
    visit.person = replace(COMMON_PASSWORD, role=Role.READER)
    app = open_upload(password=PASSWORD)
    assert not app.file_uploader
    assert "Your role does not open this: Signed-in reader." in text_of(app)
    assert not {spec.title for spec in STAFF_PAGES} & set(links(app))


def test_a_password_rules_over_an_open_setting(open_upload):
    assert not open_upload(staff="open", password=PASSWORD).file_uploader


@pytest.mark.parametrize("spec", STAFF_PAGES, ids=lambda spec: spec.page_id)
def test_no_staff_page_shows_anything_before_the_sign_in(open_upload, spec):
    app = open_upload(spec.page_id, password=PASSWORD)
    assert not app.exception
    assert [field.key for field in app.text_input if not field.key.startswith("search-")] == []
    drawn = html.fromstring("".join(element.proto.body for element in app.get("html")))
    *_, way = drawn.xpath("//a[@class='sign-in']/@href")
    assert parse_qs(urlsplit(way).query)["next"] == [f"/{spec.page_id}"]
    assert not app.get("dataframe")
    assert not app.get("download_button")
    assert {component.proto.component_name for component in app.get("bidi_component")} <= {"figures", "reading"}
    assert [data["said"] for _, data in mounted(app, "reading")] == [""]


# the stages of an upload


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_opens_in_every_language(open_upload, lang):
    app = open_upload(lang=lang)
    assert not app.exception
    assert not app.error
    assert "{" not in text_of(app)


def test_the_sample_is_said_to_be_replaced(open_upload, stand_in, campaign):
    set_sample(campaign, True)
    app = open_upload()
    assert "replaces it whole" in text_of(app)
    text = text_of(preview(app))
    assert "everything counts as new" in text
    assert "Actions added: 40" in text


def test_real_data_is_not_said_to_be_a_sample(open_upload):
    assert "sample" not in text_of(open_upload())


def test_it_opens_before_anything_is_published(open_upload, campaign):
    shutil.rmtree(campaign / "published")
    app = open_upload()
    assert not app.exception
    assert app.file_uploader
    assert "Nothing has been published yet" in text_of(app)


def test_closed_it_stays_closed_before_anything_is_published(open_upload, campaign):
    shutil.rmtree(campaign / "published")
    assert not open_upload(staff="closed").file_uploader
    assert not open_upload(password=PASSWORD).file_uploader


def test_two_files_of_one_name_are_refused_before_anything_is_kept(open_upload, stand_in, campaign):
    app = drop(open_upload(), ACTIONS_CSV, ACTIONS_CSV)
    assert "Two of these files are called" in app.error[0].value
    assert button(app, "make-preview").disabled
    assert drafts(campaign) == []
    assert stand_in.asked == []


def test_words_that_match_no_code_are_settled_in_the_preview(open_upload, stand_in):
    stand_in.change = """
        insert into input_files values ('actions.csv', 'sha', 'actions_register', 9, 5, 3, 1);
        insert into unmatched_values values
            ('actions.csv', 'category', 'Ressearch', 2, 'research', 'actions_register', 'ressearch'),
            ('other.csv', 'category', 'Elsewhere', 2, 'research', 'actions_register', 'elsewhere');
        insert into unmatched_uses
        select 'category', 'ressearch', 'actions_register', action_no, null, 'actions.csv'
        from actions where category is null;
    """
    app = preview(open_upload(), ACTIONS_CSV)
    assert not app.exception
    assert app.selectbox(key="draft-word-draft-build-0-means").value == "categories:research"
    assert re.search(r"\d+ actions? moves? to Research", text_of(app))
    assert "Elsewhere" not in text_of(app)
    button(app, "keep-words").click().run()
    said = next(words for words in stand_in.asked if words[0] == "spelling")
    assert said[1] == "--lines"
    assert [words[0] for words in stand_in.asked].count("draft") == 2


def test_the_preview_says_what_would_change(open_upload, stand_in, campaign):
    stand_in.change = """
        update actions set title = 'A *corrected* title' where action_id = 'FIX-001';
        insert into input_files values ('actions.csv', 'sha', 'actions_register', 9, 5, 3, 1);
        insert into rejected_rows values
            ('actions.csv', null, 7, 'title', null, 'has neither title nor id', '{"Contact": "a secret"}');
        insert into unmatched_values values
            ('actions.csv', 'category', 'Lobbying', 2, 'advocacy', 'actions_register', 'lobbying');
        insert into check_totals values ('due_before_submitted', 'warning', 4, 4);
        insert into suggested_duplicates values ('stakeholder', 'a', 'Imaginary A', 'b', 'Imaginary B', 0.93, 'names');
    """
    stand_in.refused_files = [{"name": "no.csv", "what": "“no.csv” is empty.", "remedy": "Export it again."}]
    app = preview(open_upload(), ACTIONS_CSV, ("no.csv", b"", "text/csv"))
    assert not app.exception
    text = text_of(app)
    for words in (
        "Register of actions",
        "A *corrected* title",
        "has neither title nor id",
        "actions.csv, row 7",
        "Lobbying",
        "Due before it was submitted",
        "Imaginary A",
        "93%",
        "is empty",
    ):
        assert words.casefold() in text.casefold().replace("\\", ""), words
    assert "a secret" not in text
    assert stand_in.asked[0][0] == "draft"
    (draft,) = drafts(campaign)
    assert (draft / "uploads" / "actions.csv").read_bytes() == ACTIONS_CSV[1]
    assert json.loads((campaign / "published" / "current.json").read_text())["build_id"] == "fixture"


def test_a_preview_that_changes_nothing_says_so_in_figures(open_upload, stand_in, snapshot):
    app = preview(open_upload())
    table = next(
        e.proto.body for e in app.get("html") if "<table" in e.proto.body and "Completion rate" in e.proto.body
    )
    assert table.count("<td>0</td>") == 5
    assert "0 points" in table


def test_publishing_goes_on_to_links_and_undo(open_upload, stand_in):
    app = preview(open_upload())
    stand_in.told = {"not_sent": "It is published here, but not sent to the object store."}
    button(app, "publish-upload").click().run()
    assert not app.exception
    assert stand_in.asked[-1][0] == "publish-draft"
    assert "draft-build" in app.success[0].value
    assert app.warning[0].value.startswith("The object store could not take this build")
    assert links(app).count("Overview") == 2
    button(app, "undo-upload").click().run()
    assert stand_in.asked[-1][:2] == ["restore", "fixture"]
    assert "Undone" in app.success[0].value
    button(app, "next-upload").click().run()
    assert app.file_uploader


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("insert into input_files values ('actions.csv', 'sha', 'actions_register', 100, 92, 4, 4)", ""),
        (
            """insert into input_files values ('actions.csv', 'sha', 'actions_register', 100, 91, 4, 5);
            insert into rejected_rows select 'actions.csv', null, n, 'title', null,
                if(n = 4, 'the row is blank', 'has neither title nor id'), '{}' from range(5) as r (n)""",
            "5 (5%) are rejected and count nowhere:\n  - 4 × Has neither title nor id\n  - 1 × The row is blank",
        ),
        ("delete from report_spells", "Completed: falls from 20 to 0"),
    ],
)
def test_much_rejected_or_lost_is_said_first_and_publishing_does_not_invite(open_upload, stand_in, change, said):
    stand_in.change = change
    app = preview(open_upload())
    assert not app.exception
    publish = button(app, "publish-upload")
    assert [said in warning.value for warning in app.warning] == [True] * bool(said)
    assert (publish.label, publish.proto.type) == (("Publish anyway", "secondary") if said else ("Publish", "primary"))
    publish.click().run()
    assert stand_in.asked[-1][0] == "publish-draft"


@pytest.mark.parametrize("is_sample", [True, False])
def test_the_sample_is_tried_with_its_own_files(open_upload, stand_in, campaign, is_sample):
    set_sample(campaign, is_sample)
    (campaign / "samples").mkdir()
    for name in ("sample.csv", "README.md"):
        (campaign / "samples" / name).write_bytes(ACTIONS_CSV[1])
    app = open_upload()
    offered = [element for element in app.button if element.key == "try-samples"]
    assert len(offered) == is_sample
    for button_ in offered:
        button_.click().run()
        assert not app.exception
        assert stand_in.asked[0][0] == "draft"
        (draft,) = drafts(campaign)
        assert [path.name for path in (draft / "uploads").iterdir()] == ["sample.csv"]


def test_discarding_leaves_nothing(open_upload, stand_in, campaign):
    app = preview(open_upload())
    assert len(drafts(campaign)) == 1
    button(app, "discard-upload").click().run()
    assert drafts(campaign) == []
    assert app.file_uploader
    assert [asked[0] for asked in stand_in.asked] == ["draft"]


def test_a_draft_that_is_refused_is_told_and_can_be_tried_again(open_upload, stand_in):
    stand_in.refuse["draft"] = UserError("“a_b_c.csv” is damaged.", "Export it again.")
    app = preview(open_upload())
    assert "is damaged" in app.error[0].value
    assert not has_button(app, "publish-upload")
    stand_in.refuse.clear()
    button(app, "retry-upload").click().run()
    assert has_button(app, "publish-upload")


def test_a_refused_publication_offers_a_new_preview(open_upload, stand_in):
    app = preview(open_upload())
    stand_in.refuse["publish-draft"] = UserError("Files changed since the preview was made.", "Make a new preview.")
    button(app, "publish-upload").click().run()
    assert "Files changed" in app.error[0].value
    assert not has_button(app, "publish-upload")
    stand_in.refuse.clear()
    button(app, "remake-upload").click().run()
    assert has_button(app, "publish-upload")
    assert not app.error


WORDS = "Sample Person 001 <person1@example.org>"


@pytest.mark.parametrize(("step", "lang"), some([("store", "fr"), ("compare", "en"), ("publish-draft", "en")], 2))
def test_whatever_goes_wrong_is_told_with_a_number_that_the_log_has(
    open_upload, stand_in, campaign, monkeypatch, caplog, step, lang
):
    def fail(*_args, **_chosen):
        raise RuntimeError(WORDS)

    app = open_upload(lang=lang)
    with monkeypatch.context() as broken:
        if step in ("store", "compare"):
            broken.setattr(*{"store": (uploads, "store"), "compare": (differences, "make_preview")}[step], fail)
        else:
            stand_in.refuse[step] = RuntimeError(WORDS)
        preview(app)
        if step == "publish-draft":
            button(app, "publish-upload").click().run()
    assert not app.exception
    assert len(app.error) == 1
    (code,) = re.findall(r"\b[0-9a-f]{8}\b", app.error[0].value)
    [entry] = [record.getMessage() for record in caplog.records if record.name.endswith("unforeseen")]
    assert code in entry
    assert "RuntimeError" in entry
    assert "dashboard/ui/" in entry
    assert WORDS not in caplog.text + app.error[0].value
    assert ("tell the operator" in app.error[0].value) == (lang == "en")
    stand_in.refuse.clear()
    again = {"store": "make-preview", "publish-draft": "remake-upload"}.get(step, "retry-upload")
    button(app, again).click().run()
    assert has_button(app, "publish-upload")
    assert len(drafts(campaign)) == 1  # nothing is left of a drop that failed


def test_a_run_that_is_stopped_while_it_takes_a_preview_leaves_it_for_the_next(open_upload, stand_in, monkeypatch):
    def stop(*_args):  # as when the reader goes on
        raise StopException

    app = open_upload()
    with monkeypatch.context() as stopped:
        stopped.setattr(differences, "make_preview", stop)
        preview(app)
    app.run()
    assert not app.error
    assert has_button(app, "publish-upload")


def test_a_preview_is_outdated_when_another_build_is_published(open_upload, stand_in, campaign):
    app = preview(open_upload())
    pointer = campaign / "published" / "current.json"
    newer = json.loads(pointer.read_text()) | {"build_id": "another"}
    pointer.with_suffix(".new").write_text(json.dumps(newer))
    pointer.with_suffix(".new").replace(pointer)
    app.run()
    assert "others have published" in app.warning[0].value
    assert "Make the preview again" in app.warning[0].value
    assert not has_button(app, "publish-upload")
    assert has_button(app, "remake-upload")


def test_work_under_way_shows_how_far_it_is_and_can_be_cancelled(open_upload, stand_in, campaign):
    stand_in.waits = True
    app = preview(open_upload())
    assert not app.exception
    assert "reading" in str(app.get("progress")[0].proto.text)
    button(app, "cancel-upload").click().run()
    assert app.file_uploader
    assert drafts(campaign) == []


PROPOSED = """id = "export_actions"
title = "Plain table: actions"
holds = "actions"

[fields.title]
headers = ["Name"]
"""


def as_choice(header: str, value: str, is_taken: bool, **means: str) -> dict[str, Any]:
    return {"header": header, "values": [value], "taken": [is_taken], "means": means}


def propose_recipe(stand_in: StandIn, **other: Any) -> None:
    """Have the file new.csv be one that no recipe knows, and this recipe proposed for it."""
    what = "No recipe recognises new.csv. Its first line reads: Name, Colour."
    stand_in.refused_files = [{"name": "new.csv", "what": what, "remedy": "Write a recipe."}]
    columns = [
        {"headers": [header], "values": ["One"], "filled": 1, "is_hidden": False, "cells": ["One"]}
        | {"is_other_day": header == "Colour", "choices": [as_choice(header, "One", False)]}
        for header in ("Name", "Colour")
    ]
    stated: dict[str, Any] = {
        "file": "new.csv",
        "sheet": None,
        "recipe_id": "export_actions",
        "text": PROPOSED,
        "known_by": None,
    }
    stated |= {"columns": columns, "asks_order": False, "known_text": ""}
    stand_in.told = {"recipes": [stated | other]}


def test_a_file_of_a_new_kind_is_read_by_what_is_said_of_its_columns(open_upload, stand_in, campaign):
    propose_recipe(stand_in)
    app = preview(open_upload(), ACTIONS_CSV, ("new.csv", b"Name,Colour\n", "text/csv"))
    assert not app.exception
    assert [words[0] for words in stand_in.asked if words[-1].endswith("/uploads/new.csv")] == ["recipe"]
    assert "Download the recipe" in [found.proto.label for found in app.get("download_button")]
    assert text_of(app).count("its header speaks of a deadline") == 1
    [colour] = [one for one in app.selectbox if str(one.key).startswith("new-0-0-1-")]
    colour.set_value("stakeholder").run()
    button(app, "new-0-use").click().run()
    [draft] = drafts(campaign)
    made = tomllib.loads((draft / "settings" / "recipes" / "export_actions.toml").read_text("utf-8"))
    assert made["fields"] == {"title": {"headers": ["Name"]}, "stakeholder": {"headers": ["Colour"]}}
    assert stand_in.asked[-1][0] == "draft"


def column(choices: list[dict[str, Any]]) -> dict[str, Any]:
    cells = choices[0]["values"] if len(choices) == 1 else []
    told = {"values": cells, "filled": 1, "is_hidden": False, "cells": cells, "is_other_day": False}
    return {"headers": [one["header"] for one in choices], "choices": choices, **told}


CHOICE_COLUMNS = [
    column([as_choice("Name", "One", True)]),
    column([as_choice("Africa", "x", True, regions="africa")]),
    column([as_choice("Elsewhere", "x", True)]),
    column([as_choice("About/Education", "1", True, themes="education"), as_choice("About/Work", "0", False)]),
]


def test_a_column_that_is_one_choice_is_asked_which_one_it_means_and_is_shown_so_again(open_upload, stand_in, campaign):
    propose_recipe(stand_in, columns=CHOICE_COLUMNS)
    app = preview(open_upload(), ACTIONS_CSV, ("new.csv", b"Name,Africa\n", "text/csv"))
    choose_use(app, "new-0-0-1-", CHOICE + "regions")
    assert member(app, "new-0-0-1-", "").value == "africa" and not button(app, "new-0-use").disabled
    choose_use(app, "new-0-0-2-", CHOICE + "regions")
    assert "Choose which of “Regions” the column “Elsewhere” means." in [one.value for one in app.warning]
    assert button(app, "new-0-use").disabled
    elsewhere = member(app, "new-0-0-2-", "")
    assert {"Africa", "Ghana"} <= set(elsewhere.options) and "Not yet classified" not in elsewhere.options
    elsewhere.set_value("GHA").run()
    choose_use(app, "new-0-0-3-", CHOICE + "themes")
    assert (member(app, "new-0-0-3-", "-0").value, member(app, "new-0-0-3-", "-1").value) == ("education", None)
    assert not app.exception and not button(app, "new-0-use").disabled
    assert "Africa · Ghana" in text_of(app)  # the first row, as it would be read
    button(app, "new-0-use").click().run()
    [draft] = drafts(campaign)
    text = (draft / "settings" / "recipes" / "export_actions.toml").read_text("utf-8")
    assert tomllib.loads(text)["fields"] == {
        "title": {"headers": ["Name"]},
        "regions": {"choices": {"africa": ["Africa"], "GHA": ["Elsewhere"]}},
        "themes": {"choices": {"education": ["About/Education"]}},
    }
    propose_recipe(stand_in, columns=CHOICE_COLUMNS, known_by="ours", known_text=text.replace("export_actions", "ours"))
    stand_in.refused_files = []
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    app.selectbox(key="known-file").set_value("new.csv").run()
    assert member(app, "known-1-0-2-", "").value == "GHA" and member(app, "known-1-0-3-", "-0").value == "education"


UNKNOWN_CHOICES = ["Themes/Educatoin and training", "Themes/Climate acton", "Themes/Health"]
UNKNOWN = """
[fields.themes.choices] # CHECK: 30% sure
"Educatoin and training" = ["Themes/Educatoin and training"]
# CHECK: which code? … = ["Themes/Climate acton"]
"""


def test_a_word_of_no_list_is_no_answer_and_what_stays_unread_of_a_question_is_said(open_upload, stand_in, campaign):
    asked = column([as_choice(header, "1", True) for header in UNKNOWN_CHOICES])
    whole = column([as_choice("Subjects", "Schools", False)])
    propose_recipe(stand_in, text=PROPOSED + UNKNOWN, columns=[*CHOICE_COLUMNS[:1], asked, whole])
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    assert [member(app, "new-0-0-1-", f"-{number}").value for number in range(3)] == [None] * 3
    fault = (
        f"No column of the question “{UNKNOWN_CHOICES[0]} …” means anything yet: choose which of “Themes” they mean."
    )
    assert plain(fault) in [one.value for one in app.warning] and button(app, "new-0-use").disabled
    member(app, "new-0-0-1-", "-0").set_value("education").run()
    unread = f"Columns of the question “{UNKNOWN_CHOICES[0]} …” that mean none of “Themes” and are not read: 2 of 3."
    assert [one.value for one in app.info].count(plain(unread)) == 1 and not button(app, "new-0-use").disabled
    choose_use(app, "new-0-0-2-", "themes")
    assert "Themes One Education Source" in " ".join(text_of(app).split())  # the first row: one cell of both
    button(app, "new-0-use").click().run()
    [draft] = drafts(campaign)
    made = tomllib.loads((draft / "settings" / "recipes" / "export_actions.toml").read_text("utf-8"))
    assert made["fields"]["themes"] == {
        "headers": ["Subjects"], "separators": [], "choices": {"education": UNKNOWN_CHOICES[:1]}
    }  # fmt: skip


def member(app: AppTest, key: str, number: str) -> Any:
    [found] = [one for one in app.selectbox if re.fullmatch(f"{key}\\w+-member{number}", str(one.key))]
    return found


def choose_use(app: AppTest, key: str, use: str) -> None:
    [column] = [one for one in app.selectbox if str(one.key).startswith(key)]
    column.set_value(use).run()


NEW_CSV = ("new.csv", b"Name,Colour\n", "text/csv")


def test_what_one_row_is_can_be_changed_after_the_first_preview_as_well(open_upload, stand_in):
    propose_recipe(stand_in)
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    button(app, "new-0-use").click().run()
    stories = PROPOSED.replace('"actions"', '"stories"')
    propose_recipe(stand_in, text=stories, known_by="export_actions", known_text=PROPOSED)  # the draft's own by now
    app.selectbox(key="new-0-0-kind").set_value("stories").run()
    assert not app.exception
    kind = app.selectbox(key="new-0-0-kind")
    assert (kind.value, kind.disabled) == ("stories", False)


def test_a_refusal_that_passes_hides_no_answers_and_is_asked_again(open_upload, stand_in):
    propose_recipe(stand_in)
    stand_in.refuse["recipe"] = UserError("Several commands are running already.", "Try again in a minute.")
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    assert "Several commands" in app.error[0].value
    stand_in.refuse.clear()
    button(app, "new-0-again").click().run()
    assert has_button(app, "new-0-use") and not app.error
    stand_in.refuse["recipe"] = UserError("Several commands are running already.", "Try again in a minute.")
    app.selectbox(key="new-0-0-kind").set_value("stories").run()
    assert "Several commands" in app.error[0].value and has_button(app, "new-0-use")
    stand_in.refuse.clear()
    app.selectbox(key="new-0-0-kind").set_value("stories").run()
    assert not app.error


OWN = PROPOSED.replace("export_actions", "ours")


@pytest.mark.parametrize(
    ("published", "is_taken"),
    [
        (OWN.replace("title =", "# Of a colleague.\ntitle ="), True),
        (OWN + '\n[fields.category]\nheaders = ["Colour"]\n', False),
    ],
)
def test_a_recipe_that_a_colleague_has_changed_meanwhile_is_not_written_over(
    open_upload, stand_in, campaign, published, is_taken
):
    own = campaign / "recipes" / "ours.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(OWN, encoding="utf-8")
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    propose_recipe(stand_in, known_by="ours", known_text=OWN, file="new.csv")
    stand_in.refused_files = []
    app.selectbox(key="known-file").set_value("new.csv").run()
    choose_use(app, "known-1-0-1-", "stakeholder")
    own.write_text(published, encoding="utf-8")
    button(app, "known-1-use").click().run()
    assert not app.exception
    [draft] = drafts(campaign)
    assert ["Somebody else has changed the recipe ours" in error.value for error in app.error] == [True] * (
        not is_taken
    )
    made = draft / "settings" / "recipes" / "ours.toml"
    assert made.is_file() == is_taken
    if not is_taken:
        return
    assert "# Of a colleague." in made.read_text("utf-8")
    assert tomllib.loads(made.read_text("utf-8"))["fields"]["stakeholder"] == {"headers": ["Colour"]}
    own.write_text(published.replace("Plain table", "List"), encoding="utf-8")
    brought.write(draft, campaign, [], {})  # somebody else goes on with the draft
    assert tomllib.loads(made.read_text("utf-8"))["title"] == "List: actions"
    assert "stakeholder" in made.read_text("utf-8")


def test_a_recipe_that_says_more_than_columns_is_left_to_a_text_editor(open_upload, stand_in):
    app = preview(open_upload(), ACTIONS_CSV, NEW_CSV)
    text = OWN.replace("[fields", 'use = ["submission_form"]\n[fields', 1)
    propose_recipe(stand_in, known_by="ours", known_text=text)
    app.selectbox(key="known-file").set_value("new.csv").run()
    assert "changed in a text editor" in text_of(app)
    assert not has_button(app, "known-1-use")
    assert "Download the recipe" in [found.proto.label for found in app.get("download_button")]


def test_words_that_a_draft_brings_are_known_to_who_goes_on_with_it(tmp_path, campaign):
    words = {"themes": ["Reef mending"]}
    brought.write(tmp_path, campaign, [], words)
    assert "Reef mending" in (tmp_path / "settings" / "codelists" / "themes.csv").read_text("utf-8")
    assert Upload(tmp_path).words == words


def test_builds_are_listed_and_one_is_restored_after_a_rehearsal(open_upload, stand_in, campaign, monkeypatch):
    figures = {"actions": 7, "reported": 5, "completed": 3, "reports": 9, "reports_without_action": 1, "rejected": 0}
    common = {"how": "upload", "snapshot": "s", "is_sample": False, "figures": figures, "is_current": False}
    file: dict[str, Any] = {"name": "a.csv", "sha256": "0", "recipe": "r"}
    file |= {f"rows_{part}": 1 for part in ("read", "accepted", "merged", "rejected")}
    entries = [
        {**common, "build_id": "fixture", "built_at": "2022-01-10T09:00:00+00:00", "files": [file]},
        {**common, "build_id": "older", "built_at": "2021-07-01T08:30:00+00:00", "files": [file]},
    ]
    (campaign / "published" / "history.json").write_text(json.dumps(entries), encoding="utf-8")
    asked: list[list[str]] = []

    def run_etl(arguments: list[str], _actor: Mapping[str, str], stdin: str | None = None) -> dict[str, Any]:
        asked.append(list(arguments))
        return {"ok": True, "build_id": "older", "taken_out": ["b_2.csv"], "put_back": []}

    monkeypatch.setattr(commands, "run_etl", run_etl)
    app = open_upload()
    text = text_of(app)
    assert "1 July 2021, 08:30" in text
    assert "10 January 2022, 09:00 (shown now)" in text
    button(app, "restore").click().run()
    assert asked == [["restore", "older", "--dry-run", "--campaign", str(campaign), "--json"]]
    assert "b\\_2.csv" in " ".join(found.value for found in app.markdown)
    button(app, "confirm-restore").click().run()
    assert not app.exception
    assert ["restore", "older", "--campaign", str(campaign), "--json"] in asked
