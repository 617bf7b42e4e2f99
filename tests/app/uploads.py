"""Stand-ins for the build's commands and for files in the making, and a reader's actions on the page Upload."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
from streamlit.testing.v1 import AppTest

from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.uploads import Draft
from dashboard.errors import UserError
from dashboard.ground.processes import commands
from dashboard.ground.processes.runner import Progress, Result
from dashboard.lists.quality import differences
from dashboard.lists.quality.differences import Preview
from dashboard.snapshot.database import Snapshot
from tests.etl.program import last_json, run_etl
from tests.snapshots import copy_published

ACTIONS_CSV = ("actions.csv", b"Ref;Maker\n1;Imaginary office\n", "text/csv")

_make_preview = differences.make_preview
_DRAFTS: dict[tuple[bytes, str], bytes] = {}
"""The snapshots of drafts made before, by the published build and the change."""
_PREVIEWS: dict[tuple[Any, ...], Preview] = {}


def set_sample(campaign: Path, is_sample: bool) -> None:
    """Have the fixture snapshot of a campaign be one of the shipped sample, or of real data."""
    with duckdb.connect(campaign / "published" / "snapshot-fixture.duckdb") as connection:
        connection.execute("update campaign set is_sample = $is_sample", {"is_sample": is_sample})


@cache
def make_real(campaign_folder: Path) -> bytes:
    """Make the fixture snapshot's file as that of real data."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_published(campaign_folder, Path(folder))
        set_sample(copy, False)
        return (copy / "published" / "snapshot-fixture.duckdb").read_bytes()


class StandIn:
    """Stands in for the commands: leaves the result of each of them, at once."""

    def __init__(self, campaign: Path) -> None:
        self.snapshot = campaign / "published" / "snapshot-fixture.duckdb"
        self.asked: list[list[str]] = []
        self.given: list[str | None] = []
        self.refuse: dict[str, Exception] = {}
        self.refused_files: list[dict[str, str]] = []
        self.change = ""
        self.drafted = (b"", "")
        self.waits = False
        self.columns: list[dict[str, Any]] = []
        self.told: dict[str, Any] = {}
        self.figures: dict[str, int] = {}

    def start(self, arguments: list[str], _actor: Mapping[str, str], stdin: str | None = None) -> Any:
        """Begin a command, as `commands.start`."""
        self.asked.append(list(arguments))
        self.given.append(stdin)
        if not self.waits and arguments[0] == "draft" and "draft" not in self.refuse:
            self.make_draft(Path(arguments[arguments.index("--to") + 1]))
        return _Done(self, arguments)

    @property
    def last_draft(self) -> list[str]:
        """Return the command line that made the last draft."""
        return [words for words in self.asked if words[0] == "draft"][-1]

    def read_tried(self, option: str) -> str:
        """Read the list of answers that the last draft was given by an option."""
        return Path(self.last_draft[self.last_draft.index(option) + 1]).read_text("utf-8")

    @property
    def draft_id(self) -> str:
        """Return the build id of a draft, which another change makes another."""
        return f"draft-{sha256(self.change.encode()).hexdigest()[:6]}"

    def make_draft(self, to: Path) -> None:
        """Make the draft of the upload: the published figures with the change."""
        self.drafted = (sha256(self.snapshot.read_bytes()).digest(), self.change)
        if self.drafted not in _DRAFTS:
            shutil.copyfile(self.snapshot, to / "snapshot.duckdb")
            with duckdb.connect(to / "snapshot.duckdb") as connection:
                connection.execute(self.change or "select 1")
            _DRAFTS[self.drafted] = (to / "snapshot.duckdb").read_bytes()
        (to / "snapshot.duckdb").write_bytes(_DRAFTS[self.drafted])
        refused = {refusal["name"] for refusal in self.refused_files}
        names = [path.name for path in (to / "uploads").iterdir() if path.name not in refused]
        note = {
            "build_id": self.draft_id,
            "base_build_id": "fixture",
            "made_at": "2022-01-11T09:00:00+00:00",
            "files": [{"name": name, "state": "added"} for name in sorted(names)],
            "refused": [one | {"said": one} for one in self.refused_files],
        }
        (to / "draft.json").write_text(json.dumps(note), encoding="utf-8")

    def make_preview(self, folder: CampaignFolder, draft: Path, note: Draft, published: Snapshot | None) -> Preview:
        """Compare as `differences.make_preview`; drafts of the same files and the same change once for all tests."""
        if published is None or published.is_sample or folder.has_own_codelist("themes"):
            return _make_preview(folder, draft, note, published)
        key = (self.drafted, *(file.name for file in note.files))
        if key not in _PREVIEWS:
            _PREVIEWS[key] = _make_preview(folder, draft, note, published)
        return _PREVIEWS[key]


