"""Whoever withdraws takes away the copy for the public at once, of their own files alone."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboard.campaign.reporting.evidence import SentFile
from dashboard.campaign.reporting.published_files import FOLDER, name_file
from dashboard.campaign.reporting.reports import ReportBox
from dashboard.campaign.reporting.withdrawal import make_public_copy, withdraw
from dashboard.errors import UserError
from tests.dashboard.campaign.reporting.sent import make_report

TODAY = date(2022, 1, 9)
PICTURE = SentFile(
    sha256="a1" * 32, name="us.jpg", media_type="image/jpeg", size=3, description="A hall", rights="Ours",
    has_no_child=True, is_confirmed=True,
)  # fmt: skip


def test_a_copy_goes_at_once_unless_the_same_file_is_public_by_another_link(tmp_path: Path) -> None:
    box, name = ReportBox(tmp_path / "private"), name_file(PICTURE)
    copy, kept_file = tmp_path / "published" / FOLDER / name, tmp_path / "private" / "evidence" / PICTURE.sha256
    with pytest.raises(UserError, match="no longer kept"):
        make_public_copy(tmp_path, PICTURE)
    kept_file.parent.mkdir(parents=True)
    kept_file.write_bytes(b"jpg")
    for number, link in ((1, "mine"), (2, "mine"), (3, "theirs")):
        box.put(make_report("A-1", number, link=link, files=(PICTURE,)))
    make_public_copy(tmp_path, PICTURE)
    assert (copy.read_bytes(), copy.stat().st_mode & 0o777) == (b"jpg", 0o644)
    assert withdraw(tmp_path, "another", PICTURE.sha256, TODAY) == withdraw(tmp_path, "mine", "b2" * 32, TODAY) == []
    mine = withdraw(tmp_path, "mine", PICTURE.sha256, TODAY)
    assert [(one.link, one.files[0].withdrawn_on, one.files[0].is_public) for one in mine] == [
        ("mine", TODAY, False)
    ] * 2
    assert copy.is_file() and withdraw(tmp_path, "mine", PICTURE.sha256, TODAY + timedelta(days=1)) == mine
    withdraw(tmp_path, None, PICTURE.sha256, TODAY)
    assert not copy.exists() and kept_file.is_file()
