"""ODK Central: the export of a form as a ZIP archive of CSV texts, whole or the new and changed answers.

Shapes as in getodk/central-backend (`docs/api.yaml`; `lib/model/query/submissions.js`: the newest answers come first)
and as ruODK (`submission_export`) uses them.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from dashboard.campaign.sources import Tool
from dashboard.errors import UserError
from dashboard.i18n import N_
from etl.sources.asking import AGAIN, CHECK, NO_COUNT, Asking
from etl.sources.far_side import Arrival, FarSide, FarSides, Fetched, Form, Known, fetched_one
from etl.sources.merging import Shape

SHAPE = Shape(",", "KEY", "PARENT_KEY", newest_first=True)
_OVERLAP = timedelta(minutes=2)
"""The overlap of two fetches, for answers written while the last export was made."""


def list_forms(asking: Asking) -> Iterator[Form]:
    """List the forms of every project that the user may see.

    Raises:
        FarSideError: the server answers something else.
    """
    with _session(asking):
        for project in _list(asking, "/v1/projects"):
            title = str(project.get("name") or project.get("id"))
            for form in _list(asking, f"/v1/projects/{int(project['id'])}/forms"):
                count = form.get("submissions")
                yield Form(
                    f"{project['id']}/{form['xmlFormId']}",
                    f"{title}: {form.get('name') or form['xmlFormId']}",
                    count if isinstance(count, int) else None,
                )


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch all answers, or those that came or changed since the last fetch.

    Raises:
        FarSideError: the server answers something else.
    """
    name = asking.source.inbox_name
    before = find_before(name)
    project, _, form = asking.source.form.partition("/")
    address = urljoin(asking.source.address, f"/v1/projects/{project}/forms/{quote(form, safe='')}")
    with _session(asking):
        facts = asking.ask("GET", address, headers={"X-Extended-Metadata": "true"})
        expected = facts.get("submissions") if isinstance(facts, dict) else None
        moment = asking.moment
        if not isinstance(expected, int):
            remedy = N_("Check the address, and that the user is a viewer of the project.")
            raise asking.fault(NO_COUNT, remedy, form=form)
        is_whole = before.path is None or not before.last or expected < before.answers
        query = {"attachments": "false"}
        if not is_whole:
            since = (datetime.fromisoformat(before.last) - _OVERLAP).isoformat(timespec="milliseconds")
            query["$filter"] = f"__system/submissionDate gt {since} or __system/updatedAt gt {since}"
        down = asking.download(f"{address}/submissions.csv.zip?{urlencode(query)}", place / "arrived.zip")
    if down is None:
        raise asking.fault(N_("{host} sent no export."), AGAIN)
    return fetched_one(name, Arrival(name, down.path, SHAPE, is_whole, expected, last=moment))


@contextmanager
def _session(asking: Asking) -> Iterator[None]:
    """Sign in for a session that ends afterwards."""
    credentials = {"email": asking.secrets["USER"], "password": asking.secrets["PASSWORD"]}
    answer = asking.ask("POST", urljoin(asking.source.address, "/v1/sessions"), json=credentials)
    token = asking.expect(asking.expect(answer, dict, CHECK).get("token") or None, str, CHECK)
    asking.headers["Authorization"] = f"Bearer {token}"
    try:
        yield
    finally:
        with suppress(UserError):
            asking.ask("DELETE", urljoin(asking.source.address, f"/v1/sessions/{quote(token, safe='')}"))
        asking.headers.pop("Authorization", None)


def _list(asking: Asking, path: str) -> list[dict[str, Any]]:
    answer = asking.ask("GET", urljoin(asking.source.address, path), headers={"X-Extended-Metadata": "true"})
    return [asking.expect(entry, dict, CHECK) for entry in asking.expect(answer, list, CHECK)]


FAR_SIDES: FarSides = {Tool.ODK_CENTRAL: FarSide(list_forms, fetch)}
