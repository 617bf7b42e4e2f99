"""From a letter to the figure: what the page behind its link promises is what the next build shows."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from dashboard.campaign.reporting.links import find_today
from dashboard.mail.asked import Addressee, LetterLedger, Plan
from dashboard.mail.letter_batch import write_batch
from dashboard.measures.counts import headline
from dashboard.settings import Settings
from dashboard.snapshot import database
from dashboard.snapshot.selection import Selection
from dashboard.web import report_pages
from etl.commands.row import read_row
from etl.inputs.reports_file import NAME
from tests.charts_over_http import BASE, ask, make_site
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.program import run_on
from tests.etl.registers import action, register

REGISTER = register(
    action("1", "Fictional Union", "Former des inspecteurs", Where="Kenya", Language="French"),
    action("2", "Fictional Club", "Open a school", Where="Kenya"),
    action("3", "Fictional Club", "Open another", Where="Peru"),
)


def write_settings(root: Path) -> None:
    """Write the settings of a campaign that goes on today and takes reports by link."""
    days = {"start": -200, "submission_deadline": -100, "action_deadline": 30, "end": 60}
    lines = [f"{name} = {find_today() + timedelta(days=number)}" for name, number in days.items()]
    lines += ['title = { en = "A campaign", fr = "Une campagne" }', "[reports_by_link]", "open = true"]
    (root / "campaign.toml").write_text("\n".join(lines), encoding="utf-8")


def test_from_a_letter_to_the_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_campaign(tmp_path / "c", {"a.csv": REGISTER})
    write_settings(folder.root)
    publish_campaign(folder)
    site = make_site(folder.root, monkeypatch)
    monkeypatch.setattr(report_pages, "LEAST_SECONDS", 0)
    africa = Selection(regions=("africa",), lang="fr")
    before = headline(database.current(Settings.from_environment()), africa)

    to_union = Addressee("", "fr", ("OFF-1",), ("",), frozenset({"OFF-1"}))
    noted = LetterLedger(folder.private, is_sample=False).note([to_union], Plan(find_today(), 14, "", "files"))
    (written,) = write_batch(database.current(Settings.from_environment()), folder, noted.batch_id, BASE)
    address = urlsplit(re.search(rf"{BASE}/report/form\S+", written.letter.text)[0])
    path = f"{address.path.removeprefix(urlsplit(BASE).path)}?{address.query}"

    page = html.fromstring(ask(site, path).text)
    promised = re.search(r"Afrique.*passent de (\d+) à (\d+)", page.text_content())
    assert (int(promised[1]), int(promised[2])) == (before.unknown, before.unknown - 1) == (2, 1)
    fields = {name: value for name, value in page.xpath("//form")[0].fields.items() if value is not None}
    typed = {"status": "completed", "narrative": "Trente inspecteurs formés."}
    receipt = ask(site, path, "POST", content=fields | {f"OFF-1/{name}": value for name, value in typed.items()})
    (number,) = set(re.findall(r"R-\w{5}-\w{5}", receipt.text))

    run_on(folder, "reports", "--accept", number)
    run_on(folder, "build", "--quiet")
    after = headline(database.current(Settings.from_environment()), africa)
    assert (after.unknown, after.completed) == (int(promised[2]), before.completed + 1)
    assert read_row(folder, NAME, 2)["cells"][0] == number
    public = html.fromstring(ask(site, path).text).text_content()
    assert re.search(r"Public à présent.*Achevée", public) and number in public
