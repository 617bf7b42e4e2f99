"""Access to the staff pages by password, and the delay after wrong passwords, for each client by itself."""

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboard.access import passwords
from dashboard.access.passwords import FREE_TRIES, LONGEST_WAIT, AccessError, Door, Gate, gate, hash_password
from dashboard.access.presence import Presence, Visit
from dashboard.access.rights import COMMON_PASSWORD
from dashboard.errors import BusyError
from dashboard.ground.budgets import WIDTHS
from dashboard.settings import Settings
from tests.signed_in import cheapen

PASSWORD = "an imaginary pässword"  # noqa: S105
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing."""
    cheapen(monkeypatch)


class Clock:
    """Seconds that pass when the test says so."""

    now = 1000.0

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


def test_the_gate_is_closed_unless_the_operator_opens_it(tmp_path: Path) -> None:
    by_password = ({"STAFF_PASSWORD": PASSWORD}, {"STAFF_PASSWORD": PASSWORD, "STAFF": "open"})
    for variables in (*by_password, {"STAFF_PASSWORD_HASH": "$argon2id$x", "STAFF": "open"}):
        assert gate(settings(**variables)) is Gate.SIGN_IN
    assert gate(settings()) is gate(settings(STAFF="closed")) is Gate.CLOSED
    open_to_all = settings(CAMPAIGN=str(tmp_path), STAFF="open")
    assert gate(open_to_all) is Gate.OPEN
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "providers.toml").write_text("[[provider]\n")
    assert gate(open_to_all) is Gate.SIGN_IN, "a provider, or a faulty list of them"


def try_it(door: Door, given: str, client: str = HERE, **variables: str) -> None:
    door.check(given, settings(**(variables or {"STAFF_PASSWORD": PASSWORD})), client)


def test_the_right_password_opens_and_no_other(door: Door) -> None:
    try_it(door, PASSWORD)
    try_it(door, PASSWORD, STAFF_PASSWORD_HASH=hash_password(PASSWORD))
    for given in ("", "an imaginary passwo", PASSWORD + " ", PASSWORD.upper(), "\ud800"):
        for variables in ({}, {"STAFF_PASSWORD_HASH": hash_password(PASSWORD), "STAFF_PASSWORD": given}):
            with pytest.raises(AccessError, match="Wrong password"):
                try_it(door, given, f"198.51.100.{len(given)}", **variables)
    with pytest.raises(AccessError):
        try_it(door, "", STAFF="open")


def fail(door: Door, times: int, client: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(AccessError):
            try_it(door, "wrong", client)


def test_after_some_wrong_tries_a_client_has_to_wait_and_nobody_else(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES - 1)
    assert door.wait(HERE) == 0
    fail(door, 1)
    wait = door.wait(HERE)
    assert wait > 0
    with pytest.raises(AccessError, match="Too many") as refused:
        try_it(door, PASSWORD)
    assert refused.value.seconds == wait
    try_it(door, PASSWORD, THERE)
    clock.now += wait
    try_it(door, PASSWORD)
    fail(door, 1)
    assert door.wait(HERE) == 0  # the right one began the count anew


def test_the_wait_grows_to_a_limit_and_a_try_during_it_does_not_prolong_it(door: Door, clock: Clock) -> None:
    fail(door, FREE_TRIES)
    wait = door.wait(HERE)
    clock.now += wait / 2
    fail(door, 3)
    assert door.wait(HERE) == pytest.approx(wait / 2)
    waits = []
    for _ in range(12):
        clock.now += door.wait(HERE)
        fail(door, 1)
        waits.append(door.wait(HERE))
    assert waits == sorted(waits)
    assert waits[0] < waits[3]
    assert waits[-1] == LONGEST_WAIT


def test_old_mistakes_and_too_many_clients_are_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_CLIENTS", 3)
    door = Door(clock)
    fail(door, FREE_TRIES)
    for number in range(10):
        fail(door, 1, f"198.51.100.{number}")
    assert len(door._mistakes) == 3
    fail(door, FREE_TRIES)
    clock.now += 100_000
    fail(door, 1)
    assert door.wait(HERE) == 0


def test_a_network_guesses_little_more_than_a_client_and_whoever_knows_the_password_is_let_in(door: Door) -> None:
    for number in range(3):
        fail(door, FREE_TRIES - 1, f"2001:db8:2:{number:x}::/64")  # they mistype, and know it
        try_it(door, PASSWORD, f"2001:db8:2:{number:x}::/64")
    fail(door, 2 * FREE_TRIES, "2001:db8:1:1::/64")
    for number in range(WIDTHS[48] * FREE_TRIES):
        fail(door, 1, f"2001:db8:1:{number << 8:x}::/64")
    assert door.wait("2001:db8:1:ffff::/64") > 0
    assert door.wait("2001:db8:2:1::/64") == door.wait("2001:db8:3::/64") == 0


def test_a_network_has_no_more_than_half_of_the_places(door: Door) -> None:
    with ExitStack() as looked_at:
        for number in range(4):
            looked_at.enter_context(door._turn(f"2001:db8:{number + 1:x}:1::/64"))
        for client in ("2001:db8:1:1::/64", "2001:db8:5:1::/64"):
            with pytest.raises(BusyError), door._turn(client):
                pass
        for client in (HERE, THERE, "2001:db9:1:1::/64"):
            looked_at.enter_context(door._turn(client))
    assert (door._busy.taken, door._busy.total) == ({}, 0)


def test_a_client_tries_one_password_at_a_time(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def look(given: str, _: Settings) -> bool:
        begun.set()
        return go_on.wait(30)

    monkeypatch.setattr(passwords, "is_password", look)
    first = threading.Thread(target=try_it, args=(door, PASSWORD))
    first.start()
    begun.wait(30)
    with pytest.raises(BusyError):
        try_it(door, PASSWORD)
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "MOST_WAITING", -1)  # as many as may be
        with pytest.raises(BusyError):
            try_it(door, PASSWORD, THERE)
    go_on.set()
    try_it(door, PASSWORD, THERE)
    first.join()
    try_it(door, PASSWORD)


def test_files_are_taken_only_from_tabs_that_have_opened_a_staff_page() -> None:
    here = Presence()
    visit = Visit(person=COMMON_PASSWORD, session_hash="session-a", close=lambda: None)
    here.begin(visit)
    assert not here.may_hand_over("tab", "session-a")
    assert here.find(visit.visit_id, "tab") is visit
    assert not here.may_hand_over("tab", "session-a")
    here.let_hand_over("tab")
    assert here.may_hand_over("tab", "session-a")
    assert not here.may_hand_over("tab", "session-b")
    assert not here.may_hand_over("tab", "")
    assert not here.may_hand_over("another", "session-a")
    here.leave(visit)
    assert not here.may_hand_over("tab", "session-a")  # nor when the tab is gone
