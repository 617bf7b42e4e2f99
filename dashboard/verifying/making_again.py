"""What a receipt's address makes, made again from a snapshot: a chart, an extract, a briefing, the head of a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from dashboard.briefings.order import (
    BRIEFING_FORMATS,
    CHART_FORMATS,
    BriefingRequest,
    Item,
    find_template,
    read_briefing,
)
from dashboard.briefings.pack import write_request
from dashboard.charts.catalogue import CATALOGUE
from dashboard.errors import UserError
from dashboard.extracts.choice import OF_A_FILE, find_file, read_file
from dashboard.extracts.table_files import write_file
from dashboard.ground import page_addresses
from dashboard.ground.tracking import drop_tracking
from dashboard.receipts.receipt import Receipt
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import parse
from dashboard.web.charts import making, requests
from dashboard.web.head_tags import write_tags
from dashboard.web.page_preview import PAGE, PageLink, preview_page

CHARTS, EXTRACTS, BRIEFING = "charts", "extracts", "briefing"


class UnknownAddressError(UserError):
    """The receipt's address is of nothing that this program makes."""


class Place(NamedTuple):
    """An address, taken apart: the base of dashboard or folder, what is asked for, its name, its parameters."""

    base: str
    what: str
    name: str
    query: Mapping[str, Sequence[str]]
    pairs: Sequence[tuple[str, str]]


def read_place(of: str) -> Place:
    """An address of a receipt, taken apart. A path that is none of the others is a file of a folder, or a page."""
    address = urlsplit(of)
    parts = [unquote(part) for part in address.path.split("/")]
    at = next((number for number, part in enumerate(parts) if part in (CHARTS, EXTRACTS, BRIEFING)), len(parts) - 1)
    base = f"{address.scheme}://{address.netloc}" if address.scheme else ""
    query = drop_tracking(parse_qs(address.query, keep_blank_values=True))
    pairs = [(key, value) for key, value in parse_qsl(address.query) if key in query]
    if parts[at] in (CHARTS, EXTRACTS, BRIEFING):
        return Place(base + "/".join(parts[:at]), parts[at], "/".join(parts[at + 1 :]), query, pairs)
    if parts[at].partition(".")[0] in CATALOGUE and "." in parts[at]:
        return Place(f"{base}{'/'.join(parts[:at])}/", CHARTS, parts[at], query, pairs)
    if find_file(parts[at]):
        return Place(f"{base}{'/'.join(parts[: at - 1])}/", EXTRACTS, parts[at], query, pairs)
    return Place(base + "/".join(parts[:at]), PAGE, parts[at], query, pairs)


def make_again(receipt: Receipt, snapshot: Snapshot, settings: Settings, template: Path | None = None) -> bytes:
    """The file that a receipt is of, made from a snapshot.

    Args:
        receipt: Says what it is.
        snapshot: The build, under the id and the moment that the receipt states.
        settings: Where its campaign folder is; the dashboard's own address is the receipt's.
        template: The campaign's own design of decks.

    Raises:
        UnknownAddressError: the address is of nothing that is made here.
        UserError: the address is refused, or the file cannot be made.
    """
    place = read_place(receipt.of)
    settings = settings.model_copy(update={"base_url": place.base})
    if place.what == PAGE:
        part, pairs = page_addresses.read(place.name, place.pairs)
        page = preview_page(snapshot, PageLink(part, "", tuple(pairs)), settings)
        return f"<html><head>{write_tags(page.preview)}</head><body></body></html>".encode()
    if place.what == CHARTS and receipt.form not in CHART_FORMATS:
        return making.make(snapshot, _read_chart(receipt, place, snapshot), settings)
    with Scratch("verify") as folder:
        target = Path(folder) / "again"
        if place.what == EXTRACTS:
            _write_extract(receipt, place, snapshot, target)
        else:
            design = template or find_template(settings.campaign)
            request = _read_briefing(receipt, place, snapshot)
            write_request(snapshot, request, receipt.form, target, place.base, design)
        return target.read_bytes()


def _read_chart(receipt: Receipt, place: Place, snapshot: Snapshot) -> requests.ChartRequest:
    chart_id = place.name.partition(".")[0].partition("/")[0]
    if receipt.form not in requests.FORMATS:
        raise _unknown(receipt)
    return requests.read(chart_id, receipt.form, place.query, snapshot)


def _read_briefing(receipt: Receipt, place: Place, snapshot: Snapshot) -> BriefingRequest:
    """What the file of a briefing, or of one chart, holds."""
    if place.what == CHARTS:
        chart_request = _read_chart(receipt, place, snapshot)
        item = Item(chart_request.chart_id, chart_request.title or "", chart_request.options)
        return BriefingRequest((item,), chart_request.selection, is_single=True)
    if receipt.form not in BRIEFING_FORMATS:
        raise _unknown(receipt)
    return read_briefing(place.query, snapshot)


def _write_extract(receipt: Receipt, place: Place, snapshot: Snapshot, target: Path) -> None:
    file = find_file(place.name)
    if file is None:
        raise _unknown(receipt)
    selection = parse(place.query, snapshot, OF_A_FILE).in_order()
    write_file(snapshot, selection, read_file(file, place.query), target, place.base)


def _unknown(receipt: Receipt) -> UnknownAddressError:
    return UnknownAddressError(
        f"The receipt's address {receipt.of} is of nothing that this program makes.",
        "Verify the file with the program that made it.",
    )