class Making:
    """A file in the making; a test gives its progress and its result."""

    def __init__(self, share: float | None = None) -> None:
        self.share = share
        self.outcome: bytes | UserError | None = None
        self.is_cancelled = False

    def done(self) -> bool:
        return self.outcome is not None

    def result(self) -> Result:
        if isinstance(self.outcome, UserError):
            raise self.outcome
        return Result({}, "", self.outcome or b"")

    @property
    def progress(self) -> Progress | None:
        return None if self.share is None else Progress("", self.share, 1)

    def cancel(self) -> None:
        self.is_cancelled = True


class Ended:
    """A command that has ended, with this answer or this refusal."""

    progress = None
    figures: dict[str, int] = {}
    seconds = 1

    def __init__(self, report: Any = None, refusal: Exception | None = None, output: str = "") -> None:
        self.report, self.refusal, self.output = report or {}, refusal, output

    def done(self) -> bool:
        return True

    def cancel(self) -> None:
        """End it."""

    def result(self) -> Result:
        if self.refusal is not None:
            raise self.refusal
        return Result(self.report, self.output, b"")


def run_here(arguments: list[str], _actor: object, stdin: str | None = None) -> Ended:
    """Run a command in this process, as `commands.start`."""
    done = run_etl(*arguments, stdin=stdin)
    report = last_json(done)
    refusal = None if report["ok"] else UserError(report["what"], report["remedy"])
    return Ended(report, refusal, done.stdout)


class _Done:
    """A command that has ended, or one that never does."""

    def __init__(self, stand_in: StandIn, arguments: list[str]) -> None:
        self.stand_in = stand_in
        self.command = arguments[0]
        self.progress = commands.Progress("reading [x](y).csv", 1, 4)
        self.figures = stand_in.figures
        self.seconds = 3
        self.cancelled = False

    def done(self) -> bool:
        return not self.stand_in.waits

    def cancel(self) -> None:
        self.cancelled = True

    def result(self) -> Result:
        if self.command in self.stand_in.refuse:
            raise self.stand_in.refuse[self.command]
        answer = {
            "ok": True,
            "build_id": self.stand_in.draft_id,
            "columns": self.stand_in.columns,
            **self.stand_in.told,
        }
        return Result(answer, 'id = "proposed"\n', b"")


def write_history(campaign: Path, **builds: dict[str, Any]) -> None:
    """Give the campaign these builds, the newest first, each by its id with its unusual fields."""
    usual = {"built_at": "2022-01-10T09:00:00+00:00", "how": "upload", "snapshot": "s", "is_sample": False}
    usual |= {"is_current": False, "figures": {}, "files": []}
    entries = [usual | build | {"build_id": build_id} for build_id, build in builds.items()]
    (campaign / "published" / "history.json").write_text(json.dumps(entries), encoding="utf-8")


def list_file(name: str, sha256: str = "0") -> dict[str, Any]:
    """List a file of a build in the history."""
    return {"name": name, "sha256": sha256, "recipe": "r"} | {
        f"rows_{part}": 1 for part in ("read", "accepted", "merged", "rejected")
    }


def has_button(app: AppTest, key: str) -> bool:
    """Whether the page has a button of this key."""
    return any(one.key == key for one in app.button)


def find_group(app: AppTest, label: str) -> Any:
    """Find the buttons that answer a question."""
    found: list[Any] = [
        one for one in app.get("button_group") if getattr(one, "proto", None) and one.proto.label == label
    ]
    return found[0]


def field(app: AppTest, kind: str, name: str, form: str = "settings") -> Any:
    """Find the only field of a name in a form, by default of the page Settings; keys end with a changing number."""
    [found] = [one for one in app.get(kind) if str(getattr(one, "key", None)).startswith(f"{form}-{name}-")]
    return found


def choose_use(app: AppTest, key: str, use: str) -> None:
    """Choose the use of a column of a file of a new kind."""
    [column] = [one for one in app.selectbox if str(one.key).startswith(key) and "separator" not in str(one.key)]
    column.set_value(use).run()


def drop(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    """Drop files onto the page."""
    app.file_uploader[0].set_value(list(files)).run()
    return app


def preview(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    """Drop files, by default a register, and have their preview made."""
    drop(app, *(files or (ACTIONS_CSV,)))
    return app.button(key="make-preview").click().run()


def drafts(campaign: Path) -> list[Path]:
    """Return the folders of the drafts under way."""
    return sorted((campaign / "private" / "drafts").glob("*"))


def say_column(app: AppTest, header: str, use: str, *, is_field: bool = False) -> AppTest:
    """Choose the use of a column: by one of its buttons, or by the list of fields."""
    if is_field:
        box = next(box for box in app.selectbox if box.label == f"Something else: {header}")
        return box.set_value(use).run()
    return find_group(app, f"What it is: {header}").set_value(use).run()


def list_columns(app: AppTest) -> dict[str, Any]:
    """List the use of each column in question, by its header."""
    every: list[Any] = list(app.get("button_group"))
    groups = [one for one in every if one.proto.label.startswith("What it is: ")]
    return {one.proto.label.removeprefix("What it is: "): one.value for one in groups}
