"""A campaign made from nothing: by options or by answers, and the first figures in it."""

import json
import subprocess

import pytest

from dashboard.access.audit.entries import find_entries
from dashboard.campaign.blank import keep_out_of_git
from dashboard.campaign.folder import CampaignFolder
from tests.etl.program import last_json, published, run_etl, run_on

DAYS = ("--start", "2022-01-01", "--end", "2022-12-31")
FILE = "Action ID,Title,Organization,Theme\nA1,One,Imaginary office,Forests\nA2,Two,Imaginary union,\n"


def test_a_campaign_of_ones_own_is_made_shows_its_first_figures_and_git_takes_nothing_that_names_anybody(
    published_once, tmp_path
):
    told = ("--title", "fr=Nos engagements", "--title", "en=Our pledges", "--publisher", "Imaginary office", *DAYS)
    made = run_etl("new", tmp_path / "own", *told, "--register", "own", "--json")
    assert last_json(made)["folder"] == str((tmp_path / "own").resolve())
    folder = CampaignFolder(tmp_path / "own")
    [made_at] = find_entries(folder.root).entries.to_dict("records")
    assert (made_at["event"], made_at["about"]) == ("campaign_made", "Nos engagements")
    campaign = folder.load()
    assert (campaign.default_language, campaign.offered) == ("fr", ("fr", "en"))
    assert campaign.titles["en"] == "Our pledges" and campaign.publisher.name["fr"] == "Imaginary office"
    assert campaign.action_deadline.isoformat() == "2022-12-31"
    assert "# How many words the form allows" in (folder.root / "campaign.toml").read_text("utf-8")
    (folder.inbox / "pledges.csv").write_text(FILE)
    assert "Forests" in run_on(folder, "build").stdout, "a theme of its own is asked about"
    assert published(folder)["first_date"]

    git = ("git", "-C", str(tmp_path), "-c", "core.excludesFile=")
    subprocess.run([*git, "init", "--quiet"], check=True)
    for name in ("recipes/ours.toml", "decisions.csv", "decisions.csv~", "letters/to-somebody.docx"):
        (folder.root / name).parent.mkdir(exist_ok=True)
        (folder.root / name).write_text("x")
    subprocess.run([*git, "add", "."], check=True)
    taken = subprocess.run([*git, "diff", "--cached", "--name-only"], check=True, capture_output=True, text=True)
    settings = ("campaign.toml", "codelists/categories.csv", "codelists/themes.csv", "recipes/ours.toml")
    assert taken.stdout.splitlines() == [f"own/{name}" for name in (".gitignore", *settings)]
    stated = folder.root / ".gitignore"
    assert stated.read_bytes() == (published_once.root / ".gitignore").read_bytes(), "that of one by hand"
    stated.write_text("*")
    keep_out_of_git(folder.root)
    assert stated.read_text() == "*", "one's own stays"


def test_what_is_not_given_is_asked_for(tmp_path):
    answers = "Our pledges\n\nNuestros compromisos\nnext year\n2022-01-01\n2022-12-31\n\n"
    made = run_etl("new", tmp_path / "asked", stdin=answers)
    assert made.returncode == 0, made.stdout + made.stderr
    campaign = CampaignFolder(tmp_path / "asked").load()
    assert set(campaign.languages) == {"en", "es"} and campaign.start.year == 2022
    assert not (tmp_path / "asked" / "codelists").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--title", "Our pledges", *DAYS), "does not say its language"),
        (("--title", "xx=Ours", *DAYS), "no language xx"),
        (("--title", "en=Ours", "--start", "2022-12-31", "--end", "2022-01-01"), "must come after"),
        (("--title", "en=Ours", *DAYS), "is there already"),
    ],
)
def test_what_does_not_hold_together_leaves_nothing_and_a_folder_with_something_in_it_alone(tmp_path, options, said):
    place = tmp_path if said == "is there already" else tmp_path / "none"
    (tmp_path / "notes.txt").write_text("mine")
    refused = run_etl("new", place, *options, "--register", "own", "--json")
    assert refused.returncode == 1 and said in json.dumps(last_json(refused))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
