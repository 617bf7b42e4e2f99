"""The rights of roles; `roles.toml` changed by commands and clicks: other lines stay, and nobody is locked out."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.access import roles_edit
from dashboard.access.providers import suggest_entry
from dashboard.access.rights import AccessClass, Role
from dashboard.access.roles_edit import add, carry_out, close, give, remove, take_back
from dashboard.access.roles_file import FORMER, Identity, find_roles, path_of, read
from dashboard.access.sessions import Sessions
from dashboard.errors import UserError
from dashboard.ground.files.writing import write_file
from dashboard.server import routes
from dashboard.settings import Settings
from dashboard.ui.frame.header import DETAIL_PAGES, OWN_PAGES, PAGES, STAFF_PAGES, PageSpec
from dashboard.web.api_route import ApiRoute

ADMINISTRATOR = {"role": "administrator", "provider": "local", "subject": "person-1"}


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "campaign.toml").write_text('title = "Imaginary"\n')
    return tmp_path


def run_dashboard(campaign: Path, *words: str) -> Result:
    return CliRunner().invoke(app, (*words, "--campaign", str(campaign)), catch_exceptions=False)


def put(campaign: Path, **values: str) -> None:
    carry_out(campaign, add(campaign, values))


def write(campaign: Path, text: str) -> None:
    path_of(campaign).parent.mkdir(exist_ok=True)
    path_of(campaign).write_text(text)


PERSONS = {
    "address": Identity(provider="x", kind="oidc", subject="y", address="person@example.org", is_verified=True),
    "subject": Identity(provider="x", kind="oidc", subject="y"),
    "object": Identity(provider="x", kind="entra", subject="y", tenant="tenant-1", object_id="object-1"),
}


@pytest.mark.parametrize("who", PERSONS.values(), ids=PERSONS)
def test_the_entry_that_a_refused_person_is_shown_lets_that_person_in(campaign: Path, who: Identity) -> None:
    assert find_roles(campaign).roles.role_of(who) is not Role.READER
    write(campaign, suggest_entry(who))
    assert find_roles(campaign).roles.role_of(who) is Role.READER


def test_entries_are_added_and_what_stood_there_stays(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    path = path_of(campaign)
    path.write_text(path.read_text() + "# a remark of the operator\n")
    put(campaign, role="staff", address="Staff.Person@example.org", note="since May")
    text = path.read_text()
    assert "# a remark of the operator" in text
    assert text.startswith("# Who may do what")
    for file in (path, path.with_name(FORMER)):  # the file from before a change is private too
        assert file.stat().st_mode & 0o777 == 0o600
    who = Identity(provider="x", kind="oidc", subject="y", address="staff.person@example.org", is_verified=True)
    assert find_roles(campaign).roles.role_of(who) is Role.STAFF
    carry_out(campaign, give(campaign, 1, read(path).people[1], "reader"))
    assert find_roles(campaign).roles.role_of(who) is Role.READER
    undo = take_back(campaign)
    assert undo is not None
    carry_out(campaign, undo)
    assert find_roles(campaign).roles.role_of(who) is Role.STAFF
    carry_out(campaign, remove(campaign, 1, read(path).people[1]))
    assert find_roles(campaign).roles.role_of(who) is Role.STRANGER
    path.with_name(FORMER).write_text("[[people]\n")
    assert take_back(campaign) is None, "a faulty file would let nobody in"


def test_the_last_administrator_stays(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    (rule,) = read(path_of(campaign)).people
    with pytest.raises(UserError, match="last administrator"):
        remove(campaign, 0, rule)
    with pytest.raises(UserError, match="last administrator"):
        give(campaign, 0, rule, "staff")
    put(campaign, role="administrator", address="another@example.org")
    carry_out(campaign, remove(campaign, 0, rule))


def test_nobody_closes_a_campaign_for_everybody(campaign: Path) -> None:
    with pytest.raises(UserError, match="Nobody is listed yet"):
        close(campaign, closed=True)
    write(campaign, '[[people]]\nrole = "staff"\naddress = "staff@example.org"\n')
    carry_out(campaign, close(campaign, closed=True))
    assert read(path_of(campaign)).closed
    assert len(read(path_of(campaign)).people) == 1


def test_of_two_changes_at_once_the_second_is_told(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    mine = add(campaign, {"role": "reader", "domain": "example.org"})
    put(campaign, role="staff", address="staff@example.org")
    with pytest.raises(UserError, match="changed meanwhile"):
        carry_out(campaign, mine)
    with pytest.raises(UserError, match="already listed"):
        add(campaign, {"role": "reader", "address": "STAFF@example.org"})


def test_of_two_writers_at_one_moment_one_writes_and_the_other_is_told(
    campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(campaign, **ADMINISTRATOR)
    both_write = Barrier(2)

    def write_late(*arguments: Any, **options: Any) -> None:
        with suppress(BrokenBarrierError):  # as the lock lets nobody else come here
            both_write.wait(0.2)
        write_file(*arguments, **options)

    def write_one(change: roles_edit.Change) -> str:
        try:
            carry_out(campaign, change)
        except UserError as error:
            return str(error)
        return ""

    monkeypatch.setattr(roles_edit, "write_file", write_late)
    changes = [add(campaign, {"role": "staff", "address": f"staff{number}@example.org"}) for number in range(2)]
    with ThreadPoolExecutor(2) as writers:
        outcomes = sorted(writers.map(write_one, changes))
    assert outcomes[0] == ""
    assert "changed meanwhile" in outcomes[1]
    assert len(read(path_of(campaign)).people) == 2


PERSON = '[[people]]\nrole = "staff"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[people]\n", "is no TOML"),
        ('[[people]]\nrole = "boss"\naddress = "a@example.org"\n', "entry 1, role"),
        (PERSON, "entry 1: it must name somebody"),
        (f'{PERSON}address = "a@example.org"\ndomain = "example.org"\n', "entry 1: it must name"),
        (f'{PERSON}tenant = "t"\n', "entry 1: it must name somebody"),
        (f'{PERSON}name = "x"\n', "entry 1, name"),
        ('closed = "perhaps"\n', "closed"),
        ("opened = true\n", "opened"),
        ("", "is empty"),
        ("\n \n# closed = true\n", "is empty"),
    ],
)
def test_a_faulty_file_names_nobody_and_says_what_is_wrong(campaign: Path, text: str, said: str) -> None:
    write(campaign, text)
    state = find_roles(campaign)
    assert said in str(state.problem)
    assert (state.roles.closed, state.roles.people) == (True, ())
    answer = run_dashboard(campaign, "roles")
    assert (answer.exit_code, said in answer.stderr) == (1, True)


def test_a_file_that_goes_away_or_loses_what_it_said_opens_nothing(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    carry_out(campaign, close(campaign, closed=True))
    before = find_roles(campaign)
    assert before.roles.closed and before.problem is None
    whole = path_of(campaign).read_text(encoding="utf-8")
    path_of(campaign).unlink()
    for text, said in (
        (None, "is gone"),
        ("", "is empty"),
        ("\n\n", "is empty"),
        (whole.replace("closed = true\n", ""), "no longer says that the campaign is closed"),
    ):
        if text is not None:
            write(campaign, text)
        after = find_roles(campaign)
        assert (after.roles, said in str(after.problem)) == (before.roles, True), said
    write(campaign, whole.replace("closed = true\n", "closed = false\n"))
    assert not find_roles(campaign).roles.closed


def test_where_people_sign_in_with_a_provider_a_campaign_without_roles_is_closed(campaign: Path) -> None:
    assert not find_roles(campaign).roles.closed
    other = campaign / "other"
    (other / "private").mkdir(parents=True)
    (other / "private" / "providers.toml").write_text("")
    assert find_roles(other).roles.closed
    assert "no roles.toml" in str(find_roles(other).problem)
    put(other, **ADMINISTRATOR)
    assert find_roles(other).problem is None


def test_the_command_line_makes_the_first_administrator_and_lists(campaign: Path) -> None:
    first = ("add", "administrator", "--address", "administrator@example.org", "--note", "first")
    for words in (first, ("close",), ()):
        answer = run_dashboard(campaign, "roles", *words)
        assert answer.exit_code == 0, answer.stderr
    assert "1  administrator  address administrator@example.org  (first)" in answer.stdout
    assert "closed to the public" in answer.stdout
    assert run_dashboard(campaign, "roles", "remove", "1").exit_code == 1
    assert run_dashboard(campaign, "roles", "open").exit_code == 0


def test_a_link_of_the_command_line_signs_in_once(campaign: Path) -> None:
    answer = run_dashboard(campaign, "sign-in-link")
    ticket = answer.stdout.strip().rpartition("?t=")[2]
    now = [0.0]
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign)})
    sessions = Sessions(settings)
    assert not sessions.take_ticket("another")
    assert sessions.take_ticket(ticket)
    assert not sessions.take_ticket(ticket)
    late = Sessions(settings, lambda: now[0])
    old = late.give_ticket()
    now[0] = 601.0
    assert not late.take_ticket(old)


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


def test_what_says_no_class_is_for_nobody_and_every_page_and_route_says_one() -> None:
    assert AccessClass.NOBODY not in {spec.access for spec in (*PAGES, *DETAIL_PAGES, *OWN_PAGES, *STAFF_PAGES)}
    assert [route.path for route in routes() if route.access is AccessClass.NOBODY] == []
    assert PageSpec("new", "New").access is AccessClass.NOBODY
    assert ApiRoute("/new", lambda request: None, ()).access is AccessClass.NOBODY  # type: ignore[arg-type, return-value]
