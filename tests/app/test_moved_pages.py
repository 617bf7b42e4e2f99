"""Pages from another server, or from one that was started again: their unfinished work goes on here."""

import json

import pytest

from dashboard.access.rights import COMMON_PASSWORD, LOCAL
from dashboard.campaign import colleagues
from dashboard.ui.pieces import draft_work
from dashboard.web.guard import ending
from tests.app.conftest import file_links, press, text_of
from tests.app.uploads import drafts, drop, find_group, has_button, preview

DATES = """
insert into questions by name select 'date_order' as kind, 'unknown' as variant, 'actions_register' as recipe,
    'actions.csv' as source_file, 'due_on' as field, 'Due' as header, map {'n': '4'} as facts,
    [{'number': 2, 'words': '03/04/2021'}] as evidence,
    [{'value': 'dmy', 'rows': ['2021-04-03'], 'effects': []}, {'value': 'mdy', 'rows': ['2021-03-04'], 'effects': []}]
    as candidates"""
"""A question of a draft."""


def test_a_preview_goes_on_at_the_next_server_and_is_published_there(open_upload, stand_in, campaign, come):
    come(LOCAL, "tab-1")
    first = preview(open_upload())
    (draft,) = drafts(campaign)
    come(LOCAL, "tab-2", "tab-1")
    second = open_upload()
    assert has_button(second, "publish-upload") and not second.file_uploader
    assert "has a preview open" not in text_of(second)
    owner = json.loads((draft / colleagues.OWNER).read_text())["session"]
    draft_work._abandon(draft, None, "the session before")
    with ending.begun():
        draft_work._abandon(draft, None, owner)
    assert drafts(campaign) == [draft], "what another session goes on with stays, and all where the server ends"
    assert [asked[0] for asked in stand_in.asked] == ["draft"], "nothing was made again"
    second.button(key="publish-upload").click().run()
    assert stand_in.asked[-1][:2] == ["publish-draft", str(draft)]
    assert first.session_state


@pytest.mark.nightly
def test_a_preview_that_was_not_finished_is_made_again_and_nobody_elses_is_taken_over(
    open_upload, stand_in, campaign, come
):
    come(LOCAL, "tab-1")
    stand_in.waits = True
    first = preview(open_upload())  # kept: a page that nobody holds any more takes its draft along
    stand_in.waits = False
    for former, person in (("tab-1", COMMON_PASSWORD), ("tab-3", LOCAL), ("", LOCAL)):
        come(person, "tab-2", former)
        other = open_upload()
        assert not has_button(other, "publish-upload") and other.file_uploader
        assert "has a preview open" in text_of(other)
        assert ("moved to another server" in text_of(other)) == bool(former)
    come(LOCAL, "tab-2", "tab-1")
    assert has_button(open_upload().run(), "publish-upload")
    assert len(drafts(campaign)) == 1 and [asked[0] for asked in stand_in.asked] == ["draft", "draft"]
    assert first.session_state


@pytest.mark.nightly
def test_files_that_a_browser_still_shows_are_asked_for_again(open_upload, stand_in, campaign, come):
    come(LOCAL, "tab-1")
    here = drop(open_upload(), ("a.csv", b"x", "text/csv")).file_uploader[0].proto.id
    come(LOCAL, "tab-2", "tab-1")
    app = open_upload()
    assert app.file_uploader[0].proto.id != here, "the browser draws a field without them"
    assert "Choose again any files" in text_of(app) and drafts(campaign) == []
    assert "Choose again any files" not in text_of(drop(app, ("a.csv", b"x", "text/csv")))


@pytest.mark.nightly
def test_a_file_has_another_address_at_the_next_server_and_says_that_it_is_the_same(
    open_page, campaign, monkeypatch, come
):
    """Whereupon the browser, which waits for it, asks there: `dashboard/ui/pieces/file_links.js`."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    come(LOCAL, "tab-1")
    first = file_links(open_page("download", region="africa"))["file-download"]
    come(LOCAL, "tab-2", "tab-1")
    second = file_links(open_page("download", region="africa"))["file-download"]
    other = file_links(open_page("download", region="americas"))["file-download"]
    assert first["address"] != second["address"]
    assert first["content"] == second["content"] != other["content"]


@pytest.mark.nightly
def test_a_preview_with_answers_stays_when_its_page_is_closed_and_anybody_goes_on_with_it(
    open_upload, stand_in, campaign, come
):
    come(LOCAL, "tab-1")
    stand_in.change = DATES
    first = preview(open_upload())
    find_group(first, "Does the day or the month come first?").set_value("dmy").run()
    (draft,) = drafts(campaign)
    come(COMMON_PASSWORD, "tab-2")
    assert not has_button(open_upload(), f"go-on-{draft.name}")  # its page is open
    draft_work._abandon(draft, None, json.loads((draft / colleagues.OWNER).read_text())["session"])
    assert drafts(campaign) == [draft]
    second = open_upload()
    second.button(key=f"go-on-{draft.name}").click().run()
    assert find_group(second, "Does the day or the month come first?").value == "dmy"
    press(second, "discard-upload")
    assert drafts(campaign) == [] and first.session_state
