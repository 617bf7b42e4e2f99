"""A page of the dashboard for a guide: brought to a step, photographed with marks on the elements to click."""

import io
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.i18n import translator
from tests.browser.looks import wait

VIEW: ViewportSize = {"width": 1000, "height": 3000}
PIXELS, COLOURS = 1.5, 48
"""For a picture: how many of its pixels one of the page has each way, and the number of its colours."""
MARGIN, STRIP, LINE = 12, 44, 27
"""Room around and above the content, and in it the height of the line that calls all of it fictional."""
PATIENCE, LOOK = 60_000, 50
"""Milliseconds that a page has to run anew, and between two looks whether it has."""
_BUILD = re.compile(r"\b[0-9a-f]{12,16}\b")
_BUILD_SHOWN = "0123456789ab"
_SIZE = re.compile(r"\d+(?:[.,]\d+)?\s?[kKM](?:B|o)\b")
"""The size of a file; another release of a library packs it otherwise."""


class Cut(NamedTuple):
    """The part of a page in a picture, and the marks on it.

    Attributes:
        name: The guide and the step.
        parts: Elements of the page; the picture is as large as all of them, and their words are those of the picture.
        marked: The elements that the step says to click or to look at.
    """

    name: str
    parts: tuple[Locator, ...]
    marked: tuple[Locator, ...] = ()


class Desk:
    """A reader's page in one language."""

    def __init__(self, page: Page, server: str, lang: str) -> None:
        """Take a page.

        Args:
            page: An empty page, as large as `VIEW`.
            server: The dashboard's address.
            lang: The reader's language.
        """
        self.page, self.runs = page, 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))
        self.server, self.lang, self.t = server, lang, translator(lang)

    def open(self, address: str) -> None:
        """Open a page of the dashboard, and wait until it stands still."""
        self.page.goto(f"{self.server}/{address}{'&' if '?' in address else '?'}lang={self.lang}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page stands still."""
        self.page.mouse.move(0, 0)
        wait(self.page)
        expect(self.page.get_by_test_id("stSkeleton").filter(visible=True)).to_have_count(0, timeout=PATIENCE)
        self.page.evaluate("() => document.fonts.ready.then(() => true)")

    def act(self, action: Callable[[], object]) -> None:
        """Do an action that runs the page anew, and wait until it has."""
        runs = self.runs
        action()
        for _ in range(PATIENCE // LOOK):
            if self.runs > runs:
                break
            self.page.wait_for_timeout(LOOK)
        assert self.runs > runs, "the page has not run anew"
        self.settle()

    def choose(self, box: Locator, words: str) -> None:
        """Choose in a box."""
        box.get_by_role("combobox").first.click()
        option = self.page.get_by_role("option", name=words, exact=True)
        self.act(option.click)

    def fill(self, field: Locator, words: str) -> None:
        """Write into a field and leave it."""
        field.locator("input").first.fill(words)
        self.act(lambda: field.locator("input").first.press("Tab"))

    def key(self, name: str) -> Locator:
        """Return the element of the page that has this key."""
        return self.page.locator(f".st-key-{name}").first

    def press(self, key: str) -> None:
        """Press the button of this key, and wait for the result."""
        self.act(self.key(key).locator("button").first.click)

    def _count(self, message: str | bytes) -> None:
        """Note that the server has finished a run."""
        if isinstance(message, bytes) and ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
            self.runs += 1


def open_sharp(browser: Browser, lang: str) -> Page:
    """Open an empty page for pictures."""
    context = browser.new_context(viewport=VIEW, device_scale_factor=PIXELS, reduced_motion="reduce", locale=lang)
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def read_words(cut: Cut) -> list[str]:
    """Return the visible words of a picture's elements, a line each; ids of builds and sizes of files all the same."""
    lines = [line for part in cut.parts for line in str(part.evaluate(_READ)).splitlines()]
    shown = (" ".join(line.split()) for line in lines if line.strip())
    return [_SIZE.sub("0 kB", _BUILD.sub(_BUILD_SHOWN, line)) for line in shown]


def take(desk: Desk, cut: Cut) -> bytes:
    """Return the picture, as PNG, which the page Help hands on as it is."""
    page = desk.page
    area = _unite([_box(part) for part in cut.parts])
    sample = page.locator(".sample")
    is_told = sample.count() > 0 and _lies_in(_box(sample.first), area)
    if not is_told:
        area = (area[0], area[1] - STRIP, area[2], area[3])
    drawn = [[*_box(mark)] for mark in cut.marked]
    strip = "" if is_told else desk.t("The data is fictional.")
    page.evaluate(_DRAW, [drawn, [*area], strip, STRIP, LINE, _BUILD.pattern, _BUILD_SHOWN])
    left, top, right, bottom = area[0] - MARGIN, area[1] - MARGIN, area[2] + MARGIN, area[3] + MARGIN
    left, top = max(left, 0), max(top, 0)
    taken = page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    page.evaluate("() => document.querySelectorAll('[data-guide]').forEach((one) => one.remove())")
    return _pack(taken)


def _pack(png: bytes) -> bytes:
    """Pack a picture in few colours."""
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _box(part: Locator) -> tuple[float, float, float, float]:
    """Return the edges of an element: left, top, right, bottom."""
    box = part.bounding_box()
    assert box is not None, part
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def _unite(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _lies_in(box: tuple[float, float, float, float], area: tuple[float, float, float, float]) -> bool:
    return box[0] >= area[0] - 1 and box[1] >= area[1] - 1 and box[2] <= area[2] + 1 and box[3] <= area[3] + 1


_READ = """(part) => part instanceof SVGElement
  ? [...part.querySelectorAll("text")].map((one) => one.textContent).join("\\n") : part.innerText"""
_DRAW = """([marks, area, strip, room, height, build, shown]) => {
  const colour = "#C2410C";
  if (document.activeElement) document.activeElement.blur();
  const add = (style, words) => {
    const one = document.createElement("div");
    one.dataset.guide = "";
    one.style.cssText = "position:fixed;z-index:9999999;pointer-events:none;box-sizing:border-box;" + style;
    one.textContent = words;
    document.body.append(one);
  };
  const [left, top, right] = area, width = right - left;
  if (strip) {
    add(`left:${left - 40}px;top:${top - 20}px;width:${width + 80}px;height:${room + 14}px;background:#FFF;`, "");
    add(`left:${left}px;top:${top}px;width:${width}px;height:${height}px;padding:3px 10px;color:#31333F;` +
        "border-left:4px solid #F3CC6B;background:#FDF5E1;font:13px/20px 'Source Sans',sans-serif;", strip);
  }
  marks.forEach(([left, top, right, bottom], number) => {
    add(`left:${left - 4}px;top:${top - 4}px;width:${right - left + 8}px;height:${bottom - top + 8}px;` +
        `border:3px solid ${colour};border-radius:9px;`, "");
    if (marks.length > 1)
      add(`left:${left - 13}px;top:${top - 14}px;width:21px;height:21px;border-radius:50%;background:${colour};` +
          "color:#FFF;text-align:center;font:600 13px/21px 'Source Sans',sans-serif;", number + 1);
  });
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), ids = new RegExp(build, "g");
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.data.search(ids) >= 0) text.data = text.data.replace(ids, shown);
  }
}"""
