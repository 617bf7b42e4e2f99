"""Drafts: the effect of files and settings, shown before publishing, and published as shown."""

import json
import os
import shutil
import sys
import time

import duckdb
import pytest

from dashboard import paths
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_history import list_changes
from dashboard.campaign.uploads import DraftError, FileState, new_draft, read_draft
from dashboard.campaign.working_copy import WorkingCopy
from dashboard.errors import UserError, pack
from etl.inputs.inbox import list_inbox
from etl.publish import drafts, history, holding, kept_inputs
from tests.cases import some
from tests.etl.campaigns import ACTIONS_RECIPE, copy_campaign, make_campaign, publish_campaign, switch_to_copy
from tests.etl.changing import bring, copy_with_drafts, preview
from tests.etl.program import history_file, inbox, last_json, published, published_titles, read_files, run_on, titles
from tests.etl.registers import HEADER, MERGED_RECIPE, action, register, write_register
from tests.etl.together import count_figures
from tests.snapshots import mark_as_others

STRANGE = "colour\nred\n"
SECOND = register(action("2", promise="Second"))
WITH_MOOD = HEADER.strip() + ",Mood\n" + action("2", promise="Second", Email="one@example.org").strip() + ",fair\n"
THEMES = "code,label_en,aliases,sort_order\nfarms,Farms,Agriculture|Farming,10\n"


@pytest.fixture(scope="module")
def drafted_once(published_once, tmp_path_factory):
    """Return the published campaign with a draft of a file, which names a person, of a setting and of an answer."""
    folder = copy_campaign(published_once, tmp_path_factory.mktemp("drafted") / "c")
    titled = folder.campaign_file.read_text(encoding="utf-8") + "\n# one\n"
    place = bring(folder, uploads={"second.csv": WITH_MOOD}, settings={"campaign.toml": titled})
    preview(folder, place, answers=[Answer(0, "column", "office_actions", "", "", "Mood", "nothing")])
    return folder


@pytest.fixture
def drafted(drafted_once, tmp_path):
    """Return the campaign with a draft, and the draft's folder."""
    folder = copy_with_drafts(drafted_once, tmp_path / "c")
    return folder, folder.private / "drafts" / "1"


@pytest.mark.nightly
def test_a_draft_of_an_older_build_overwrites_nothing_unseen_and_a_stopped_publishing_can_be_done_again(drafted):
    folder, place = drafted
    switch_to_copy(folder, "of_a_colleague")
    with pytest.raises(DraftError, match="Another build was published since"):
        holding.publish_draft(folder, place)
    assert published(folder)["build_id"] == "of_a_colleague"
    shutil.rmtree(place)
    bring(folder, uploads={"first.csv": STRANGE, "second.csv": SECOND, "third.csv": register(action("3"))})
    draft = preview(folder, place)  # nothing of theirs was lost
    assert [refused.name for refused in draft.refused] == ["first.csv"]
    assert titles(place / "snapshot.duckdb") == {"First", "Second", "Train inspectors"}
    (place / "uploads" / "second.csv").rename(folder.inbox / "second.csv")  # stopped amid the uploads
    (place / "snapshot.duckdb").rename(folder.published / f"snapshot-{draft.build_id}.duckdb")
    holding.publish_draft(folder, place)
    assert set(inbox(folder)) == {"first.csv", "second.csv", "third.csv"}, "a refused upload replaces nothing"
    assert published_titles(folder) == {"First", "Second", "Train inspectors"}


