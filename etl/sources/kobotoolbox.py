"""KoboToolbox by version 2 of its API: forms are *assets*, an export is ordered, waited for and fetched.

Shapes as in kobotoolbox/kpi (`kpi/views/v2/export_task.py`, `kpi/constants.py`) and as its clients use them:
KoboconnectR (`kobo_export_create`) and robotoolbox.
"""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from dashboard.campaign.sources import Tool
from dashboard.errors import UserError
from dashboard.i18n import N_
from etl.sources.asking import AGAIN, LONGEST, NO_COUNT, Asking
from etl.sources.far_side import Arrival, FarSide, FarSides, Fetched, Form, Known, fetched_one
from etl.sources.merging import Shape

SHAPE = Shape(";", "_id")
CODES = "_xml"
"""The “language” of an export that has the form's own codes, whatever the questions are called today."""
_MOST_PAGES = 200
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)


def list_forms(asking: Asking) -> Iterator[Form]:
    """List the forms that the token may see, page by page.

    Raises:
        FarSideError: the server answers something else, or the same page again and again.
    """
    url = urljoin(asking.source.address, "/api/v2/assets/?q=asset_type:survey&limit=100&format=json")
    read_urls = set[str]()
    while url:
        if url in read_urls or len(read_urls) > _MOST_PAGES:
            raise asking.fault(N_("{host} lists its forms endlessly."), N_("Write the form's id by hand."))
        read_urls.add(url)
        page = _ask(asking, "GET", url)
        for asset in page.get("results") or ():
            if isinstance(asset, dict) and asset.get("uid") and asset.get("has_deployment", True):
                count = asset.get("deployment__submission_count")
                yield Form(str(asset["uid"]), str(asset.get("name") or ""), count if isinstance(count, int) else None)
        url = urljoin(url, str(page.get("next") or "")) if page.get("next") else ""


def fetch(asking: Asking, find_before: Known, place: Path) -> Fetched:
    """Fetch all answers, or those since the last fetch.

    Raises:
        FarSideError: the server answers something else, or the export does not come about.
    """
    name = asking.source.inbox_name
    before = find_before(name)
    asset = urljoin(asking.source.address, f"/api/v2/assets/{asking.source.form}/")
    facts = _ask(asking, "GET", f"{asset}?format=json")
    expected = facts.get("deployment__submission_count")
    if not isinstance(expected, int):
        remedy = N_("Deploy the form, and let this token's user view its submissions.")
        raise asking.fault(NO_COUNT, remedy, form=asking.source.form)
    if before.path is not None and expected == before.answers:
        return fetched_one(name)
    is_text = name.lower().endswith(".csv")
    is_whole = not (is_text and before.path is not None and before.last and expected > before.answers)
    export = _order(asking, asset, is_text, "" if is_whole else before.last)
    try:
        down = asking.download(urljoin(asset, str(export["result"])), place / f"arrived{Path(name).suffix}")
    finally:
        with suppress(UserError):  # the copy there; the server drops the oldest by itself
            asking.ask("DELETE", urljoin(asset, str(export["url"])))
    if down is None:
        raise asking.fault(N_("{host} has lost the export."), AGAIN)
    if not is_text:
        return fetched_one(name, Arrival(name, down.path, expected=expected))
    return fetched_one(name, Arrival(name, down.path, SHAPE, is_whole, expected, last_column=SHAPE.key))


def _order(asking: Asking, asset: str, is_text: bool, since: str) -> dict[str, Any]:
    """Order an export and wait for it."""
    settings: dict[str, Any] = {
        "type": "csv" if is_text else "xls",
        "lang": asking.source.language or CODES,
        "fields_from_all_versions": "true",
        "group_sep": "/",
        "hierarchy_in_labels": "false",
        "multiple_select": "both",
    }
    if since:
        settings["query"] = {"_id": {"$gt": int(since)}}
    export = _ask(asking, "POST", f"{asset}exports/?format=json", json=settings)
    until, number = time.monotonic() + LONGEST, 0
    while export.get("status") != "complete" or not export.get("result"):
        if export.get("status") == "error":
            messages = json.dumps(export.get("messages") or {}, ensure_ascii=False)[:300]
            what = N_("{host} could not make the export: {said}.")
            raise asking.fault(what, N_("Try the export on its own page."), said=messages)
        if not export.get("url") or time.monotonic() > until:
            raise asking.fault(N_("{host} did not finish the export."), AGAIN)
        time.sleep(_PAUSES[min(number, len(_PAUSES) - 1)])
        number += 1
        asking.progress(asking.source.label, 0, 0)
        export = _ask(asking, "GET", urljoin(asset, str(export["url"])))
    return export


def _ask(asking: Asking, method: str, url: str, **options: Any) -> dict[str, Any]:
    answer = asking.ask(method, url, **options)
    return dict(asking.expect(answer, dict, N_("Check the address: it is that of the forms.")))


FAR_SIDES: FarSides = {Tool.KOBOTOOLBOX: FarSide(list_forms, fetch)}
