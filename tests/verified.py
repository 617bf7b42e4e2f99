"""Making files as the program hands them out, and verifying them, both called in the test's own process."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.campaign.folder import CampaignFolder
from dashboard.ground.processes.runner import Result
from dashboard.settings import Settings
from dashboard.snapshot.database import current
from dashboard.snapshot.receipts.receipt import Receipt
from dashboard.web.page_preview import PAGE
from dashboard.web.verifying import checking
from dashboard.web.verifying.remade_files import make_again
from etl.commands import verify
from tests.etl.program import published, run_etl
from tests.forged import FORGED, Forged

BASE = "https://actions.example.org"


def ask_here(command: str, *arguments: str) -> list[dict[str, Any]]:
    """Return the other program's answer, without a separate process."""
    answer = CliRunner().invoke(app, [command, "--json", *arguments], catch_exceptions=False)
    return verify.read_answer(answer.stdout, answer.stderr)


def make(folder: CampaignFolder, to: Path, *arguments: str) -> Path:
    """Return a file as the command line gives it."""
    command, *rest = arguments
    given = [command, *rest, "--campaign", str(folder.root), "--to", str(to)]
    answer = CliRunner().invoke(app, given, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return to


def write_page(folder: CampaignFolder, to: Path, link: str = "/regions?region=africa&lang=fr") -> Path:
    """Write the head of a page of the dashboard, as its first HTML has it."""
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
    page = Receipt(f"{BASE}{link}", PAGE, published(folder)["build_id"], "", "", "", "")
    to.write_bytes(make_again(page, current(settings), settings))
    return to


def verify_files(folder: CampaignFolder, *files: Path | str, code: int, of: str = "") -> dict[str, dict[str, Any]]:
    """Return the verdicts by the names of files."""
    options = ["--of", of] if of else []
    answer = run_etl("verify", *files, "--campaign", folder.root, "--json", *options)
    assert answer.returncode == code, answer.stdout + answer.stderr
    return {Path(one["file"]).name: one for one in map(json.loads, answer.stdout.splitlines())}


def check_equal(found: Mapping[str, Any], names: Iterable[str]) -> None:
    """Check that exported files agree with their build, without a remark."""
    for name in names:
        one = found[name]
        assert (one["state"], one["said"], one["deviations"], one["remarks"]) == ("equal", [], [], []), (name, one)


def check_forged(found: Mapping[str, Any], forged: Mapping[str, Forged]) -> None:
    """Check that of each forged file the place is named, with its figure, and another figure as the right one."""
    for name, (place, says) in forged.items():
        assert found[name]["state"] == "differs", name
        (first, *_) = found[name]["deviations"]
        assert place in first["place"], (name, first)
        assert says in first["says"], (name, first)
        assert str(FORGED) not in first["should"], (name, first)


class Here:
    """Checks in this process, without limits of its memory."""

    def __init__(self, place: Path) -> None:
        self.place, self.jobs = place, 0

    def start(self, _module: str, text: str, environment: object = None) -> Future[Result]:
        future, self.jobs = Future[Result](), self.jobs + 1
        arguments = json.loads(text) | {"to": str(self.place / "found")}
        try:
            checking.work(arguments)
            future.set_result(Result({}, "{}", (self.place / "found").read_bytes()))
        except Exception as error:
            future.set_exception(error)
        return future
