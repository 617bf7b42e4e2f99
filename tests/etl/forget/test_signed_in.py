"""Forgetting somebody who may sign in: the sessions end, and the entry of roles.toml is named."""

from dashboard.access.rights import Role
from dashboard.access.roles_file import FORMER, NAME, find_roles
from dashboard.access.sessions import sessions_of
from dashboard.settings import Settings
from etl.forget.forget import forget
from tests.etl.campaigns import make_campaign
from tests.signed_in import sign_in, write_roles

GONE, STAYS = "staff@example.org", "reader@example.org"


def test_sessions_end_and_the_entry_that_gives_a_role_is_named(tmp_path):
    folder = make_campaign(tmp_path / "c", {})
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(folder.root)})
    for role in (Role.STAFF, Role.STAFF, Role.READER):
        sign_in(settings, role)
    write_roles(folder.root)
    former = folder.private / FORMER
    former.write_text((folder.private / NAME).read_text())
    held = {f"private/{NAME}", f"private/{FORMER}", "private/sessions.sqlite: sessions"}
    for dry_run in (True, False):
        done = forget(folder, GONE, dry_run=dry_run)
        assert {place.file for place in done.places} == held
        assert [name for name, _ in done.by_hand] == [f"private/{NAME}"]
        assert former.exists() == dry_run
    assert [session.identity.address for session in sessions_of(settings).list_all()] == [STAYS]
    assert len(find_roles(folder.root).roles.people) == 3, "nobody loses a role by it unseen"
    kept = b"".join(path.read_bytes() for path in folder.private.glob("sessions.sqlite*"))
    assert GONE.encode() not in kept and STAYS.encode() in kept
    assert {place.file for place in forget(folder, GONE).places} == {f"private/{NAME}"}
