"""Prove that a file agrees with its build: make each receipt's file again from a snapshot, and compare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from dashboard.charts.catalogue import PLAIN
from dashboard.errors import UserError
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
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.receipt import Receipt, read_receipt, this_program
from dashboard.snapshot.selection import parse
from dashboard.web.charts import making, requests
from dashboard.web.head_tags import write_tags
from dashboard.web.page_preview import PAGE, PageLink, preview_page
from dashboard.web.verifying.deviation import MOST, Comparison
from dashboard.web.verifying.document_figures import compare_papers, compare_slides, open_slides
from dashboard.web.verifying.drawn_figures import compare_descriptions, compare_markup, compare_pictures
from dashboard.web.verifying.kinds import Kind, find_receipts, open_package, tell_kind
from dashboard.web.verifying.row_figures import (
    compare_books,
    compare_csv,
    compare_json,
    compare_offer,
    compare_parquet,
)

_AS_ROWS: dict[Kind, Callable[[bytes, bytes], Comparison]] = {
    "xlsx": compare_books,
    "csv": compare_csv,
    "parquet": compare_parquet,
    "json": compare_json,
    "pdf": compare_papers,
}
_BY_BYTES = ("xlsx", "zip", "parquet")
"""Forms whose hash of values is of the written bytes, so that another edition of the program may have another one."""


@dataclass
class Proof:
    """The result for one file.

    Attributes:
        receipts: Those of the comparison.
        program: The edition of the program that compared it.
    """

    receipts: list[Receipt]
    comparison: Comparison = field(default_factory=Comparison)
    program: str = field(default_factory=this_program)

    def state(self) -> dict[str, Any]:
        """Return the proof as in JSON."""
        comparison = self.comparison
        return {
            "ok": not comparison.deviations,
            "compared": comparison.compared,
            "is_readable": comparison.is_readable,
            "program": self.program,
            "receipts": [receipt.state() for receipt in self.receipts],
            "deviations": [one._asdict() for one in comparison.deviations[:MOST]],
            "more": max(0, len(comparison.deviations) - MOST),
            "remarks": comparison.remarks,
        }


class Prover:
    """Compare files with those from one snapshot; a file made again serves all comparisons."""

    def __init__(self, snapshot: Snapshot, settings: Settings, templates: Mapping[str, Path] | None = None) -> None:
        """Make files again from a snapshot.

        Args:
            snapshot: The build, made again from its inputs.
            settings: Those of its campaign folder.
            templates: Designs in place of the campaign folder's, of decks (`pptx`) and documents (`docx`).
        """
        self._snapshot = snapshot
        self._settings = settings
        self._templates = templates
        self._made: dict[Receipt, bytes] = {}
        self._built_at = snapshot.built_at
        self._build_id = snapshot.build_id

    def prove(self, content: bytes, receipts: list[Receipt]) -> Proof:
        """Compare a file with those of its receipts.

        Raises:
            ValueError: the file cannot be read.
            UserError: a receipt's address leads to nothing, or is refused.
        """
        proof = Proof(receipts)
        kind = tell_kind(content)
        if kind == "pptx":
            proof.comparison.take(self._prove_slides(content, receipts[0]))
        else:
            expected = self._make(receipts[0])
            proof.comparison = self._compare(content, expected, kind, receipts[0])
        for receipt in receipts:
            self._check_values(proof.comparison, receipt)
        return proof

    def _make(self, receipt: Receipt) -> bytes:
        receipt = receipt.on_slide(0)
        if receipt not in self._made:
            # An edition that builds otherwise, or inputs after the erasure of a person, give another id.
            self._snapshot.build_id = self._snapshot.campaign["build_id"] = receipt.build
            self._snapshot.built_at = receipt.built_at or self._built_at
            self._made[receipt] = make_again(receipt, self._snapshot, self._settings, self._templates)
        return self._made[receipt]

    def _compare(self, actual: bytes, expected: bytes, kind: Kind, receipt: Receipt) -> Comparison:
        if receipt.form == PAGE:
            return compare_descriptions(actual, expected)
        if kind == "png":
            return compare_pictures(actual, expected, receipt)
        if kind == "svg":
            return compare_markup(actual, expected, is_svg=True, is_free=self._is_other(receipt))
        if kind == "html":
            return compare_markup(actual, expected, is_free=self._is_other(receipt))
        if kind == "zip":
            return self._compare_packages(actual, expected, receipt)
        if kind == "json" and "json" not in receipt.form:
            return compare_offer(actual, expected)
        return _AS_ROWS[kind](actual, expected)

    def _is_other(self, receipt: Receipt) -> bool:
        """Return whether another edition of the program made the file or its build: it may use other words."""
        return receipt.program != this_program() or receipt.build != self._build_id

    def _compare_packages(self, actual: bytes, expected: bytes, receipt: Receipt) -> Comparison:
        result = Comparison()
        with open_package(actual) as ours, open_package(expected) as theirs:
            for name in theirs.namelist():
                if name not in ours.namelist():
                    result.remark(f"{name} is not there, and is not compared.")
                    continue
                content, should = ours.read(name), theirs.read(name)
                if content != should:
                    result.take(self._compare_member(content, should, receipt), f"{name}: ")
                result.compared += content == should
            for name in set(ours.namelist()) - set(theirs.namelist()):
                result.remark(f"{name} is not the dashboard's, and is not compared.")
        return result

    def _compare_member(self, actual: bytes, expected: bytes, receipt: Receipt) -> Comparison:
        kind = tell_kind(actual)
        if kind != tell_kind(expected):
            result = Comparison()
            result.differ("the file", f"a file of the kind {kind}", tell_kind(expected))
            return result
        if kind == "pptx":
            result = Comparison()
            for actual_slide, expected_slide in zip(open_slides(actual), open_slides(expected), strict=False):
                result.take(compare_slides(actual_slide, expected_slide.slide))
            return result
        member_receipt = next(iter(find_receipts(actual, kind)), receipt)
        return self._compare(actual, expected, kind, member_receipt)

    def _prove_slides(self, content: bytes, file_receipt: Receipt) -> Comparison:
        """Compare each slide with that of its tag; in a file without tags, by their order."""
        result, slides = Comparison(), open_slides(content)
        has_tags = any(one.receipt for one in slides)
        for one in slides:
            receipt = read_receipt(one.receipt) if one.receipt else file_receipt.on_slide(one.number)
            if has_tags and not one.receipt:
                result.remark(f"Slide {one.number} carries no receipt, and is not compared.")
                continue
            expected_slides = open_slides(self._make(receipt))
            if not 0 < receipt.slide <= len(expected_slides):
                result.remark(f"Slide {one.number} is not the dashboard's, and is not compared.")
                continue
            result.take(compare_slides(one, expected_slides[receipt.slide - 1].slide))
        return result

    def _check_values(self, result: Comparison, receipt: Receipt) -> None:
        """Compare the statements of the receipt itself with those of the file made again."""
        expected = self._make(receipt)
        again = next(iter(find_receipts(expected, tell_kind(expected))), None)
        if again is None or not receipt.values:
            return
        is_other = receipt.program not in ("", again.program)
        if again.values != receipt.values and not (is_other and receipt.form in _BY_BYTES):
            result.differ("the receipt, hash of the values", receipt.values, again.values)
        if is_other:
            result.remark(f"The file was made by edition {receipt.program} of the program; this is {again.program}.")
        if receipt.content and again.content and receipt.content != again.content:
            result.remark(
                f"The build's rows were others ({receipt.content}) than its inputs give here ({again.content})."
            )


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
