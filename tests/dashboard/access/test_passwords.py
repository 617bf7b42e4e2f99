"""Who may open the staff pages, and how wrong passwords are slowed down."""

import pytest

from dashboard.access import passwords
from dashboard.access.passwords import FREE_TRIES, LONGEST_WAIT, AccessError, Door, Gate, gate
from dashboard.settings import Settings
from dashboard.web.guard.uploaders import is_closed_upload

PASSWORD = "an imaginary pässword"  # noqa: S105


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door(clock)


def settings(**variables: str) -> Settings:
    return Settings.from_environment({f"DASHBOARD_{name}": value for name, value in variables.items()})


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, Gate.CLOSED),
        ({"STAFF": "closed"}, Gate.CLOSED),
        ({"STAFF": "yes"}, Gate.CLOSED),
        ({"STAFF": "open"}, Gate.OPEN),
        ({"STAFF_PASSWORD": PASSWORD}, Gate.PASSWORD),
        ({"STAFF_PASSWORD": PASSWORD, "STAFF": "open"}, Gate.PASSWORD),
    ],
)
def test_the_gate_is_closed_unless_the_operator_opens_it(variables: dict[str, str], expected: Gate) -> None:
    assert gate(settings(**variables)) is expected


def test_settings_do_not_show_the_password() -> None:
    assert PASSWORD not in repr(settings(STAFF_PASSWORD=PASSWORD))


def test_the_right_password_opens(door: Door) -> None:
    door.check(PASSWORD, PASSWORD)


@pytest.mark.parametrize("given", ["", "an imaginary passwo", PASSWORD + " ", PASSWORD.upper(), "\ud800"])
def test_any_other_does_not(door: Door, given: str) -> None:
    with pytest.raises(AccessError, match="not the password"):
        door.check(given, PASSWORD)


def test_without_a_password_nothing_opens(door: Door) -> None:
    with pytest.raises(AccessError):
        door.check("", "")


def fail(door: Door, times: int) -> None:
    for _ in range(times):
        with pytest.raises(AccessError):
            door.check("wrong", PASSWORD)


def test_after_some_wrong_tries_not_even_the_right_password_is_looked_at(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES - 1)
    assert door.wait() == 0
    fail(door, 1)
    wait = door.wait()
    assert wait > 0
    with pytest.raises(AccessError, match="Too many"):
        door.check(PASSWORD, PASSWORD)
    clock.now += wait
    door.check(PASSWORD, PASSWORD)
    fail(door, 1)
    assert door.wait() == 0  # the right one began the count anew


def test_the_wait_grows_to_a_limit(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES)
    waits = []
    for _ in range(12):
        waits.append(door.wait())
        clock.now += door.wait()
        fail(door, 1)
    assert waits == sorted(waits)
    assert waits[0] < waits[3]
    assert waits[-1] == LONGEST_WAIT


def test_a_try_during_the_wait_does_not_prolong_it(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES)
    wait = door.wait()
    clock.now += wait / 2
    fail(door, 3)
    assert door.wait() == pytest.approx(wait / 2)


def test_old_mistakes_are_forgotten(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES)
    clock.now += 100_000
    fail(door, 1)
    assert door.wait() == 0


def upload_of(session_id: str, method: str = "PUT", root: str = "") -> dict[str, str]:
    return {"type": "http", "method": method, "path": f"{root}/_stcore/upload_file/{session_id}/file-1"}


def test_files_are_taken_only_from_sessions_that_have_opened_a_staff_page() -> None:
    assert is_closed_upload(upload_of("session-a"))
    assert is_closed_upload(upload_of("session-a", "POST", "/campaign"))
    passwords.admit("session-a")
    assert not is_closed_upload(upload_of("session-a"))
    assert is_closed_upload(upload_of("session-b"))
    passwords.dismiss("session-a")
    assert is_closed_upload(upload_of("session-a"))


def test_other_requests_pass() -> None:
    assert not is_closed_upload({"type": "http", "method": "GET", "path": "/"})
    assert not is_closed_upload({"type": "http", "method": "PUT", "path": "/elsewhere"})
    assert not is_closed_upload({"type": "websocket", "path": "/_stcore/upload_file/session-b/file-1"})
