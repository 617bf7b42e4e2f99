"""Sources written into campaign.toml and taken out, with everything else as it was."""

import json
from dataclasses import replace

import pytest

from dashboard.access.audit.entries import find_entries
from dashboard.campaign import source_notes
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_history import list_changes
from dashboard.campaign.source_notes import FileNote, SourceNote
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.commands.source import add_source, read_source, remove_source
from etl.publish import history, holding, kept_inputs
from tests.etl.campaigns import publish_campaign
from tests.etl.changing import bring, preview
from tests.etl.program import last_json, run_etl, run_on
from tests.etl.registers import action, register

FORM = "aFj8thaf9GEtNBeAaVhRKt"
KOBO = {"name": "midyear", "tool": "kobotoolbox", "address": "https://kf.example.org", "form": FORM}
WEB = {"name": "register", "tool": "web", "address": "https://example.org/a.csv"}


def test_a_source_is_added_changed_and_removed_with_comments_kept(tmp_path):
    folder, shipped = CampaignFolder(tmp_path), (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8")
    here = ("--campaign", tmp_path, "--json")
    assert run_etl("source", "add", "--stated", "-", *here, stdin=json.dumps(WEB)).returncode == 0
    assert (tmp_path / "campaign.toml").read_text("utf-8").startswith(shipped)
    run_etl("source", "add", "--stated", json.dumps({**WEB, "every": "2h", "title": "Régistre"}), *here)
    (source,) = folder.load().source
    assert (source.label, source.every.total_seconds()) == ("Régistre", 7200)
    removed = last_json(run_etl("source", "remove", "register", *here))
    assert removed["former"]["title"] == "Régistre" and removed["former"]["every"] == "2h"
    assert (tmp_path / "campaign.toml").read_text("utf-8") == shipped
    assert list(find_entries(tmp_path).entries["event"]) == ["source_removed", "source_changed", "source_added"]
    told = [line for change in list_changes(tmp_path) for line in change.describe(translator("en"))]
    names = ("Source register", "Source Régistre")
    assert sorted(told) == sorted(
        f"{name}: {way}" for name in names for way in ("nothing → set up", "set up → nothing")
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_remarks_beside_other_sources_stay(tmp_path, ends):
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text("utf-8").replace('"""', "")
    one = '[[source]]\nname = "one"  # asked daily\ntool = "web"\naddress = "https://example.org/1.csv"\n'
    other = '[[source]]\nname = "two"\ntool = "web"\n# moved in May\naddress = "https://example.org/2.csv"\n'
    text = f"{shipped}\n{one}\n# the second office\n{other}\n# the end\n"
    (tmp_path / "campaign.toml").write_bytes(text.replace("\n", ends).encode())
    folder = CampaignFolder(tmp_path)
    add_source(folder, read_source(WEB | {"name": "two", "every": "2h", "title": "Two"}))
    changed = (tmp_path / "campaign.toml").read_bytes().decode()
    assert changed.startswith(f"{shipped}\n{one}\n# the second office\n".replace("\n", ends))
    assert f"# moved in May{ends}" in changed and changed.endswith(f"{ends}# the end{ends}")
    assert [source.label for source in folder.load().source] == ["one", "Two"]
    remove_source(folder, "one")
    left = (tmp_path / "campaign.toml").read_bytes().decode()
    assert left.startswith(f"{shipped}\n\n# the second office\n[[source]]\n".replace("\n", ends))
    with pytest.raises(UserError, match="file has characters that are not allowed"):
        read_source({**WEB, "file": "a/b.csv"})


def test_a_changed_source_keeps_what_is_known_of_it_and_is_due_where_it_is_asked_otherwise(tmp_path):
    folder, source = CampaignFolder(tmp_path), read_source(WEB)
    assert add_source(folder, source) is None
    note = SourceNote(next_at="2031-01-01T00:00:00+00:00", files={"a.csv": FileNote("x")})
    source_notes.write(folder.private, "register", note)
    assert add_source(folder, read_source({**WEB, "title": "Register"})) == source
    assert source_notes.read(folder.private, "register") == note
    add_source(folder, read_source({**WEB, "every": "5m"}))
    assert source_notes.read(folder.private, "register") == replace(note, next_at="")
    said = []
    for one in (KOBO, KOBO | {"title": "B"}, KOBO | {"address": "https://eu.example.org"}):
        said.append(run_etl("source", "add", "--stated", json.dumps(one), "--campaign", tmp_path).stdout)
    assert "sets DASHBOARD_SOURCE_MIDYEAR_TOKEN, DASHBOARD_SOURCE_MIDYEAR_HOST" in said[0]
    assert said[1] == "B is changed.\n"
    assert said[2] == "midyear is changed. An administrator sets DASHBOARD_SOURCE_MIDYEAR_HOST anew.\n"


@pytest.mark.nightly
def test_what_sources_say_makes_no_build_and_overtakes_no_draft(folder):
    shipped, stated_in = (SHIPPED_CAMPAIGN / "campaign.toml").read_bytes(), folder.root / "campaign.toml"
    stated_in.write_bytes(shipped)
    before = publish_campaign(folder)["build_id"]
    draft = bring(folder, uploads={"more.csv": register(action("2"))})
    preview(folder, draft)
    own = b"[[source]]\nname = 'drive'\ntool = 'folder'\naddress = 'file:///srv/registers'\n\n"
    title, rest = shipped.split(b"\n[title]\n", 1)
    for content in (shipped + b"\n" + own, shipped + b"\n" + own.replace(b"drive", b"other"), shipped):
        stated_in.write_bytes(content)
        assert kept_inputs.is_built_from(folder, before)
    add_source(folder, read_source(WEB))
    assert kept_inputs.is_built_from(folder, before)
    assert "nothing has changed" in run_on(folder, "build").stdout.lower()
    holding.publish_draft(folder, draft)
    stated_in.write_bytes(title + b"\n# a word\n[title]\n" + rest + b"\n" + own)
    assert not kept_inputs.is_built_from(folder, str(history.read_pointer(folder)["build_id"]))


def test_what_cannot_be_a_source_or_has_the_file_of_another_is_refused_and_nothing_is_written(tmp_path):
    with_secret = json.dumps({**WEB, "address": "https://me:secret@example.org/"})
    known = {'{"name": "A b"}': "name has characters that are not allowed", "[]": "no source", "{": "no JSON"}
    for text, said in {**known, with_secret: "holds a secret"}.items():
        answer = run_etl("source", "add", "--stated", text, "--campaign", tmp_path)
        assert answer.returncode == 1 and said in answer.stderr and "secret@" not in answer.stderr
        assert not (tmp_path / "campaign.toml").exists()
    folder = CampaignFolder(tmp_path)
    add_source(folder, read_source(WEB))
    before = (tmp_path / "campaign.toml").read_bytes()
    with pytest.raises(UserError, match=r"two sources have the file a\.csv"):
        add_source(folder, read_source({**WEB, "name": "other"}))
    assert (tmp_path / "campaign.toml").read_bytes() == before
