"""Requests made up from the description: the lesser twin of `tests/acceptance/test_openapi_on_sample.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.web.charts import routes
from dashboard.web.charts.desk import Desk
from tests.fuzzing import FUZZED, Fuzzer, make_server
from tests.snapshots import copy_published

TRIED = (
    "list_charts",
    "chart_csv",
    "chart_metadata",
    "explore_csv",
    "survey_answers_csv",
    "oembed",
    "list_extracts",
    "extract_actions_json",
    "extract_reports_csv",
    "latest_json",
    "newsletter_sign_up_post",
    "openapi",
)
EACH = 6
# Addresses of pages and of mail are finer than their description: what is made up may be refused every time.
MAY_BE_REFUSED = ("oembed", "newsletter_sign_up_post")


@pytest.fixture(scope="module")
def fuzzer(campaign_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzer]:
    campaign = copy_published(campaign_folder, tmp_path_factory.mktemp("fuzzed") / "campaign")
    with pytest.MonkeyPatch.context() as patch:
        own = Desk()
        patch.setattr(routes, "desk", lambda: own)
        patch.setenv("DASHBOARD_NEWSLETTER", "on")
        patch.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org")
        yield Fuzzer(make_server(campaign, patch), [], TRIED)
        own.close()


@pytest.mark.parametrize("mode", FUZZED)
@pytest.mark.parametrize("operation_id", TRIED)
def test_no_answer_is_other_than_described(fuzzer: Fuzzer, operation_id: str, mode: str) -> None:
    statuses = fuzzer.run(operation_id, mode, EACH)
    if mode == "positive" and operation_id not in MAY_BE_REFUSED:
        assert statuses[200], statuses
