"""The page Reports received says why reports that are to count at once do not yet, in words that are no markup."""

from datetime import UTC, datetime
from pathlib import Path

from dashboard.campaign.reporting.at_once import PublishingNote, write_note
from dashboard.errors import UserError
from dashboard.paths import SHIPPED_CAMPAIGN
from tests.app.conftest import OpenPage


def test_a_refused_build_of_reports_that_count_at_once_is_told(open_upload: OpenPage, campaign: Path):
    shipped = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    settings = f'{shipped}\n[reports_by_link]\nopen = true\npublish = "at_once"\n'
    (campaign / "campaign.toml").write_text(settings, encoding="utf-8")
    words = "Reports that count at once are not in the figures yet."
    (campaign / "private" / "reports").mkdir(parents=True)
    write_note(campaign / "private", PublishingNote(datetime.now(UTC), refusal=UserError("*a.csv* is open.", "Look.")))
    (warning,) = open_upload("reports").warning
    assert warning.value.startswith(words) and r"\*a.csv\* is open. Look." in warning.value
    write_note(campaign / "private", PublishingNote(datetime.now(UTC), is_built=True))
    assert not open_upload("reports").warning
