"""No answer reveals the server's folders, nor a fault in DuckDB's words; the log does."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette

from dashboard.errors import CampaignError, UserError
from dashboard.snapshot import database
from dashboard.web.charts import routes
from dashboard.web.charts.desk import Desk
from dashboard.web.refusals import tell
from tests.charts_over_http import ask, stand_before_all
from tests.snapshots import copy_published

OF_FIGURES = (
    "/charts", "/charts/completion-by-region", "/charts/completion-by-region.csv", "/charts/completion-by-theme.png",
    "/charts/completion-by-theme.json", "/charts/replay.json", "/show", "/extracts", "/extracts/actions.csv",
    "/extracts/actions.xlsx", "/extracts/datapackage.json", "/latest.atom", "/latest.ics", "/latest-build",
    "/sitemap.xml",
)  # fmt: skip
OTHERS = (
    "/oembed?url=http://localhost:8501/charts/completion-by-region", "/newsletter/sign-up", "/regions", "/readyz",
    "/openapi.json", "/newsletter/confirm?token=x", "/files/x", "/charts/completion-by-region?build=gone",
    "/robots.txt",
)  # fmt: skip


@pytest.fixture
def folder(campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_published(campaign_folder, tmp_path / "campaign")
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(tmp_path / "campaign"))
    monkeypatch.setenv("DASHBOARD_NEWSLETTER", "on")
    return tmp_path / "campaign"


@pytest.fixture
def app(desk: Desk) -> Starlette:
    assert routes.desk() is desk
    return stand_before_all()


def find_snapshot(folder: Path) -> Path:
    (path,) = (folder / "published").glob("*.duckdb")
    return path


def truncate(folder: Path) -> None:
    path = find_snapshot(folder)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def fill_with_garbage(folder: Path) -> None:
    path = find_snapshot(folder)
    with path.open("r+b") as file:
        file.write(b"garbage!" * (path.stat().st_size // 8))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "damaged pointer": lambda folder: (folder / "published" / "current.json").write_text("{"),
    "nothing published": lambda folder: shutil.rmtree(folder / "published"),
    "no snapshot": lambda folder: find_snapshot(folder).unlink(),
    "cut short": truncate,
    "garbage": fill_with_garbage,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_figures_that_cannot_be_read_are_unavailable_and_no_answer_names_a_place(
    folder: Path, app: Starlette, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    DAMAGES[damage](folder)
    with caplog.at_level(logging.ERROR):
        for path in (
            *OF_FIGURES[: None if damage in ("garbage", "damaged pointer", "nothing published") else 4],
            *OTHERS,
        ):
            accepted = "*/*" if "." in path else "text/html"
            answer = ask(app, f"http://localhost:8501{path}", accept=accepted)
            assert answer.status_code in (200, 400, 404, 410, 503), (path, answer.text)
            assert answer.status_code == 503 or path in OTHERS, path
            assert "retry-after" in answer.headers or path in OTHERS, path
            assert answer.status_code == {"/readyz": 503, "/robots.txt": 200}.get(path, answer.status_code), path
            for word in (str(folder), "current.json", ".duckdb", "IO Error", "Traceback"):
                assert word not in answer.text, (path, answer.text[:500])
        refused = ask(app, "http://localhost:8501/charts/completion-by-region.csv?lang=fr")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
    assert refused.json()["error"].split(".")[0] in (
        "The figures cannot be read at the moment", "No data has been published yet, so there are no figures to show"
    )  # fmt: skip
    assert "/published" in caplog.text or ".duckdb" in caplog.text


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name != "damaged pointer"])
def test_a_running_server_is_not_ready_once_its_file_is_gone_or_changed(
    folder: Path, app: Starlette, damage: str
) -> None:
    held = database.current()
    assert ask(app, "http://10.0.0.9/readyz").status_code == 200
    DAMAGES[damage](folder)
    answer = ask(app, "http://10.0.0.9/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert str(folder) not in answer.text
    del held


def test_what_readers_are_told(caplog: pytest.LogCaptureFixture) -> None:
    for hidden in (
        CampaignError("campaign.toml is not valid TOML.", "Correct that line."),
        UserError("/srv/campaign/private/x.csv cannot be read."),
        UserError("C:\\campaign\\x.csv cannot be read."),
        UserError("It stands in (/srv/campaign/x)."),
    ):
        assert tell(hidden).what == database.UNREADABLE[0]
        assert str(hidden) in caplog.text
    for open_ in ("Use https://example.org/charts/x.", "Of 1/2 and 3/4.", "region/subregion", "a / b", "</p>"):
        assert tell(UserError(open_)).what == open_