def test_draft_shows_what_publishing_gives_and_publishes_it(folder):
    (folder.inbox / "first.csv").write_text(register(action("1", promise="Never built")))
    before = published(folder), inbox(folder)
    replaced = register(action("1", promise="Replaced", Email="one@example.org"))
    place = bring(folder, uploads={"first.csv": replaced, "second.csv": SECOND, "strange.csv": STRANGE})
    done = run_on(folder, "draft", "--uploads", place / "uploads", "--to", place, "--json")
    assert last_json(done)["ok"] is True
    progress = [json.loads(line) for line in done.stdout.splitlines()[:-1]]
    [figures_line] = [line for line in progress if "figures" in line]
    assert figures_line == {"figures": count_figures(place / "snapshot.duckdb")}
    later = [line["what"] for line in progress[progress.index(figures_line) + 1 :]]
    last_phases = {"Suggesting classes", "Comparing actions", "Looking at commitments"}
    assert last_phases <= {*later}, "figures do not wait for what they do not need"
    progress.remove(figures_line)
    assert all({"what", "done", "total"} <= line.keys() for line in progress)
    note = json.loads((place / "draft.json").read_text())
    assert note["files"] == [{"name": "first.csv", "state": "replaces"}, {"name": "second.csv", "state": "added"}]
    assert note["base_build_id"] == before[0]["build_id"]
    assert [refused["name"] for refused in note["refused"]] == ["strange.csv"]
    assert "No recipe recognises strange.csv" in note["refused"][0]["what"]
    assert titles(place / "snapshot.duckdb") == {"Replaced", "Second"}
    assert (published(folder), inbox(folder)) == before
    if os.name != "nt":
        assert (place.stat().st_mode & 0o777, place.parent.stat().st_mode & 0o777) == (0o700, 0o700)
        for name in ("snapshot.duckdb", "contacts.duckdb", "draft.json"):
            assert (place / name).stat().st_mode & 0o777 == 0o600, name

    done = run_on(folder, "publish-draft", place, "--json")
    assert published(folder)["build_id"] == note["build_id"]
    assert published_titles(folder) == {"Replaced", "Second"}
    assert set(inbox(folder)) == {"first.csv", "second.csv"}
    assert not place.exists()
    (set_aside,) = (folder.private / "set_aside").glob("*/first.csv")
    assert "Never built" in set_aside.read_text()
    assert publish_campaign(folder)["build_id"] == note["build_id"]
    assert history_file(folder)[0]["how"] == "upload"


@pytest.mark.nightly
def test_unchanged_upload_is_called_so_and_what_a_killed_preview_left_goes(folder):
    killed, two_days_ago = bring(folder, "killed"), time.time() - 2 * 86_400
    os.utime(killed, (two_days_ago, two_days_ago))
    place = bring(folder, uploads={"first.csv": (folder.inbox / "first.csv").read_text()})
    draft = preview(folder, place)
    assert (killed.exists(), place.exists()) == (False, True)
    assert draft.files == (FileState("first.csv", "unchanged"),)
    assert draft.build_id == published(folder)["build_id"]
    assert holding.publish_draft(folder, place) == draft.build_id
    assert published_titles(folder) == {"First"}


@pytest.mark.nightly
def test_files_that_cannot_be_used_are_refused_and_many_are_counted(folder):
    place = bring(folder, uploads={"strange.csv": STRANGE})
    with pytest.raises(UserError, match=r"No recipe recognises strange\.csv"):
        preview(folder, place)
    bring(folder, uploads={f"strange_{number:02}.csv": STRANGE for number in range(12)})
    with pytest.raises(UserError, match="None of the files can be used.*strange_08.*cannot be used: 3") as refused:
        preview(folder, place)
    assert "strange_09" not in refused.value.what
    assert pack(refused.value.what)["of"].startswith("{said_0} {said_1}")
    shutil.rmtree(place / "uploads")
    with pytest.raises(UserError, match="no file"):
        preview(folder, place)
    assert not (place / "draft.json").exists()
    (folder.inbox / "in the inbox.csv").write_text(STRANGE)
    with pytest.raises(UserError, match=r"No recipe recognises in the inbox\.csv"):
        preview(folder, bring(folder, uploads={"second.csv": SECOND}))


