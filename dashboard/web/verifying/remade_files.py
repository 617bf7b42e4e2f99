"""Make the file of a receipt again from a snapshot, and list the own words that its address brings along."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from dashboard.charts.catalogue import PLAIN
from dashboard.errors import Sentence, UserError, join, sentence
from dashboard.files.briefings.blocks import Block, list_typed_numbers
from dashboard.files.briefings.content import compose
from dashboard.files.briefings.order import (
    BRIEFING_FORMATS,
    CHART_FORMATS,
    BriefingRequest,
    Item,
    find_templates,
    read_briefing,
)
from dashboard.files.briefings.pack import write_request
from dashboard.files.extracts.choice import OF_A_FILE, find_file, read_file
from dashboard.files.extracts.table_files import write_file
from dashboard.ground import page_addresses
from dashboard.ground.tracking import drop_tracking
from dashboard.i18n import N_
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import Receipt
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.charts import making, requests
from dashboard.web.head_tags import write_tags
from dashboard.web.page_preview import PAGE, PageLink, preview_page


class OwnWords(NamedTuple):
    """Words of the presenter with numbers, and those of the numbers that the build does not give."""

    text: str
    doubtful: tuple[str, ...] = ()

    def tell(self) -> Sentence:
        """Say them apart from what is published."""
        statement = sentence(N_("The presenter’s own words, which no build gives: “{words}”"), words=self.text)
        doubt = N_("These numbers are not among those of the build: {numbers}.")
        return join([statement, sentence(doubt, numbers=", ".join(self.doubtful)) if self.doubtful else ""])


CHARTS, EXTRACTS, BRIEFING = "charts", "extracts", "briefing"


class UnknownAddressError(UserError):
    """The receipt's address leads to nothing that this program makes."""


class Place(NamedTuple):
    """An address, taken apart: the base of dashboard or folder, the subject, its name, its parameters."""

    base: str
    what: str
    name: str
    query: Mapping[str, Sequence[str]]
    pairs: Sequence[tuple[str, str]]


def read_place(of: str) -> Place:
    """Take the address of a receipt apart. Any other path is a file of a folder, or a page."""
    address = urlsplit(of)
    parts = [unquote(part) for part in address.path.split("/")]
    at = next((number for number, part in enumerate(parts) if part in (CHARTS, EXTRACTS, BRIEFING)), len(parts) - 1)
    base = f"{address.scheme}://{address.netloc}" if address.scheme else ""
    query = drop_tracking(parse_qs(address.query, keep_blank_values=True))
    pairs = [(key, value) for key, value in parse_qsl(address.query) if key in query]
    if parts[at] in (CHARTS, EXTRACTS, BRIEFING):
        return Place(base + "/".join(parts[:at]), parts[at], "/".join(parts[at + 1 :]), query, pairs)
    if parts[at].partition(".")[0] in PLAIN and "." in parts[at]:
        return Place(f"{base}{'/'.join(parts[:at])}/", CHARTS, parts[at], query, pairs)
    if find_file(parts[at]):
        return Place(f"{base}{'/'.join(parts[: at - 1])}/", EXTRACTS, parts[at], query, pairs)
    return Place(base + "/".join(parts[:at]), PAGE, parts[at], query, pairs)


def make_again(
    receipt: Receipt, snapshot: Snapshot, settings: Settings, templates: Mapping[str, Path] | None = None
) -> bytes:
    """Make the file of a receipt again from a snapshot.

    Args:
        receipt: The file's receipt.
        snapshot: The build, with the id and the moment of the receipt.
        settings: Those of its campaign folder; the dashboard's address is the receipt's.
        templates: Designs in place of the campaign folder's, of decks (`pptx`) and documents (`docx`).

    Raises:
        UnknownAddressError: the address leads to nothing that is made here.
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
            designs = {**find_templates(settings.campaign), **(templates or {})}
            request = _read_briefing(receipt, place, snapshot)
            write_request(snapshot, request, receipt.form, target, place.base, designs)
        return target.read_bytes()


def list_own_words(receipt: Receipt, snapshot: Snapshot) -> Iterator[OwnWords]:
    """List the words with typed numbers that the address of a receipt brings along."""
    place = read_place(receipt.of)
    if place.what not in (CHARTS, BRIEFING) or (place.what == CHARTS and receipt.form not in requests.FORMATS):
        return
    if place.what == CHARTS:
        request = BriefingRequest((Item(title=_read_chart(receipt, place, snapshot).title or ""),), Selection())
    else:
        request = _read_briefing(receipt, place, snapshot)
    items = request.items
    yield from (OwnWords(text) for text in (request.title, *(item.notes for item in items)) if list_typed_numbers(text))
    if not any(list_typed_numbers(item.title) for item in items):
        return
    blocks = (
        compose(snapshot, request.selection, items, place.base).blocks if place.what == BRIEFING else (Block("chart"),)
    )
    for item, block in zip(items, blocks, strict=True):
        typed = list_typed_numbers(item.title)
        for text in [paragraph.text for paragraph in block.paragraphs] or [item.title]:
            if typed.keys() & list_typed_numbers(text).keys():
                yield OwnWords(text, tuple(number for number in block.doubtful if number in text))


def _read_chart(receipt: Receipt, place: Place, snapshot: Snapshot) -> requests.ChartRequest:
    chart_id = place.name.partition(".")[0].partition("/")[0]
    if receipt.form not in requests.FORMATS:
        raise _unknown(receipt)
    return requests.read(chart_id, receipt.form, place.query, snapshot)


def _read_briefing(receipt: Receipt, place: Place, snapshot: Snapshot) -> BriefingRequest:
    """Read the parameters of the file of a briefing, or of one chart."""
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
