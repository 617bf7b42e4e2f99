"""Replies, documents and pictures beside the actions of the fixture snapshot, with words that harm careless code."""

from pathlib import Path

import duckdb

from dashboard.campaign.reporting.published_files import FOLDER
from tests.snapshots import POSTS, publish_fixture

ACTION = "FIX-001"
HOSTILE = (
    '=HYPERLINK("http://evil.example") <script>alert(1)</script> **bold** [link](javascript:alert(1)) '
    "\"'><img src=x onerror=alert(1)>"
)
"""What no page, feed or file may take for anything but text."""
ANGLES = str.maketrans("<>", "‹›")
REPLY, FIRST_REPLY = f"=1+1 Ce chiffre est faux. {HOSTILE}", "We reached it in July."
TITLE, ALT, RIGHTS = f"Rapport annuel {HOSTILE}", f"Deux maîtres devant un tableau {HOSTILE}", f"Photo : {HOSTILE}"
DOCUMENT, PICTURE, OF_STORY, OF_EVENT, GONE = (
    f"{sign * 64}.{ending}" for sign, ending in zip("abcde", ("pdf", "png", "jpg", "webp", "pdf"), strict=True)
)
STANDING = (DOCUMENT, PICTURE, OF_STORY, OF_EVENT)
UNNAMED = f"{'f' * 64}.pdf"
"""The copy of a file that no build names."""
_ROWS = (
    ("R-1", "reply", None, "2021-08-02", FIRST_REPLY, "en", None, None, None),
    ("R-2", "reply", None, "2021-11-05", REPLY, "fr", None, None, None),
    ("R-3-a", "document", None, "2021-11-06", TITLE, "fr", DOCUMENT, "application/pdf", RIGHTS),
    ("R-3-b", "picture", None, "2021-11-06", ALT, "fr", PICTURE, "image/png", RIGHTS),
    ("R-4-c", "picture", "st", "2021-08-01", ALT, "fr", OF_STORY, "image/jpeg", RIGHTS),
    ("R-5-d", "picture", "ev", "2021-11-02", ALT, "fr", OF_EVENT, "image/webp", RIGHTS),
    ("R-6-e", "document", "st", "2021-08-01", "Withdrawn", "en", GONE, "application/pdf", "Ours"),
)


def publish_annotated(campaign_folder: Path) -> Path:
    """Publish the fixture snapshot with events, stories and annotations, and the copies of the files that stand."""
    file = publish_fixture(campaign_folder)
    with duckdb.connect(file) as connection:
        connection.execute(POSTS)
        connection.executemany(
            "insert into annotations select ?, ?, 1, 'FIX-001', ?, ?, ?, ?, ?, ?, ?, 'annotations_by_link', null, 2",
            _ROWS,
        )
    copies = campaign_folder / "published" / FOLDER
    copies.mkdir()
    for name in (*STANDING, UNNAMED):
        (copies / name).write_bytes(name.encode() * 1_000)
    return file


def withdraw(campaign_folder: Path, name: str) -> None:
    """Remove the copy of a file, as its sender's withdrawal does at once."""
    (campaign_folder / "published" / FOLDER / name).unlink()
