"""A campaign that commands change: its new files, and everything visible of it afterwards."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb

from dashboard.campaign.folder import STAFF_FILES
from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.published_files import list_published_files
from dashboard.campaign.reporting.reports import Report, ReportBox
from etl.publish import drafts
from tests.etl.campaigns import copy_campaign
from tests.etl.program import FILLED_TABLES, history_file, inbox, run_on
from tests.etl.registers import HEADER, action

REPORTS = ("R-22222-33333", "R-44444-55555")
SENT_FILE = SentFile(
    sha256="a1" * 32, name="us.pdf", media_type="application/pdf", size=4, description="Us", rights="Ours"
)
ACCEPT = ("reports", "--accept", *REPORTS, "--reply", REPORTS[0], "--publish-file", SENT_FILE.sha256)
"""The command that accepts both reports, with a reply and a file of the first."""
ANSWERS = "recipe,header,is\noffice_actions,Colour,question\noffice_actions,Shape,staff\n"
THEMES = "code,label_en,aliases,sort_order\nfarms,Farms,Agriculture,10\n"
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_actions(version: str, most: int = 4) -> str:
    """Write a register of one version: personal columns, a misspelt category, two columns without a use."""
    header = HEADER.strip() + ",Colour,Shape\n"
    lines = (
        action(
            str(n),
            promise=f"{version} {n}",
            Email=f"person{n}@example.org",
            Category="Research" if n > 1 else "Lobbbying",
        ).strip()
        for n in range(1, most)
    )
    return header + "".join(f'{line},"red","round"\n' for line in lines)


def bring(folder, name="1", uploads=(), settings=()):
    """Return the folder of a preview with the uploads and settings that it brings, each by its path and as text."""
    place = folder.private / "drafts" / name
    (place / "uploads").mkdir(parents=True, exist_ok=True)
    for kind, files in (("uploads", uploads), ("settings", settings)):
        for path, text in dict(files).items():
            (place / kind / path).parent.mkdir(parents=True, exist_ok=True)
            (place / kind / path).write_bytes(text.encode())
    return place


def preview(folder, place, **options):
    """Make the preview of the new files."""
    return drafts.make_draft(folder, place / "uploads", place, lambda *_: None, **options)


def put_uploads(folder):
    return bring(folder, uploads={"a.csv": write_actions("Third"), "c.csv": HEADER + action("8", "Imaginary Council")})


def put_reports(folder):
    """Put two reports into the box; the first replaces an earlier one, and has a reply and a file."""
    usual = {"action_id": "OFF-1", "lang": "en", "percent": 50}
    evidence = folder.private / "evidence" / SENT_FILE.sha256
    evidence.parent.mkdir(mode=0o700, parents=True)
    evidence.write_bytes(b"%PDF")
    for number, link, day in (("R-22222-22222", "l", 1), (REPORTS[0], "l", 2), (REPORTS[1], "m", 2)):
        report = Report(report_no=number, link=link, received_at=datetime(2021, 7, day, tzinfo=UTC), **usual)
        if number == REPORTS[0]:
            report = replace(report, correction="No", may_publish=True, files=(SENT_FILE,))
        ReportBox(folder.private).put(report)


def bring_settings(folder):
    changed = folder.campaign_file.read_text(encoding="utf-8") + "# Changed\n"
    return bring(folder, settings={"codelists/themes.csv": THEMES, "campaign.toml": changed})


def make_draft(folder):
    put_uploads(folder)
    place = bring_settings(folder)
    answers = folder.root / "said.csv"
    answers.write_text(ANSWERS)
    words = ["--uploads", place / "uploads", "--to", place, "--without", "b.csv", "--answers", answers]
    run_on(folder, "draft", *words)
    answers.unlink()


def copy_with_drafts(folder, to):
    """Copy a campaign whose previews name their own folder."""
    copied = copy_campaign(folder, to)
    for note in (copied.private / "drafts").glob("*/draft.json"):
        note.write_text(note.read_text().replace(str(folder.root.resolve()), str(copied.root.resolve())))
    return copied


def read_whole(folder) -> Any:
    """Read the published snapshot, or None: its build and, by table, the rows and their hash; it must open."""
    try:
        pointer = json.loads((folder.published / "current.json").read_text())
    except FileNotFoundError:
        return None
    with duckdb.connect(str(folder.published / pointer["snapshot"]), read_only=True) as connection:
        assert connection.execute("select build_id from campaign").fetchall() == [(pointer["build_id"],)]
        tables = [name for (name,) in connection.execute(FILLED_TABLES).fetchall()]
        hashes = " union all ".join(f"select '{t}', count(*), bit_xor(hash(t)) from \"{t}\" as t" for t in tables)  # noqa: S608
        return pointer["build_id"], sorted(connection.execute(hashes).fetchall())


def read_settings(folder) -> dict[str, str]:
    """Read the campaign's files of settings, and the records of their changes, where such a change is whole."""
    own = [folder.root / "campaign.toml", *(folder.root / "codelists").glob("*.csv")]
    notes = (folder.private / "settings").glob("*/change.json")
    kept = [path for note in notes for side in ("before", "after") for path in (note.parent / side).rglob("*.*")]
    return {str(path.relative_to(folder.root)): path.read_text() for path in (*own, *kept) if path.is_file()}


def read_state(folder) -> dict[str, Any]:
    """Read all of a campaign that a command may change, but for moments in time."""
    staff = {name: (folder.root / name).read_bytes() for name in STAFF_FILES if (folder.root / name).is_file()}
    files = {name: _MOMENT.sub(b"", content) for name, content in inbox(folder).items()}
    contacts = folder.private / "contacts.duckdb"
    return {
        "published": read_whole(folder),
        "inbox": files,
        "staff": staff,
        "settings": read_settings(folder),
        "history": [(e["build_id"], e["how"], e["is_current"]) for e in history_file(folder)],
        "contacts": contacts.is_file() and contacts.stat().st_size > 0,
        "reports": [(one.report_no, one.state, one.is_reply, one.files) for one in ReportBox(folder.private).list()],
        "public files": list(list_published_files(folder.published)),
        "drafts": sorted(path.parent.name for path in (folder.private / "drafts").glob("*/draft.json")),
    }


def list_leftovers(folder) -> list[str]:
    names = (".build-*", "*.new", "begun.json", ".*.new", "*.wal")
    return [str(path) for name in names for path in folder.root.rglob(name)]
