"""The demo: a few files that lead to each other and to nothing else, and say what the pages say."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.web.public_files import demo, publishing
from dashboard.web.public_files.demo import DemoSide

MOST_BYTES = 15_000_000
SOURCES = ("https://creativecommons.org/licenses/", "https://example.org/office")
"""The licence and the publisher of the figures."""


def test_the_demo_is_whole_by_itself(
    snapshot: Snapshot, campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "CHARTS", demo.CHARTS[:2])
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder)})
    side = DemoSide(snapshot, ["fr", "en"], settings)
    done = publishing.publish(side, publishing.Folder(tmp_path / "demo"))
    found = [file for file in (tmp_path / "demo").rglob("*") if file.is_file()]
    files = {file.relative_to(tmp_path / "demo").as_posix(): file for file in found}
    assert done.files + 1 == len(files) and sum(file.stat().st_size for file in files.values()) < MOST_BYTES
    pages = [name for name in files if name.endswith(".html")]
    assert {"index.html", "en/index.html", *(f"fr/{one}.html" for one in demo.CHARTS)} <= set(pages)
    for name in pages:
        text = files[name].read_text(encoding="utf-8")
        assert name.endswith("index.html") or "index.html" in text, "a chart leads back"
        for address in re.findall(r'(?:href|src)="([^"#]+)"', text):
            leads_to_file = (files[name].parent / address).resolve() in found
            assert leads_to_file or address.startswith(SOURCES), (name, address)
    about = load_workbook(files["en/actions.xlsx"])["About"]
    texts = [str(cell.value) for row in about for cell in row]
    assert "Cite as" in texts and not [text for text in texts if "..//" in text], "no server"
    first, other = (files[name].read_text(encoding="utf-8") for name in ("index.html", "en/index.html"))
    assert "<script" not in first and 'lang="fr"' in first and 'href="../index.html" lang="fr"' in other
    assert all(words in other for words in ('class="headline">', "Latest news", "Definitions", "The actions as Excel"))
    assert not [name for name in files if name.startswith("builds/")], "what is copied has no address to keep"
