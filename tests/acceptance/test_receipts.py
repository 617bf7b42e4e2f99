"""A hundred figures of pages, pictures, workbooks and slides are verified, then one figure is forged in each.

`tests/etl/commands/test_verify.py` is the lesser twin.
"""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.charts.catalogue import CATALOGUE
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands import verify
from tests.etl.campaigns import publish_campaign
from tests.forged import forge
from tests.verified import BASE, ask_here, check_equal, check_forged, make, verify_files, write_page

SELECTIONS = (
    ("--lang", "en"),
    ("--region", "africa", "--lang", "fr"),
    ("--theme", "education", "--as-of", "2021-09-30", "--lang", "es"),
    ("--grouping", "african_union", "--sort", "name", "--lang", "fr"),
)
FORMS = ("svg", "bar.svg", "png", "html", "json", "metadata.json", "xlsx", "pptx", "text.pptx", "sheet.pptx", "pdf")
WITHOUT_SHEET = ("map", "tiles", "multiples", "grid", "table")
TABLES = ("actions", "reports", "milestones")
PAGES = ("/", "/regions?region=africa&lang=fr", "/themes?lang=es", "/categories", "/groups?theme=education", "/compare")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    """Return the fictional sample, taken in as an office's own exports."""
    root = tmp_path_factory.mktemp("hundred") / "campaign"
    shutil.copytree(
        SHIPPED_CAMPAIGN / "samples", root / "inbox", ignore=shutil.ignore_patterns("*.py", "*.md", "*.toml")
    )
    folder = CampaignFolder(root)
    publish_campaign(folder)
    return folder


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "ask_dashboard", ask_here)
    monkeypatch.setenv("DASHBOARD_BASE_URL", BASE)


def list_charts() -> list[tuple[str, tuple[str, ...]]]:
    """List every chart in turn in every form that a figure can be forged in, with one selection after the other."""
    files = []
    for number, spec in enumerate(CATALOGUE.values()):
        for place in range(3):
            form = FORMS[(number * 3 + place) % len(FORMS)]
            if form == "sheet.pptx" and spec.kind in WITHOUT_SHEET:
                form = "text.pptx"
            if form == "bar.svg" and spec.kind not in ("rates", "statuses"):
                form = "svg"
            chosen = SELECTIONS[(number + place) % len(SELECTIONS)]
            if "--sort" in chosen and spec.kind not in ("rates", "statuses"):
                chosen = SELECTIONS[1]
            files.append((f"{spec.id}-{place}.{form}", ("chart", spec.id, *chosen)))
    return files


@pytest.mark.nightly
def test_a_hundred_figures_are_equal_and_forged_ones_are_found(folder: CampaignFolder, tmp_path: Path) -> None:
    wanted = list_charts()
    for lang in ("en", "fr", "es"):
        wanted += [
            (f"deck-{lang}.{form}", ("briefing", "--region", "africa", "--lang", lang)) for form in ("pptx", "html")
        ]
        wanted += [(f"book-{lang}.xlsx", ("briefing", "--theme", "education", "--lang", lang))]
        for form in ("xlsx", "parquet"):
            for table in TABLES:
                wanted.append((f"{table}-{lang}.{form}", ("extract", "--table", table, "--lang", lang)))
    wanted += [
        ("all.zip", ("briefing", "--lang", "fr")),
        ("tables.zip", ("extract", "--region", "asia_and_the_pacific")),
    ]
    files = [make(folder, tmp_path / name, *arguments) for name, arguments in wanted]
    files += [write_page(folder, tmp_path / f"{number}.page.html", link) for number, link in enumerate(PAGES)]
    assert len(files) >= 100
    (tmp_path / "forged").mkdir()
    copies = [Path(shutil.copy(file, tmp_path / "forged" / f"forged {file.name}")) for file in files]
    forged = {copy.name: forge(copy) for copy in copies}
    found = verify_files(folder, *files, *copies, code=1)
    check_equal(found, [file.name for file in files])
    check_forged(found, forged)
    print(json.dumps({"equal": len(files), "forged and named": len(forged)}))
