"""Files of a campaign are damaged: each command says which one in a sentence, and what it tells to do puts it right."""

import duckdb
import pytest

from tests.etl.campaigns import copy_campaign, make_campaign, publish_campaign
from tests.etl.program import published, published_titles, run_etl
from tests.etl.registers import HEADER, action


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A published campaign with a decision."""
    rows = HEADER + action("1", Email="person1@example.org") + action("2", promise="B")
    folder = make_campaign(tmp_path_factory.mktemp("damaged") / "c", {"a.csv": rows})
    publish_campaign(folder)
    return folder


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


DAMAGES = {
    "snapshot": lambda f: (f.published / published(f)["snapshot"]).write_bytes(b""),
    "contacts": lambda f: [cut(path) for path in {f.private / "contacts.duckdb", *(f.private / "contacts").glob("*")}],
    "mails": lambda f: (f.private / "mail.sqlite").write_bytes(b"SQLite format 3\0" + bytes(range(250)) * 20),
    "decisions": lambda f: (f.root / "decisions.csv").write_bytes(b""),
}
DECIDE = ("decide", "different", "action", "OFF-1", "OFF-2")
FORGET = ("forget", "person1@example.org")
BUILD = ("build", "--quiet")


@pytest.mark.parametrize(
    ("damage", "command", "said", "remedy"),
    [
        ("snapshot", DECIDE, ".duckdb is damaged", "Build again"),
        ("mails", FORGET, "private/mail.sqlite is damaged", "Restore the folder private/ from a backup"),
        ("decisions", BUILD, "decisions.csv is empty, without even its first row", "Restore it from a backup"),
    ],
)
def test_a_damaged_file_is_named_and_the_remedy_helps(template, tmp_path, damage, command, said, remedy):
    folder = copy_campaign(template, tmp_path / "c")
    titles = published_titles(folder)
    DAMAGES[damage](folder)
    refused = run_etl(*command, "--campaign", folder.root)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert said in refused.stderr
    assert remedy in refused.stderr
    if damage in ("mails", "decisions"):
        (folder.private / "mail.sqlite").unlink(missing_ok=True)
        (folder.root / "decisions.csv").unlink(missing_ok=True)
    else:
        assert run_etl(*BUILD, "--campaign", folder.root).returncode == 0
    assert run_etl(*command, "--campaign", folder.root).returncode == 0
    assert published_titles(folder) == titles


def test_a_damaged_store_of_contacts_does_not_keep_a_person(template, tmp_path):
    folder = copy_campaign(template, tmp_path / "c")
    DAMAGES["contacts"](folder)
    done = run_etl(*FORGET, "--campaign", folder.root)
    assert done.returncode == 0
    assert "private/contacts.duckdb" in done.stdout
    with duckdb.connect(str(folder.private / "contacts.duckdb"), read_only=True) as connection:
        assert "contacts" in str(connection.execute("select table_name from duckdb_tables()").fetchall())
