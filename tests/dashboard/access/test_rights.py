"""The rights of roles: every class for every role."""

from dashboard.access.rights import AccessClass, Role
from dashboard.server import routes
from dashboard.ui.frame.header import DETAIL_PAGES, OWN_PAGES, PAGES, STAFF_PAGES, PageSpec
from dashboard.web.openapi.api_route import ApiRoute

LEAST = {
    AccessClass.NOBODY: (None, None),
    AccessClass.EVERYBODY: (Role.STRANGER, Role.STRANGER),
    AccessClass.PUBLIC: (Role.STRANGER, Role.READER),
    AccessClass.READER: (Role.READER, Role.READER),
    AccessClass.STAFF: (Role.STAFF, Role.STAFF),
    AccessClass.ADMINISTRATOR: (Role.ADMINISTRATOR, Role.ADMINISTRATOR),
    AccessClass.TOKEN: (Role.STRANGER, Role.STRANGER),
    AccessClass.OPERATOR: (Role.STRANGER, Role.STRANGER),
}
"""The least role that each class admits: of an open campaign, and of a closed one."""


def test_a_class_admits_its_least_role_and_those_above() -> None:
    assert set(LEAST) == set(AccessClass)
    for access, of_campaigns in LEAST.items():
        for is_closed, least in zip((False, True), of_campaigns, strict=True):
            for role in Role:
                is_admitted = least is not None and role >= least
                assert access.admits(role, is_closed=is_closed) == is_admitted, (access, role, is_closed)


def test_every_page_and_route_says_its_class() -> None:
    assert AccessClass.NOBODY not in {spec.access for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)}
    assert [route.path for route in routes() if route.access is AccessClass.NOBODY] == []


def test_what_says_no_class_is_for_nobody() -> None:
    assert PageSpec("new", "New").access is AccessClass.NOBODY
    assert ApiRoute("/new", lambda request: None, ()).access is AccessClass.NOBODY  # type: ignore[arg-type, return-value]
