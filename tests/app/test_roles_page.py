"""The page People and roles: an administrator's changes by clicks, which nobody else can make."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dashboard.access.presence import Visit
from dashboard.access.rights import COMMON_PASSWORD, Person, Role, SignInWay
from dashboard.access.roles_file import find_roles, path_of
from dashboard.access.sessions import sessions_of
from dashboard.i18n import translator
from dashboard.settings import Settings
from tests.app.conftest import Come, OpenPage, press, press_quickly, text_of
from tests.signed_in import sign_in, write_roles

ADMINISTRATOR = Person(role=Role.ADMINISTRATOR, way=SignInWay.PROVIDER, key="local:administrator", name="Sample Person")


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Make an unpublished campaign in which each role is somebody's."""
    write_roles(tmp_path)
    (tmp_path / "campaign.toml").write_text('title = "Imaginary"\n')
    return tmp_path


@pytest.fixture
def settings(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign))
    return Settings.from_environment()


@pytest.fixture
def visit(come: Come) -> Visit:
    return come(ADMINISTRATOR)


@pytest.fixture
def open_roles(open_upload: OpenPage, visit: Visit) -> OpenPage:
    return partial(open_upload, "roles", password="an imaginary password")  # noqa: S106


def roles_of(settings: Settings) -> dict[str, str]:
    return {rule.say(): rule.role for rule in find_roles(settings.campaign).roles.people}


def test_roles_are_given_after_a_preview_taken_back_changed_and_removed_but_for_the_last_administrator(
    open_roles, settings
):
    app = open_roles(lang="en")
    assert "administrator@example.org" in text_of(app)
    assert app.button(key="roles-add").disabled
    app.segmented_control(key="roles-new-role").set_value("staff")
    app.text_input(key="roles-new-field-address").set_value("New.Person@example.org").run()
    assert "Would be added: new.person@example.org: Staff member." in text_of(app)
    press(app, "roles-add")
    assert roles_of(settings)["address new.person@example.org"] == "staff"
    assert app.text_input(key="roles-new-field-address").value == ""
    press(app, "roles-undo")
    assert "address new.person@example.org" not in roles_of(settings)
    app.selectbox(key="roles-new-way").set_value("domain").run()
    app.text_input(key="roles-new-field-domain").set_value("no domain").run()
    assert "is no domain" in app.error[0].value
    assert app.button(key="roles-add").disabled
    press_quickly(app, "roles-give-1-reader", "roles-remove-0")
    assert roles_of(settings)["address staff@example.org"] == "reader"
    assert "address reader@example.org" not in roles_of(settings)
    (number,) = [n for n, r in enumerate(find_roles(settings.campaign).roles.people) if r.role == "administrator"]
    press(app, f"roles-give-{number}-staff")
    assert any("last administrator" in error.value for error in app.error)
    assert "administrator" in roles_of(settings).values()
    path_of(settings.campaign).write_text("[[people]\n")
    assert "roles.toml" in app.run().error[0].value


def test_a_session_is_ended_the_campaign_closed_and_opened_and_who_is_no_administrator_changes_nothing(
    open_roles, settings, visit
):
    sign_in(settings, Role.STAFF)
    (session,) = sessions_of(settings).list_all()
    t = translator("fr")
    app = open_roles(lang="fr")
    assert "Sample Person staff" in text_of(app)
    press(app, f"roles-end-{session.session_hash[:12]}")
    assert sessions_of(settings).list_all() == []
    assert "Sample Person staff" in app.success[0].value
    press(app, "roles-switch-do")
    assert find_roles(settings.campaign).roles.closed
    assert t("The campaign is closed to everybody who has not signed in.") in text_of(app)
    lines = "".join(path.read_text() for path in (settings.campaign / "private").rglob("*.jsonl"))
    assert '"campaign_closed"' in lines and "local:administrator" in lines
    press(app, "roles-switch-do")
    assert not find_roles(settings.campaign).roles.closed
    before = path_of(settings.campaign).read_text()
    visit.person = replace(COMMON_PASSWORD)  # a click is carried out before the page is drawn again
    press(app, "roles-give-1-reader")
    assert path_of(settings.campaign).read_text() == before
    assert t("Your role does not give access to this: {role}.", role=t("Staff member")) in text_of(app)
