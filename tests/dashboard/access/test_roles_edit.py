"""`roles.toml` changed by commands and clicks: what stood there stays, nobody is locked out, it can be taken back."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.access import roles_edit
from dashboard.access.rights import Role
from dashboard.access.roles_edit import add, carry_out, close, give, remove, take_back
from dashboard.access.roles_file import Identity, find_roles, path_of, read
from dashboard.access.sessions import Sessions
from dashboard.errors import UserError
from dashboard.settings import Settings

ADMINISTRATOR = {"role": "administrator", "provider": "local", "subject": "person-1"}


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    (tmp_path / "campaign.toml").write_text('title = "Imaginary"\n')
    return tmp_path


def run_dashboard(*words: str) -> Result:
    return CliRunner().invoke(app, words, catch_exceptions=False)


def put(campaign: Path, **values: str) -> None:
    carry_out(campaign, add(campaign, values))


def test_entries_are_added_and_what_stood_there_stays(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    path = path_of(campaign)
    path.write_text(path.read_text() + "# a remark of the operator\n")
    put(campaign, role="staff", address="Staff.Person@example.org", note="since May")
    text = path.read_text()
    assert "# a remark of the operator" in text
    assert text.startswith("# Who may do what")
    assert path.stat().st_mode & 0o777 == 0o600
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
    with pytest.raises(UserError, match="Nobody is named yet"):
        close(campaign, closed=True)
    path_of(campaign).parent.mkdir()
    path_of(campaign).write_text('[[people]]\nrole = "staff"\naddress = "staff@example.org"\n')
    carry_out(campaign, close(campaign, closed=True))
    assert read(path_of(campaign)).closed
    assert len(read(path_of(campaign)).people) == 1


def test_of_two_changes_at_once_the_second_is_told(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    mine = add(campaign, {"role": "reader", "domain": "example.org"})
    put(campaign, role="staff", address="staff@example.org")
    with pytest.raises(UserError, match="changed meanwhile"):
        carry_out(campaign, mine)
    with pytest.raises(UserError, match="names them already"):
        add(campaign, {"role": "reader", "address": "STAFF@example.org"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[people]\n", "is no TOML"),
        ('[[people]]\nrole = "boss"\naddress = "a@example.org"\n', "entry 1, role"),
        ('[[people]]\nrole = "staff"\n', "entry 1: it must name somebody"),
        ('[[people]]\nrole = "staff"\naddress = "a@example.org"\ndomain = "example.org"\n', "entry 1: it must name"),
        ('[[people]]\nrole = "staff"\ntenant = "t"\n', "entry 1: it must name somebody"),
        ('[[people]]\nrole = "staff"\nname = "x"\n', "entry 1, name"),
        ('closed = "perhaps"\n', "closed"),
        ("opened = true\n", "opened"),
    ],
)
def test_a_faulty_file_names_nobody_and_says_what_is_wrong(campaign: Path, text: str, said: str) -> None:
    path_of(campaign).parent.mkdir()
    path_of(campaign).write_text(text)
    state = find_roles(campaign)
    assert said in str(state.problem)
    assert state.roles.closed
    assert state.roles.people == ()
    answer = run_dashboard("roles", "--campaign", str(campaign))
    assert answer.exit_code == 1
    assert said in answer.stderr


def test_a_file_that_goes_away_opens_nothing(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    carry_out(campaign, close(campaign, closed=True))
    assert find_roles(campaign).roles.closed
    path_of(campaign).unlink()
    assert find_roles(campaign).roles.closed
    assert "is gone" in str(find_roles(campaign).problem)


def test_the_command_line_makes_the_first_administrator_and_lists(campaign: Path) -> None:
    def run(*words: str) -> str:
        answer = run_dashboard(*words, "--campaign", str(campaign))
        assert answer.exit_code == 0, answer.stderr
        return answer.stdout

    run("roles", "add", "administrator", "--address", "administrator@example.org", "--note", "first")
    run("roles", "close")
    listed = run("roles")
    assert "1  administrator  address administrator@example.org  (first)" in listed
    assert "closed to strangers" in listed
    assert run_dashboard("roles", "remove", "1", "--campaign", str(campaign)).exit_code == 1
    run("roles", "open")


def test_a_link_of_the_command_line_signs_in_once(campaign: Path) -> None:
    answer = run_dashboard("sign-in-link", "--campaign", str(campaign))
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


def test_the_file_that_is_kept_before_a_change_is_private(campaign: Path) -> None:
    put(campaign, **ADMINISTRATOR)
    put(campaign, role="staff", address="staff@example.org")
    former = path_of(campaign).with_name(roles_edit.FORMER)
    assert former.stat().st_mode & 0o777 == 0o600
