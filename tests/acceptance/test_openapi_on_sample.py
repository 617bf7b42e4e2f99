"""Ten thousand requests made up from the description, on the sample; no answer is other than described."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard import server
from dashboard.snapshot.database import Snapshot
from dashboard.web.api_route import list_operations
from dashboard.web.operation import Operation
from tests.charts_over_http import PAGES, answer_alone, ask, make_site
from tests.described import BASE, list_examples
from tests.snapshots import open_promises

if TYPE_CHECKING:
    from tests.fuzzing import Fuzzer

OPERATIONS = list_operations(server.routes(PAGES))
REQUESTS = 10_000
WEIGHTS = {"page": 30, "picture": 10, "file": 1}
"""The frequency of requests by cost, relative to the others."""


def weigh(operation: Operation) -> int:
    """Return the weight of an operation; one without parameters, or with the language alone, is soon tried out."""
    return WEIGHTS[operation.cost] if len(operation.parameters) > 1 else 1


EACH = REQUESTS / sum(map(weigh, OPERATIONS))


@pytest.fixture(scope="module")
def fuzzer(
    sample_folder: Path, sample_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Fuzzer"]:
    from tests.fuzzing import Fuzzer

    campaign = open_promises(shutil.copytree(sample_folder, tmp_path_factory.mktemp("fuzzed") / "campaign"))
    with pytest.MonkeyPatch.context() as patch, sample_snapshot.cursor() as cursor, answer_alone(patch):
        patch.setenv("DASHBOARD_NEWSLETTER", "on")
        patch.setenv("DASHBOARD_SECURITY_CONTACT", "security@example.org")
        found = cursor.execute("select stakeholder_id from stakeholders order by all limit 5").fetchall()
        yield Fuzzer(make_site(campaign, patch, BASE), [stakeholder_id for (stakeholder_id,) in found])


@pytest.mark.nightly
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if o.message is None], ids=lambda operation: operation.operation_id
)
def test_no_answer_is_other_than_described(fuzzer: "Fuzzer", operation, mode: str) -> None:
    """Messages of a protocol have faults of its own, and a client of theirs in the tests."""
    count = round(EACH * weigh(operation) / 2) + 1
    print(sum(fuzzer.run(operation.operation_id, mode, count).values()), "requests")


@pytest.mark.nightly
@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.can_be_tried], ids=lambda o: o.operation_id)
def test_every_example_is_answered(fuzzer: "Fuzzer", sample_snapshot: Snapshot, operation) -> None:
    examples = list_examples(operation, sample_snapshot)
    for address in examples[:2] if operation.cost == "file" else examples:
        answer = ask(fuzzer.app, address)
        assert answer.status_code == 200, (address, answer.text[:300])
