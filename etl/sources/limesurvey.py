"""LimeSurvey by RemoteControl 2 (JSON-RPC): answers as its own CSV export, asked for in ranges of their numbers.

Shapes as in LimeSurvey (`application/helpers/remotecontrol/remotecontrol_handle.php`) and as limer and LimeRick use
them. The first column is the answer's number, whatever it is called in the survey's language.
"""

import base64
import binascii
import csv
import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from dashboard.campaign.sources import Tool
from dashboard.errors import UserError
from dashboard.i18n import N_
from etl.sources.asking import AGAIN, NO_COUNT, Asking, FarSideError
from etl.sources.far_side import Arrival, Before, FarSide, FarSides, Fetched, Form, Known, fetched_one
from etl.sources.merging import Shape, find_finished, look

SHAPE = Shape(";", "")
PATH = "/index.php/admin/remotecontrol"
RANGE = 2000
"""Numbers of answers that are asked for at once: an answer comes in one piece, and is kept in memory."""
_MOST_EMPTY = 50
"""Ranges without any answer after which the search ends, although the server counts more answers."""
_MOST_AGAIN = 40
"""Ranges of answers that were finished since, above which all are fetched."""
_NEAR = 20
"""Numbers between two of them that are rather asked for along with them than left out."""
_REFUSALS = {
    "Invalid user name or password": (
        N_("{host} denies access to this program."),
        N_("Have an administrator set user and password."),
    ),
    "No permission": (
        N_("{host} does not allow this user to export the survey."),
        N_("Give it the right to export responses, no other."),
    ),
    "Invalid session key": (N_("{host} ended the session."), AGAIN),
}


def list_forms(asking: Asking) -> Iterator[Form]:
    """List the surveys that the user may see.

    Raises:
        FarSideError: the server answers something else.
    """
    with _session(asking) as key:
        for survey in _call(asking, "list_surveys", [key]):
            yield Form(str(survey["sid"]), str(survey.get("surveyls_title") or survey["sid"]))


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch all answers, or those since the last fetch.

    Raises:
        FarSideError: the server answers something else.
    """
    name = asking.source.inbox_name
    before = find_before(name)
    with _session(asking) as key:
        summary = _call(asking, "get_summary", [key, int(asking.source.form), "all"])
        if "completed_responses" not in summary:
            raise asking.fault(NO_COUNT, N_("Activate the survey there."), form=asking.source.form)
        finished = int(summary["completed_responses"] or 0)
        expected = finished + int(summary.get("incomplete_responses") or 0)
        state = f"{finished}/{expected}"
        former, _, last = before.last.partition(" ")
        if not expected or (before.path is not None and former == state):
            return fetched_one(name)
        again: list[tuple[int, int]] = []
        is_part = before.path is not None and bool(last) and expected >= before.answers
        if is_part:
            again = _find_again(asking, key, before, int(last), place / "unfinished.csv")
            is_part = len(again) <= _MOST_AGAIN
        ranges = ((low, low + RANGE - 1) for low in itertools.count((int(last) + 1 if is_part else 1), RANGE))
        needed = expected - before.answers if is_part else expected
        path = place / "arrived.csv"
        reached = _write(asking, key, path, (again if is_part else [], ranges), needed)
    return fetched_one(
        name, Arrival(name, path, SHAPE, not is_part, expected, last=f"{state} {max(reached, int(last or 0))}")
    )


def _find_again(asking: Asking, key: str, before: Before, last: int, path: Path) -> list[tuple[int, int]]:
    """Find the ranges of answers that were unfinished at the last fetch, and are finished now."""
    if before.path is None:
        return []
    text = _export(asking, key, (1, last), "incomplete", heading="code", fields=["id"])
    path.write_text(text, encoding="utf-8", newline="")
    ranges: list[tuple[int, int]] = []
    gone = set(before.gone)
    for number in find_finished(before.path, path, SHAPE):
        if str(number) in gone:
            continue
        if ranges and number - ranges[-1][1] <= _NEAR and number - ranges[-1][0] < RANGE:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _write(
    asking: Asking, key: str, path: Path, ranges: tuple[list[tuple[int, int]], Iterator[tuple[int, int]]], needed: int
) -> int:
    """Write ranges of answers one behind the other; return the last one's number.

    First come the ranges to fetch again; then those that follow, until enough came.
    """
    header, arrived, empty, last = "", 0, 0, 0
    part = path.with_name("range.csv")
    again, following = ranges
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, id_range in enumerate(itertools.chain(again, following)):
            text = _export(asking, key, id_range)
            part_header = _read_header(text)
            if header and part_header != header:
                raise FarSideError(N_("The survey's questions were changed meanwhile."), AGAIN)
            part.write_text(text, encoding="utf-8", newline="")
            answers, newest = look(part, SHAPE)
            file.write(text if not header else text[len(part_header) :])
            header, last = part_header, max(last, int(newest or 0))
            if number >= len(again):
                arrived, empty = arrived + answers, 0 if answers else empty + 1
                asking.progress(asking.source.label, arrived, needed)
                if arrived >= needed or empty > _MOST_EMPTY:
                    break
    part.unlink(missing_ok=True)
    return last


def _read_header(text: str) -> str:
    """Return the first record as it stands; texts of questions have line ends."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=SHAPE.delimiter)
    next(reader, None)
    return "".join(itertools.islice(io.StringIO(text, newline=""), reader.line_num))


def _export(
    asking: Asking,
    key: str,
    numbers: tuple[int, int],
    status: str = "all",
    heading: str = "full",
    fields: list[str] | None = None,
) -> str:
    """Export the answers of a range as a CSV text with a header."""
    language = asking.source.language or None
    arguments = [key, int(asking.source.form), "csv", language, status, heading, "long", *numbers]
    answer = _call(asking, "export_responses", [*arguments, fields] if fields else arguments)
    try:
        return base64.b64decode(str(answer), validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        raise asking.fault(N_("The answer of {host} is damaged."), AGAIN) from None


@contextmanager
def _session(asking: Asking) -> Iterator[str]:
    key = _call(asking, "get_session_key", [asking.secrets["USER"], asking.secrets["PASSWORD"]])
    try:
        yield str(key)
    finally:
        with suppress(UserError):
            _call(asking, "release_session_key", [key])


def _call(asking: Asking, method: str, params: list[Any]) -> Any:
    """Return the result of one procedure."""
    source = asking.source
    url = source.address if source.parts.path.strip("/") else urljoin(source.address, PATH)
    answer = asking.ask("POST", url, json={"method": method, "params": params, "id": 1})
    is_result = isinstance(answer, dict) and "result" in answer
    remedy = N_("Switch on its JSON-RPC interface (Global settings, Interfaces), and check the address.")
    result = asking.expect(answer if is_result else None, dict, remedy)["result"]
    if answer.get("error") or (isinstance(result, dict) and "status" in result and result["status"] != "OK"):
        status = str(answer.get("error") or result["status"])
        what, remedy = _REFUSALS.get(status, (N_("{host} refuses: {said}."), N_("Look at the survey there.")))
        raise asking.fault(what, remedy, said=status[:200])
    return result


FAR_SIDES: FarSides = {Tool.LIMESURVEY: FarSide(list_forms, fetch)}
