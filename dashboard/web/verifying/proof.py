"""Prove that a file agrees with its build: make each receipt's file again from a snapshot, and compare."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
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
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE
from dashboard.scratch import Scratch
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.receipts.receipt import Receipt, name_campaign, read_receipt, this_program
from dashboard.snapshot.selection import Selection, parse
from dashboard.web.charts import making, requests
from dashboard.web.head_tags import write_tags
from dashboard.web.page_preview import PAGE, PageLink, preview_page
from dashboard.web.verifying.deviation import MOST, WHOLE_FILE, WORDS, Comparison, Deviation, State, join_words
from dashboard.web.verifying.document_figures import (
    TaggedSlide,
    compare_documents,
    compare_slides,
    open_slides,
    say_slide,
)
from dashboard.web.verifying.drawn_figures import compare_descriptions, compare_markup, compare_pictures
from dashboard.web.verifying.kinds import Kind, find_receipts, open_package, tell_kind
from dashboard.web.verifying.paper_figures import compare_papers
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
    "docx": compare_documents,
}
Compare = Callable[[bytes, bool], Comparison | None]
"""Compares a figure with the file made again, which may use other words for the same; None where it is not in it."""
_BY_BYTES = ("xlsx", "zip", "parquet")
"""Forms whose hash of values is of the written bytes, so that another edition of the program may have another one."""


class OwnWords(NamedTuple):
    """Words of the presenter with numbers, and those of the numbers that the build does not give."""

    text: str
    doubtful: tuple[str, ...] = ()

    def tell(self) -> Sentence:
        """Say them apart from what is published."""
        statement = sentence(N_("The presenter’s own words, which no build gives: “{words}”"), words=self.text)
        doubt = N_("These numbers are not among those of the build: {numbers}.")
        return join([statement, sentence(doubt, numbers=", ".join(self.doubtful)) if self.doubtful else ""])


@dataclass
class Part:
    """A figure of a file with its receipt: the whole file, or a slide.

    Attributes:
        receipt: None where it carries none.
        comparison: What differs from what its build gives.
        now: What differs from the published build, where that is another one, as far as it can be read; None where
            that does not have it.
        own_words: What the presenter has written with numbers, in sentences: no build gives them.
    """

    place: str
    state: State
    receipt: Receipt | None = None
    comparison: Comparison = field(default_factory=Comparison)
    now: list[Deviation] | None = field(default_factory=list)
    own_words: list[str] = field(default_factory=list)

    def write(self, t: Translator) -> dict[str, Any]:
        """Write it as in JSON, in the reader's language."""
        receipt = {"build": self.receipt.build, "of": self.receipt.of} if self.receipt else {}
        changed, now = self.comparison.deviations, self.now or []
        remarks = self.comparison.remarks
        if self.now is None:
            remarks = [*remarks, sentence(N_("The published build does not have this figure any more."))]
        return {
            "place": t(self.place),
            "state": self.state,
            "says": t(WORDS[self.state]),
            **receipt,
            "compared": self.comparison.compared,
            "changed": [one.write(t) for one in changed[:MOST]],
            "now": [one.write(t, "now") for one in now[:MOST]],
            "more": max(0, len(changed) - MOST) + max(0, len(now) - MOST),
            "own_words": list(map(t, self.own_words)),
            "remarks": list(map(t, remarks)),
        }


@dataclass
class Proof:
    """The result for one file.

    Attributes:
        receipts: Those of the comparison.
        parts: Its figures, each with a receipt of its own or without one.
        program: The edition of the program that compared it.
    """

    receipts: list[Receipt]
    parts: list[Part] = field(default_factory=list)
    program: str = field(default_factory=this_program)

    @property
    def comparison(self) -> Comparison:
        """The comparisons of all parts together."""
        result = Comparison(is_readable=all(part.comparison.is_readable for part in self.parts))
        for part in self.parts:
            result.take(part.comparison)
        return result

    def write(self, t: Translator) -> dict[str, Any]:
        """Write what is found as in JSON, in the reader's language."""
        state = max((part.state for part in self.parts), key=list(State).index)
        return {
            "ok": state is not State.UNSURE and bool(self.receipts) and not self.comparison.deviations,
            "state": state,
            "says": t(WORDS[state]),
            "compared": self.comparison.compared,
            "is_readable": self.comparison.is_readable,
            "program": self.program,
            "parts": [part.write(t) for part in self.parts],
        }

    def state(self) -> dict[str, Any]:
        """Return the proof as in JSON for programs that verify: what is found in English, and all parts together."""
        t, comparison = translator(SOURCE), self.comparison
        return {
            **self.write(t),
            "receipts": [receipt.state() for receipt in self.receipts],
            "deviations": [one.write(t) for one in comparison.deviations[:MOST]],
            "more": max(0, len(comparison.deviations) - MOST),
            "remarks": list(map(t, comparison.remarks)),
        }


