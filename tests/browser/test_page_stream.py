"""Role × page × message over the connection of a real server: the drawing for each role."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from dashboard.access.rights import Role
from dashboard.access.roles_file import ROLES
from dashboard.settings import Settings
from dashboard.ui.frame.header import DETAIL_PAGES, OWN_PAGES, PAGES, STAFF_PAGES, PageSpec
from tests.page_stream import ask_page, talk
from tests.signed_in import sign_in, write_roles

pytestmark = pytest.mark.browser  # it shares their server

ALL = (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)
FEW = (PAGES[1], *(spec for spec in STAFF_PAGES if spec.page_id in ("quality", "roles")))


@pytest.fixture(scope="module")
def place(server: str, campaign: Path) -> Iterator[tuple[str, Settings]]:
    """Return the server's address and the settings of its campaign, in which people have roles."""
    write_roles(campaign)
    yield server, Settings.from_environment({}).model_copy(update={"campaign": campaign})
    write_roles(campaign, text="closed = false\n")  # with an empty or missing file, the roles in force would stay so


def cookie_of(address: str, settings: Settings, role: Role) -> str:
    """Return the cookie of somebody of a role, for the port of the server."""
    headers = sign_in(settings, role)
    return headers.get("cookie", "").replace("session-80=", f"session-{urlsplit(address).port}=")


def is_refused(drawn: str) -> bool:
    """Whether in the place of a page stands why it is not open: beside the header's, a way to sign in, or the role."""
    return drawn.count('class=\\"sign-in\\"') > 1 or "Your role does not give access to this" in drawn


def assert_pages(place: tuple[str, Settings], role: Role, specs: tuple[PageSpec, ...]) -> None:
    address, settings = place
    drawn = talk(address, [ask_page(), *(ask_page(spec.page_id) for spec in specs)], cookie_of(address, settings, role))
    for spec, text in zip(specs, drawn[1:], strict=True):
        assert is_refused(text) != spec.access.admits(role, is_closed=False), f"{spec.page_id} for {role.name}"
        assert "exception" not in text


def test_a_page_is_drawn_for_those_whom_its_class_admits(place: tuple[str, Settings]) -> None:
    for role in (Role.STRANGER, Role.STAFF):
        assert_pages(place, role, FEW)


@pytest.mark.nightly
@pytest.mark.parametrize("role", Role)
def test_every_page_is_drawn_for_those_whom_its_class_admits(place: tuple[str, Settings], role: Role) -> None:
    assert_pages(place, role, ALL)


@pytest.mark.nightly
def test_messages_that_are_made_up_break_nothing_and_a_closed_campaign_has_no_strangers(
    place: tuple[str, Settings],
) -> None:
    address, settings = place
    forged = [
        ask_page(**{"forged": "x"}),
        ask_page(**{"$$ID-0123456789abcdef-sign-out": "x"}),
        ask_page("quality", **{"$$ID-0123456789abcdef-roles-switch-do": "x"}),
        ask_page("no-such-page"),
    ]
    drawn = talk(address, [ask_page(), *forged, ask_page()])
    assert all("exception" not in text for text in drawn)
    assert is_refused(drawn[3])
    assert len(drawn[-1]) > 1000
    write_roles(settings.campaign, closed=True)
    try:
        for cookie in ("", f"dashboard-session-{urlsplit(address).port}=forged"):
            with pytest.raises(InvalidStatus) as refused:
                talk(address, [ask_page()], cookie)
            assert refused.value.response.status_code == 403
    finally:
        write_roles(settings.campaign)


def test_every_role_of_the_file_is_tried() -> None:
    assert set(ROLES.values()) == set(Role) - {Role.STRANGER}
