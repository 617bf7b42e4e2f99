"""Reports by link as stakeholders send them."""

from datetime import UTC, datetime
from typing import Any

from dashboard.campaign.reporting.reports import Report, number_report


def make_report(action_id: str, number: int = 1, **stated: Any) -> Report:
    """Make a report about an action; a later number arrives later."""
    usual: dict[str, Any] = {"link": "ab12", "lang": "fr", "received_at": datetime(2022, 1, 3, 12, number, tzinfo=UTC)}
    number_sent = number_report(f"form-{number}", action_id, {})
    return Report(**{"report_no": number_sent, "action_id": action_id, **usual, **stated})