RECIPE = "recipes/office_actions.toml"
CHANGES = {
    "an export": lambda folder, _: (folder.inbox / "third.csv").write_text(register(action("3"))),
    "an upload": lambda _, place: (place / "uploads" / "second.csv").write_text(SECOND),
    "a decision": lambda folder, _: folder.decisions_file.write_text("decision,subject,this,that,note,decided_on\n"),
    "a recipe": lambda folder, _: (folder.root / RECIPE).write_text((folder.root / RECIPE).read_text() + "\n"),
    "a setting": lambda folder, _: (folder.root / "campaign.toml").write_bytes(folder.campaign_file.read_bytes()),
    "the program": lambda _, place: mark_as_others(place / "snapshot.duckdb"),
    "an answer": lambda folder, _: folder.columns_file.write_text("recipe,header,is\noffice_actions,Mood,staff\n"),
    "another answer": lambda folder, _: folder.answers_file.write_text("kind,field,is\ndate_order,due_on,dmy\n"),
}


@pytest.mark.parametrize("change", some(CHANGES, 3))
def test_change_since_the_preview_and_a_preview_of_another_version_are_refused_and_nothing_overwritten(drafted, change):
    folder, place = drafted
    CHANGES[change](folder, place)
    before = read_files(folder.root)
    done = run_on(folder, "publish-draft", place, "--json", code=1)
    by_others = "The preview was made by another version of the program. Upload the files again."
    assert (by_others if change == "the program" else "changed since the preview") in done.stderr
    assert read_files(folder.root) == before


def test_discarding_removes_the_draft_alone_and_what_is_not_there_or_would_leave_nothing_is_not_taken_out(
    drafted, tmp_path
):
    folder, place = drafted
    assert last_json(run_on(folder, "discard-draft", place, "--json")) == {"ok": True}
    assert not place.exists()
    for other in (folder.inbox, folder.root, tmp_path):
        with pytest.raises(DraftError):
            drafts.discard_draft(folder, other)
    with pytest.raises(DraftError, match="no longer exists"):
        holding.publish_draft(folder, place)
    assert inbox(folder)
    for name, said in (("third.csv", "no “third.csv” in the inbox"), ("first.csv", "nothing to build from")):
        with pytest.raises(DraftError, match=said):
            preview(folder, bring(folder), without=[name])


def test_answers_of_every_kind_are_tried_in_a_draft_and_kept_when_it_is_published(folder):
    (folder.root / "recipes" / "merged_register.toml").write_text(MERGED_RECIPE)
    row = action("2", promise="Second", Sent="2021-06-01", Due="03/04/2021").strip()
    lines = f"{HEADER.strip()},State of play\n{row},Achievd\n"
    place = bring(folder, uploads={"second.csv": lines})
    preview(folder, place)
    with pytest.raises(UserError, match="date_order"):
        holding.publish_draft(folder, place)
    write_register(place / "uploads" / "r.xlsx", {"2021": "Completed", "2020": "In progress"})
    answers = {
        "--answers": "recipe,header,is\noffice_actions,State of play,status\noffice_actions,Status,staff\n",
        "--sheets": "file,sheet,is\nr.xlsx,2020,nothing\n",
        "--others": "kind,recipe,field,is\ndate_order,office_actions,due_on,mdy\nday,office_actions,,rows\n",
        "--words": '{"word": "Achievd", "codelist": "statuses", "means": "completed", "recipe": "office_actions"}\n',
    }
    words: list[object] = ["draft", "--uploads", place / "uploads", "--to", place]
    for option, text in answers.items():
        words += [option, place / f"given{option}.csv"]
        (place / f"given{option}.csv").write_text(text)
    run_on(folder, *words)
    files = (folder.columns_file, folder.sheets_file, folder.answers_file, folder.spellings_file)
    assert not any(file.exists() for file in files)
    with duckdb.connect(place / "snapshot.duckdb", read_only=True) as connection:
        told = "select status, count(distinct source_file) from progress_reports group by all"
        assert connection.execute(told).fetchall() == [("completed", 2)]
    holding.publish_draft(folder, place)
    assert "office_actions,State of play,status" in folder.columns_file.read_text()
    assert "r.xlsx,2020,nothing" in folder.sheets_file.read_text()
    assert "date_order,office_actions,,,due_on,mdy" in folder.answers_file.read_text()
    assert "statuses,Achievd,completed,,office_actions" in folder.spellings_file.read_text()
    [change] = list_changes(folder.root)
    assert set(change.files) == {file.name for file in files}
    undone = WorkingCopy(folder.root, new_draft(folder.root))
    undone.change(change.list_back())
    assert undone.list_names() == sorted(change.files)
    assert not any(undone.folder.staff_file(name).exists() for name in change.files)
    publish_campaign(folder)  # asks nothing
    assert "1 taken back" in run_on(folder, "sheet", "--list", "-", stdin="file,sheet,is\nR.xlsx,2020,\n").stdout
    assert "2020" not in folder.sheets_file.read_text()


