"""`streamlit run app.py` in a checkout that nobody has built: as on a host for Streamlit apps."""

import subprocess
from pathlib import Path

import pytest

from benchmarks.servers import find_free_port
from dashboard.settings import Settings
from dashboard.ui.frame import first_steps
from tests.deploy.running import ended, wait_for
from tests.deploy.test_documents import make_clone
from tests.page_stream import ask_page, talk


def test_the_first_visitor_of_a_fresh_checkout_sees_the_sample_being_built_and_then_the_page(tmp_path: Path) -> None:
    clone, port, log = make_clone(tmp_path), find_free_port(), tmp_path / "log"
    command = [".venv/bin/python", "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}"]
    with log.open("wb") as lines:
        process = subprocess.Popen(command, cwd=clone, env={"PATH": "/usr/bin:/bin"}, stdout=lines, stderr=lines)
        with ended(process, 10):
            address = f"http://127.0.0.1:{port}"
            wait_for(f"{address}/healthz", process, log)
            building, overview = talk(address, [ask_page(), ask_page()])
    assert "The fictional sample is being prepared" in building
    assert "Fictional data" in overview and "completed" in overview


def test_only_the_shipped_campaign_as_it_was_fetched_is_built_by_a_visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_steps, "SHIPPED_CAMPAIGN", tmp_path)
    (tmp_path / "samples").mkdir()
    own = {"DASHBOARD_CAMPAIGN": str(tmp_path)}

    def may_build(**others: str) -> bool:
        return first_steps.may_build_sample(Settings.from_environment(own | others))

    assert may_build()
    assert not may_build(DASHBOARD_STORE="s3://builds/campaign"), "a reading copy shows what others have built"
    assert not may_build(DASHBOARD_CAMPAIGN=str(tmp_path.parent))
    for file in ("published/current.json", "inbox/export.csv"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text("{}")
        assert not may_build(), file
        (tmp_path / file).unlink()
