"""After an upgrade: a snapshot from another version of the program is built again, and never read by this one."""

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.inputs import inbox
from etl.pipeline import workspace
from etl.publish import begun, drafts, history, holding, kept_inputs, restore, unchanged
from etl.publish.drafts import refuse_lost_codes
from tests.etl.campaigns import copy_campaign, make_campaign, switch_to_copy
from tests.etl.changing import bring, preview
from tests.etl.program import history_file, last_json, published, published_titles, run_etl, run_on
from tests.etl.program import inbox as read_inbox
from tests.etl.registers import action, register

FIRST, SECOND = (register(action(number, promise=title)) for number, title in (("1", "First"), ("2", "Second")))
SENTENCE = "Another version of the program made"


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    """Return a campaign that another version of the program has built: its files, its mark, its hash."""
    folder = make_campaign(tmp_path_factory.mktemp("upgraded") / "c", {"first.csv": FIRST})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "schema_mark", lambda: "of another")
        for module in (workspace, inbox):
            patch.setattr(module, "hash_program", lambda: b"another version")
        run_on(folder, "build")
    return folder


@pytest.fixture(scope="module")
def built_once(published_once, tmp_path_factory):
    """Build that campaign with another file in its inbox, by this program."""
    folder = copy_campaign(published_once, tmp_path_factory.mktemp("built") / "c")
    (folder.inbox / "first.csv").write_text(SECOND)
    run_on(folder, "build")
    return folder


@pytest.fixture
def built(built_once, tmp_path):
    """Copy that campaign, and the build of the other version."""
    folder = copy_campaign(built_once, tmp_path / "c")
    return folder, history_file(folder)[1]["build_id"]


def test_a_build_is_made_although_no_file_has_changed_and_moments_outlive_it(folder, caplog):
    before, moments = published(folder), folder.published / "first_published.parquet"
    was = moments.read_bytes()
    assert unchanged.find_same(folder) is None
    assert not kept_inputs.is_built_from(folder, before["build_id"]), "so that `etl watch` builds by itself"
    assert "Nothing has changed" not in run_on(folder, "build").stdout
    after = published(folder)
    assert after["build_id"] != before["build_id"] and after["content_id"] == before["content_id"]
    assert history.readable_snapshot(folder).name == after["snapshot"]
    assert [entry["build_id"] for entry in history.read_history(folder)] == [after["build_id"], before["build_id"]]
    assert last_json(run_on(folder, "build", "--json"))["nothing_changed"] is True
    assert moments.read_bytes() == was, "all entries were public before"
    moments.unlink()
    switch_to_copy(folder, "later")
    assert moments.is_file() and not caplog.messages, "the build of the other version is passed over"


@pytest.mark.nightly
def test_staff_build_it_again_by_a_preview_of_the_inbox(folder):
    place = bring(folder)
    assert not preview(folder, place, inbox_alone=True).files
    holding.publish_draft(folder, place)
    assert history.readable_snapshot(folder) is not None
    assert published_titles(folder) == {"First"}
    assert unchanged.find_same(folder) is not None, "and nothing more is built"


def test_an_old_build_is_restored_by_building_its_files_again(built):
    folder, former = built
    was = published(folder)
    said = run_on(folder, "restore", former, "--dry-run")
    assert f"{SENTENCE} build {former}, so its files are built again" in said.stdout
    assert published(folder) == was
    said = run_on(folder, "restore", former, "--json")
    done = last_json(said)
    assert (done["put_back"], done["is_of_another"]) == (["first.csv"], True)
    assert done["built_as"] == published(folder)["build_id"] not in (former, was["build_id"])
    assert published(folder)["how"] == "restore"
    assert published_titles(folder) == {"First"}
    assert read_inbox(folder) == {"first.csv": FIRST.encode()}
    assert begun.read(folder) is None


@pytest.mark.nightly
def test_where_its_files_cannot_be_built_that_is_said_and_what_is_published_stays(built, monkeypatch):
    folder, former = built
    was = published(folder)

    def refuse(*_arguments, **_options):
        raise UserError("A column has no use.", "Say what it is.")

    monkeypatch.setattr(restore, "build", refuse)
    with pytest.raises(restore.RestoreError, match="in the inbox again, but nothing was published: A column") as said:
        holding.restore(folder, former)
    assert said.value.remedy == "Say what it is."
    assert (published(folder), begun.read(folder)) == (was, None)
    assert (folder.inbox / "first.csv").read_text() == FIRST


@pytest.mark.nightly
def test_commands_that_ask_what_is_published_refuse_in_a_sentence_and_files_are_checked_without_it(folder, tmp_path):
    same = ["decide", "same", "stakeholder", "Sample Union", "Sample Guild"]
    for command in (same, [*same, "--undo"], ["spelling"]):
        said = run_on(folder, *command, code=1)
        assert f"{SENTENCE} the snapshot" in said.stderr and "python -m etl build" in said.stderr, command
    (tmp_path / "second.csv").write_text(SECOND)
    assert f"Nothing to compare with: {SENTENCE}" in run_on(folder, "check", tmp_path / "second.csv").stdout
    # Nor is a code lost while its uses cannot be found.
    themes = "code,label_en,label_fr,label_es,sort_order,aliases\nmining,Mining,Mines,Minas,1,\n"
    place = bring(folder, settings={"codelists/themes.csv": themes})
    with pytest.raises(UserError, match="which codes the published data uses"):
        refuse_lost_codes(folder, drafts._of_draft(folder, place))


@pytest.mark.nightly
def test_a_backup_of_it_comes_back_with_inputs_that_build(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_BACKUP_PASSPHRASE", "five words that nobody guesses")
    monkeypatch.setattr("etl.backup.sealed.WORK", 8)
    made = run_on(folder, "backup", "--to", tmp_path / "backups", "--json")
    target = tmp_path / "restored"
    said = run_etl("restore-backup", last_json(made)["file"], "--campaign", target)
    assert said.returncode == 0, said.stderr
    assert f"{SENTENCE} it, so this one does not show it" in said.stdout
    restored = CampaignFolder(target)
    assert (unchanged.find_same(restored), read_inbox(restored)) == (None, read_inbox(folder))