def label_themes(path):
    """Return the English labels of the themes of a snapshot, by code."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(connection.execute("select code, label_en from codes where codelist = 'themes'").fetchall())


@pytest.mark.nightly
def test_settings_of_a_draft_are_in_its_preview_and_in_the_folder_when_it_is_published(folder):
    own, before = folder.root / "campaign.toml", folder.campaign_file.read_text(encoding="utf-8")
    own.write_text(before, encoding="utf-8")
    titled = before.replace("2021-05-15", "2021-05-16")
    place = bring(folder, settings={"campaign.toml": titled, "codelists/themes.csv": THEMES})
    draft = preview(folder, place, inbox_alone=True)
    assert list(draft.settings) == ["campaign.toml", "codelists/themes.csv"]
    assert label_themes(place / "snapshot.duckdb")["farms"] == "Farms"
    assert own.read_text(encoding="utf-8") == before
    assert "farms" not in label_themes(folder.published / published(folder)["snapshot"])

    holding.publish_draft(folder, place)
    assert label_themes(folder.published / published(folder)["snapshot"])["farms"] == "Farms"
    assert own.read_text(encoding="utf-8") == titled
    assert history.read_pointer(folder)["how"] == "settings"
    assert kept_inputs.is_built_from(folder, draft.build_id)
    kept = folder.private / "settings" / "1"
    assert (kept / "before" / "campaign.toml").read_text(encoding="utf-8") == before
    assert not (kept / "before" / "codelists").exists()
    assert (kept / "after" / "codelists" / "themes.csv").read_text(encoding="utf-8") == THEMES
    assert json.loads((kept / "change.json").read_text())["build_before"] == draft.base_build_id

    back = bring(folder, "2", settings={"codelists/themes.csv": ""})
    preview(folder, back)
    holding.publish_draft(folder, back)
    assert not (folder.root / "codelists" / "themes.csv").exists()
    assert "farms" not in label_themes(folder.published / published(folder)["snapshot"])


@pytest.mark.nightly
def test_without_any_export_settings_alone_are_checked_and_put_in_place(tmp_path):
    folder = make_campaign(tmp_path / "c", {})
    for name, content, said in (
        ("campaign.toml", "start = 2021-01-01\n", "is missing"),
        ("decisions.csv", "", r"decisions\.csv is not a settings file"),
    ):
        with pytest.raises(UserError, match=said):
            preview(folder, bring(folder, name, settings={name: content}))
    place = bring(folder, settings={"codelists/themes.csv": THEMES})
    draft = preview(folder, place)
    brought = place / "settings/codelists/themes.csv"
    for change in (lambda: brought.write_text(THEMES + "x,X,,20\n"), brought.unlink):  # in another tab
        change()
        with pytest.raises(UserError, match="changed since the preview"):
            holding.publish_draft(folder, place)
        brought.write_text(THEMES, encoding="utf-8")
    holding.publish_draft(folder, place)
    assert draft.build_id == "" and not place.exists()
    assert (folder.root / "codelists" / "themes.csv").read_text(encoding="utf-8") == THEMES
    assert history.read_pointer(folder) is None and not list_inbox(folder)


def test_a_file_is_taken_out_and_comes_back_as_a_rehearsal_has_said(twice):
    before = published(twice)["build_id"]
    text = (twice.inbox / "office" / "second.csv").read_bytes()
    place = bring(twice)
    preview(twice, place, without=["office/second.csv"])
    assert read_draft(place).files == (FileState("office/second.csv", "removed"),)
    assert (twice.inbox / "office" / "second.csv").is_file()
    holding.publish_draft(twice, place)
    assert (set(inbox(twice)), history_file(twice)[0]["figures"]["actions"]) == ({"first.csv"}, 1)
    (twice.inbox / "never built.csv").write_text(STRANGE)
    (twice.inbox / "first.csv").write_text("edited, never built")
    was = read_files(twice.root)
    said = holding.restore(twice, before, is_rehearsal=True)
    assert read_files(twice.root) == was
    assert said.put_back == ["first.csv", "office/second.csv"]
    assert said.set_aside == ["first.csv"]
    assert (said.taken_out, said.left_alone) == ([], ["never built.csv"])
    done = holding.restore(twice, before)
    assert (done.put_back, done.taken_out, done.left_alone) == (said.put_back, said.taken_out, said.left_alone)
    assert (twice.root / done.set_aside[0]).read_text() == "edited, never built"
    assert (twice.inbox / "office" / "second.csv").read_bytes() == text
    (twice.inbox / "never built.csv").unlink()
    assert publish_campaign(twice)["build_id"] == before


TAKEN_AWAY = "recipes/qualtrics_actions.toml"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Publish a copy of the shipped campaign, with one action, and have the program take it for the shipped one."""
    root = (tmp_path / "data").resolve()
    for name in ("codelists", "recipes"):
        shutil.copytree(paths.SHIPPED_CAMPAIGN / name, root / name)
    shutil.copyfile(paths.SHIPPED_CAMPAIGN / "campaign.toml", root / "campaign.toml")
    (root / "recipes" / "office_actions.toml").write_text(ACTIONS_RECIPE)
    (root / "inbox").mkdir()
    (root / "inbox" / "first.csv").write_text(HEADER + action("1", promise="First"))
    before = paths.SHIPPED_CAMPAIGN
    for module in list(sys.modules.values()):
        if getattr(module, "SHIPPED_CAMPAIGN", None) == before:
            monkeypatch.setattr(module, "SHIPPED_CAMPAIGN", root)
    publish_campaign(CampaignFolder(root))
    return CampaignFolder(root)


@pytest.mark.nightly
def test_lists_known_headers_and_recipes_of_the_shipped_campaign_are_changed_by_a_draft(shipped):
    changes = {
        "codelists/themes.csv": lambda text: text + "space,Space,Espace,Espacio,,990\n",
        "codelists/categories.csv": lambda text: "".join(text.splitlines(keepends=True)[:-2] + [text.splitlines()[-1]]),
        "recipes/_headers.toml": lambda text: text + "\n[mood.fields.title]\nheaders = ['Mood of the promise']\n",
        TAKEN_AWAY: lambda _: "",
    }
    texts = {name: change((shipped.root / name).read_text(encoding="utf-8")) for name, change in changes.items()}
    place = bring(shipped, settings=texts)
    before, draft = published(shipped)["build_id"], preview(shipped, place)
    holding.publish_draft(shipped, place)
    assert published(shipped)["build_id"] == draft.build_id != before
    assert {name: (shipped.root / name).exists() for name in texts} == {name: name != TAKEN_AWAY for name in texts}
    publish_campaign(shipped)
    assert published(shipped)["build_id"] == draft.build_id
    assert published_titles(shipped) == {"First"}
