"""Prove that a file agrees with its build: make each receipt's file again from a snapshot, and compare."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

from dashboard.campaign.brand import read_look
from dashboard.errors import SelectionError, UserError, sentence
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot import database, kept_builds
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.receipts.carried import hash_picture
from dashboard.snapshot.receipts.kinds import Kind, find_receipts, open_package, tell_kind
from dashboard.snapshot.receipts.receipt import Receipt, name_campaign, read_receipt, this_program
from dashboard.web.page_preview import PAGE
from dashboard.web.verifying.comparing import (
    FOREIGN,
    MISSING,
    OTHERWISE_DRAWN,
    OTHERWISE_PAINTED,
    WHOLE_FILE,
    Block,
    compare,
    find_difference,
)
from dashboard.web.verifying.deviation import NOTHING, Comparison, Part, Proof, State, join_words
from dashboard.web.verifying.document_figures import (
    TaggedSlide,
    open_slides,
    read_deck,
    read_document,
    read_slide,
    say_slide,
)
from dashboard.web.verifying.drawn_figures import read_descriptions, read_markup, read_paper
from dashboard.web.verifying.remade_files import OwnWords, UnknownAddressError, list_own_words, make_again
from dashboard.web.verifying.row_figures import read_book, read_csv, read_json, read_parquet

_READERS: dict[Kind, Callable[[bytes], list[Block]]] = {
    "svg": partial(read_markup, is_svg=True),
    "html": read_markup,
    "pdf": read_paper,
    "pptx": read_deck,
    "docx": read_document,
    "xlsx": read_book,
    "csv": read_csv,
    "parquet": read_parquet,
    "json": read_json,
}
Compare = Callable[..., Comparison | None]
"""Compares a figure with the file made again, which may use other words for the same; None where it is not in it."""
_ROWS = N_("Rows of text have no place for a receipt: compare them with the address that they came from.")
_PICTURE = N_(
    "A photo, a screenshot or a picture that a network or a messenger has passed on has lost its receipt: ask for the "
    "original."
)
_OTHER = N_("It is not the dashboard’s, or another program has taken the receipt out of it.")
_PHOTOS = (b"\xff\xd8\xff", b"GIF8", b"RIFF")
DAMAGED = N_("The file cannot be read: it is damaged, protected, or too large once unpacked.")
AGAIN = N_("Take it again from the dashboard.")
_BY_BYTES = ("xlsx", "zip", "parquet")
"""Forms whose hash of values is of the written bytes, so that another edition of the program may have another one."""


class Prover:
    """Compare files with those from their builds; a file made again serves all comparisons."""

    def __init__(
        self, settings: Settings, templates: Mapping[str, Path] | None = None, *, is_made_again: bool = False
    ) -> None:
        """Make files again from the builds that are kept.

        Args:
            settings: Those of the campaign folder.
            templates: Designs in place of the campaign folder's, of decks (`pptx`) and documents (`docx`).
            is_made_again: Whether the published build is that of all files, made again from its inputs.

        Raises:
            SnapshotError: nothing is published.
        """
        self._snapshot = database.current(settings)
        self._settings = settings
        self._templates = templates
        self._is_made_again = is_made_again
        self._made: dict[tuple[Receipt, Path], bytes] = {}
        self._checked: set[Receipt] = set()
        self._own_words: dict[Receipt, tuple[OwnWords, ...]] = {}

    def prove(self, content: bytes, receipts: list[Receipt] | None = None) -> Proof:
        """Compare a file with what the builds of its receipts give; of one without a receipt nothing can be said.

        `receipts`: what it is, where it does not carry them.

        Raises:
            UserError: it cannot be read, or its receipt leads to nothing.
        """
        try:
            kind = tell_kind(content)
            receipts = receipts or find_receipts(content, kind)
            if not receipts:
                is_picture = kind == "png" or content.startswith(_PHOTOS)
                why = _PICTURE if is_picture else _ROWS if kind in ("csv", "json") else _OTHER
                return Proof([], [Part(WHOLE_FILE, State.NO_RECEIPT, comparison=Comparison(remarks=[why]))])
            if kind == "pptx":
                return Proof(receipts, list(self._prove_slides(content, receipts[0])))
            compare_whole = partial(compare_files, content, receipt=receipts[0])
            return Proof(receipts, [self._prove_part(sentence(N_("the file")), receipts[0], compare_whole)])
        except (SelectionError, UnknownAddressError) as error:
            what = N_("The receipt’s address leads to nothing that this program makes.")
            raise UserError(what, N_("Check it where it was made.")) from error
        except (OSError, ValueError, KeyError, MemoryError) as error:
            raise UserError(DAMAGED, AGAIN) from error

    def make_published(self, receipt: Receipt) -> bytes:
        """Make the file of a receipt as its build gives it, or else as the published one.

        Raises:
            UserError: its address leads to nothing, or is refused.
        """
        return self._make(receipt, self._find_build(receipt)[0] or self._snapshot)

    def _prove_part(self, place: str, receipt: Receipt, compare: Compare) -> Part:
        """Prove a figure with its build, and hold it against the published one."""
        snapshot, state = self._find_build(receipt)
        part = Part(place, state, receipt)
        if snapshot is not None:
            is_other = receipt.program != this_program() or receipt.build != snapshot.build_id
            comparison = compare(self._make(receipt, snapshot), is_other=is_other)
            if comparison is None:
                part.comparison.remark(sentence(FOREIGN, place=place))
                return replace(part, state=State.NO_RECEIPT)
            part.comparison = comparison
            self._check_values(comparison, receipt, snapshot)
            if receipt.program != this_program():
                comparison.forgive_words()
            is_alike = self._forgive_look(comparison, receipt)
            if comparison.deviations:
                is_certain = is_alike or any(one.is_text for one in comparison.deviations)
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
                today = compare(self._make(receipt, self._snapshot), is_other=True)
                part.now = None if today is None else [one for one in today.deviations if one.is_text]
                if today is not None and today.deviations and not part.now:
                    part.comparison.remark(N_("Today’s drawing is another one."))
        return part

    def _forgive_look(self, comparison: Comparison, receipt: Receipt) -> bool:
        """Return whether the same is drawn alike here: by this program, with the look and the letters of the file."""
        look = read_look(self._settings.campaign)
        if comparison.deviations and receipt.look != look.key:
            comparison.remark(N_("It was made with another logo or other colours: what is drawn cannot be compared."))
            names = {NOTHING, *look.names.values()}  # the words for the logo
            comparison.deviations = [one for one in comparison.deviations if not {one.says, one.should} <= names]
            return False
        return receipt.program == this_program() and OTHERWISE_PAINTED not in comparison.remarks

    def _list_own_words(self, receipt: Receipt, snapshot: Snapshot) -> tuple[OwnWords, ...]:
        receipt = receipt.on_slide(0)
        if receipt not in self._own_words:
            self._own_words[receipt] = tuple(list_own_words(receipt, snapshot))
        return self._own_words[receipt]

    def _find_build(self, receipt: Receipt) -> tuple[Snapshot | None, State]:
        if self._is_made_again or receipt.build in ("", self._snapshot.build_id):
            return self._snapshot, State.PUBLISHED
        try:
            return kept_builds.kept_builds().open(self._settings, receipt.build), State.OLDER
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

    def _prove_slides(self, content: bytes, file_receipt: Receipt) -> Iterator[Part]:
        """Compare each slide with that of its tag; in a file without tags, by their order."""
        slides = open_slides(content)
        has_tags = any(one.receipt for one in slides)
        for one in slides:
            place = say_slide(one.number)
            receipt = read_receipt(one.receipt) if one.receipt else file_receipt.on_slide(one.number)
            if has_tags and not one.receipt:
                remark = sentence(N_("It carries no receipt, and is not compared: {place}."), place=place)
                yield Part(place, State.NO_RECEIPT, comparison=Comparison(remarks=[remark]))
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


def _compare_slide(slide: TaggedSlide, number: int, expected: bytes, *, is_other: bool) -> Comparison | None:
    """Compare a slide with that of this number; None where the deck made again has none."""
    slides, place = open_slides(expected), say_slide(slide.number)
    if not 0 < number <= len(slides):
        return None
    return compare(read_slide(slide.slide, place), read_slide(slides[number - 1].slide, place))


def compare_files(actual: bytes, expected: bytes, *, receipt: Receipt, is_other: bool = False) -> Comparison:
    """Compare a file with the one made again; `is_other`: the same figures may have other words in drawings.

    Raises:
        ValueError: the file cannot be read.
    """
    kind = tell_kind(actual)
    if kind == "png":
        return _compare_painted(actual, expected, receipt)
    if kind == "zip":
        return _compare_packages(actual, expected, receipt, is_other)
    if kind == "json" and "json" not in receipt.form:
        return _compare_offer(actual, expected)
    read = read_descriptions if receipt.form == PAGE else _READERS[kind]
    comparison = compare(read(actual), read(expected))
    if is_other and kind in ("svg", "html"):
        comparison.forgive_words()
    return comparison


def _compare_painted(actual: bytes, expected: bytes, receipt: Receipt) -> Comparison:
    """Compare a picture, which cannot be read: one that differs was changed, or painted with other fonts.

    The receipt decides: its hash is that of the original image.
    """
    result = Comparison(compared=1, is_readable=False)
    place = find_difference(actual, expected)
    if place is not None and hash_picture(actual) == receipt.picture:
        result.remark(OTHERWISE_PAINTED)
        result.differ(place, sentence(N_("pixels that cannot be read")), OTHERWISE_DRAWN[1], is_text=False)
    elif place is not None:
        result.differ(place, *OTHERWISE_DRAWN, is_text=False)
    return result


def _compare_offer(actual: bytes, expected: bytes) -> Comparison:
    """Compare a chart's oEmbed: its finding must stand in the chart's page; other descriptions hold no figures."""
    result, offered = Comparison(), json.loads(actual)
    description = offered.get("description") if isinstance(offered, dict) and "html" in offered else None
    if isinstance(description, str):
        result.compared = 1
        if escape(description) not in expected.decode("utf-8", "replace"):
            result.differ("description", description, sentence(N_("what the chart’s page says")))
    return result


def _compare_packages(actual: bytes, expected: bytes, receipt: Receipt, is_other: bool) -> Comparison:
    result = Comparison()
    with open_package(actual) as ours, open_package(expected) as theirs:
        for name in theirs.namelist():
            if name not in ours.namelist():
                result.remark(sentence(MISSING, place=name))
                continue
            content, should = ours.read(name), theirs.read(name)
            kinds = tell_kind(content), tell_kind(should)
            if content == should:
                result.compared += 1
            elif kinds[0] != kinds[1]:
                result.differ(name, *kinds)
            else:
                member_receipt = next(iter(find_receipts(content, kinds[0])), receipt)
                result.take(compare_files(content, should, receipt=member_receipt, is_other=is_other), name)
        for name in set(ours.namelist()) - set(theirs.namelist()):
            result.remark(sentence(FOREIGN, place=name))
    return result
