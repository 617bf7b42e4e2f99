"""Signed links by the command line: listed without tokens, revoked once, recorded."""

import json
from pathlib import Path

from typer.testing import CliRunner

from dashboard.__main__ import app
from dashboard.access.signed_links import open_links
from tests.signed_in import make_link, write_roles


def run(campaign: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["links", *words, "--campaign", str(campaign)])
    return done.exit_code, done.output


def test_links_are_listed_and_revoked(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").touch()
    write_roles(tmp_path, closed=True)
    assert run(tmp_path, "list") == (0, "Nobody has made a signed link.\n")
    links = open_links(tmp_path / "private")
    link, token = make_link(links, "/extracts/actions.csv", "lang=en")
    stranger, _ = make_link(links, "/latest.atom", "lang=en", name="nobody")
    code, listed = run(tmp_path, "list", "--json")
    stated = {one["handle"]: one["state"] for one in map(json.loads, listed.splitlines())}
    assert (code, stated) == (0, {link.handle: "open", stranger.handle: "ended"})
    assert token not in listed
    assert "Sample Person" not in listed
    assert run(tmp_path, "revoke", link.handle) == (0, f"{link.handle}: revoked (a test).\n")
    code, said = run(tmp_path, "revoke", link.handle)
    assert (code, "no open link" in said) == (1, True)
    log = "".join(path.read_text() for path in (tmp_path / "private" / "audit").glob("*.jsonl"))
    outcomes = [(entry["event"], entry["outcome"]) for entry in map(json.loads, log.splitlines())]
    assert outcomes == [("revoked", how) for how in ("begun", "done", "begun", "refused")]