class Prover:
    """Compare files with those from their builds; a file made again serves all comparisons."""

    def __init__(
        self,
        snapshot: Snapshot,
        settings: Settings,
        templates: Mapping[str, Path] | None = None,
        open_build: Callable[[str], Snapshot] | None = None,
    ) -> None:
        """Make files again from a snapshot.

        Args:
            snapshot: The published build; without `open_build` the one of every file, made again from its inputs.
            settings: Those of its campaign folder.
            templates: Designs in place of the campaign folder's, of decks (`pptx`) and documents (`docx`).
            open_build: Opens an earlier build, or raises a `GoneError`.
        """
        self._snapshot = snapshot
        self._settings = settings
        self._templates = templates
        self._open_build = open_build
        self._made: dict[tuple[Receipt, Path], bytes] = {}
        self._checked: set[Receipt] = set()
        self._own_words: dict[Receipt, tuple[OwnWords, ...]] = {}

    def prove(self, content: bytes, receipts: list[Receipt]) -> Proof:
        """Compare a file with those of its receipts.

        Raises:
            ValueError: the file cannot be read.
            UserError: a receipt's address leads to nothing, or is refused.
        """
        kind = tell_kind(content)
        if kind == "pptx":
            return Proof(receipts, list(self._prove_slides(content, receipts[0])))

        def compare(expected: bytes, is_other: bool) -> Comparison:
            return self._compare(content, expected, kind, receipts[0], is_other)

        return Proof(receipts, [self._prove_part(sentence(N_("the file")), receipts[0], compare)])

    def _prove_part(self, place: str, receipt: Receipt, compare: Compare) -> Part:
        """Prove a figure with its build, and hold it against the published one."""
        snapshot, state = self._find_build(receipt)
        part = Part(place, state, receipt)
        if snapshot is not None:
            is_other = receipt.program != this_program() or receipt.build != snapshot.build_id
            comparison = compare(self._make(receipt, snapshot), is_other)
            if comparison is None:
                part.comparison.remark(
                    sentence(N_("It is not the dashboard’s, and is not compared: {place}."), place=place)
                )
                return replace(part, state=State.NO_RECEIPT)
            part.comparison = comparison
            self._check_values(comparison, receipt, snapshot)
            if receipt.program != this_program():
                comparison.forgive_words()
            if comparison.deviations:
                is_certain = receipt.program == this_program() or any(one.is_text for one in comparison.deviations)
                part.state = State.CHANGED if is_certain else State.UNSURE
            own_words = self._list_own_words(receipt, snapshot)
            is_packed = receipt.form == "zip"  # what is in it is equal byte for byte, or read
            part.own_words = [
                one.tell() for one in own_words if is_packed or join_words([one.text]) in comparison.words
            ]
            if part.own_words and part.state is State.PUBLISHED:
                part.state = State.OWN_WORDS
        elif receipt.campaign not in ("", name_campaign(self._snapshot)):
            foreign = N_("The receipt is of another campaign: “{campaign}”.")
            part.comparison.remark(sentence(foreign, campaign=receipt.campaign))
            return part
        if snapshot is None:
            part.comparison.remark(N_("Its build is no longer here."))
        if snapshot is not self._snapshot:
            with suppress(UserError):
                today = compare(self._make(receipt, self._snapshot), True)
                part.now = None if today is None else [one for one in today.deviations if one.is_text]
                if today is not None and today.deviations and not part.now:
                    part.comparison.remark(N_("Today’s drawing is another one."))
        return part

    def _list_own_words(self, receipt: Receipt, snapshot: Snapshot) -> tuple[OwnWords, ...]:
        receipt = receipt.on_slide(0)
        if receipt not in self._own_words:
            self._own_words[receipt] = tuple(list_own_words(receipt, snapshot))
        return self._own_words[receipt]

    def _find_build(self, receipt: Receipt) -> tuple[Snapshot | None, State]:
        if self._open_build is None or receipt.build in ("", self._snapshot.build_id):
            return self._snapshot, State.PUBLISHED
        try:
            return self._open_build(receipt.build), State.OLDER
        except GoneError:
            return None, State.UNSURE

    def _make(self, receipt: Receipt, snapshot: Snapshot) -> bytes:
        receipt = receipt.on_slide(0)
        if (receipt, snapshot.path) not in self._made:
            # An edition that builds otherwise, or inputs after the erasure of a person, give another id.
            before = snapshot.build_id, snapshot.built_at
            try:
                snapshot.build_id = snapshot.campaign["build_id"] = receipt.build
                snapshot.built_at = receipt.built_at or before[1]
                again = make_again(receipt, snapshot, self._settings, self._templates)
            finally:
                snapshot.build_id, snapshot.built_at = before
                snapshot.campaign["build_id"] = before[0]
            self._made[receipt, snapshot.path] = again
        return self._made[receipt, snapshot.path]

    def _compare(self, actual: bytes, expected: bytes, kind: Kind, receipt: Receipt, is_other: bool) -> Comparison:
        if receipt.form == PAGE:
            return compare_descriptions(actual, expected)
        if kind == "png":
            return compare_pictures(actual, expected, receipt)
        if kind in ("svg", "html"):
            return compare_markup(actual, expected, is_svg=kind == "svg", is_free=is_other)
        if kind == "zip":
            return self._compare_packages(actual, expected, receipt, is_other)
        if kind == "json" and "json" not in receipt.form:
            return compare_offer(actual, expected)
        return _AS_ROWS[kind](actual, expected)

    def _compare_packages(self, actual: bytes, expected: bytes, receipt: Receipt, is_other: bool) -> Comparison:
        result = Comparison()
        with open_package(actual) as ours, open_package(expected) as theirs:
            for name in theirs.namelist():
                if name not in ours.namelist():
                    result.remark(sentence(N_("{name} is not there, and is not compared."), name=name))
                    continue
                content, should = ours.read(name), theirs.read(name)
                if content != should:
                    result.take(self._compare_member(content, should, receipt, is_other), name)
                result.compared += content == should
            for name in set(ours.namelist()) - set(theirs.namelist()):
                result.remark(sentence(N_("{name} is not the dashboard’s, and is not compared."), name=name))
        return result

    def _compare_member(self, actual: bytes, expected: bytes, receipt: Receipt, is_other: bool) -> Comparison:
        kind, result = tell_kind(actual), Comparison()
        if kind != tell_kind(expected):
            result.differ(WHOLE_FILE, kind, tell_kind(expected))
            return result
        if kind == "pptx":
            for actual_slide, expected_slide in zip(open_slides(actual), open_slides(expected), strict=False):
                result.take(compare_slides(actual_slide, expected_slide.slide))
            return result
        member_receipt = next(iter(find_receipts(actual, kind)), receipt)
        return self._compare(actual, expected, kind, member_receipt, is_other)

    def _prove_slides(self, content: bytes, file_receipt: Receipt) -> Iterator[Part]:
        """Compare each slide with that of its tag; in a file without tags, by their order."""
        slides = open_slides(content)
        has_tags = any(one.receipt for one in slides)
        for one in slides:
            place = say_slide(one.number)
            receipt = read_receipt(one.receipt) if one.receipt else file_receipt.on_slide(one.number)
            if has_tags and not one.receipt:
                part = Part(place, State.NO_RECEIPT)
                part.comparison.remark(
                    sentence(N_("It carries no receipt, and is not compared: {place}."), place=place)
                )
                yield part
            else:
                yield self._prove_part(place, receipt, partial(_compare_slide, one, receipt.slide))

    def _check_values(self, result: Comparison, receipt: Receipt, snapshot: Snapshot) -> None:
        """Compare the statements of the receipt itself with those of the file made again, once for all slides."""
        if (receipt := receipt.on_slide(0)) in self._checked:
            return
        self._checked.add(receipt)
        expected = self._make(receipt, snapshot)
        again = next(iter(find_receipts(expected, tell_kind(expected))), None)
        if again is None or not receipt.values:
            return
        is_other = receipt.program not in ("", again.program)
        if again.values != receipt.values and not (is_other and receipt.form in _BY_BYTES):
            result.differ(sentence(N_("the receipt, hash of the values")), receipt.values, again.values)
        if is_other:
            edition = N_("The file was made by edition {before} of the program; this is {now}.")
            result.remark(sentence(edition, before=receipt.program, now=again.program))
        if receipt.content and again.content and receipt.content != again.content:
            rows = N_("The build’s rows were others ({before}) than its inputs give here ({now}).")
            result.remark(sentence(rows, before=receipt.content, now=again.content))


def _compare_slide(slide: TaggedSlide, number: int, expected: bytes, _is_other: bool) -> Comparison | None:
    """Compare a slide with that of this number; None where the deck made again has none."""
    slides = open_slides(expected)
    return compare_slides(slide, slides[number - 1].slide) if 0 < number <= len(slides) else None


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
