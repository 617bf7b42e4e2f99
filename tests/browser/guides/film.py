"""The moving picture of the README: from the overview to a chart on somebody's page, played once in five seconds."""

import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Browser, Locator, ViewportSize, expect

from dashboard.paths import PROJECT
from tests.browser.guides.camera import COLOURS, Desk, open_sharp
from tests.browser.guides.flows import CHART, WEBSITE, find_button

FILM = PROJECT / "docs" / "images" / "tour.gif"
SHARPNESS = 0.5
"""The pixels of the film for one of a picture."""
FRAME_MS = 1_000
SIZE: ViewportSize = {"width": 1280, "height": 780}
_MARK = """(part) => { part.style.outline = "3px solid #C2410C"; part.style.outlineOffset = "3px"; }"""


def write_film(browser: Browser, server: str) -> None:
    """Write the film of the sample on a server."""
    desk = Desk(open_sharp(browser, "en"), server, "en")
    desk.page.set_viewport_size(SIZE)
    first, *others = [Image.open(io.BytesIO(taken)).convert("RGB") for taken in _show(desk)]
    width, height = (round(side * SHARPNESS) for side in first.size)
    frames = [one.resize((width, height)).quantize(COLOURS, dither=Image.Dither.NONE) for one in (first, *others)]
    # Without `loop` it is played once, and stands still at its end.
    frames[0].save(FILM, save_all=True, append_images=frames[1:], duration=FRAME_MS, optimize=True)
    desk.page.context.close()


def _show(desk: Desk) -> Iterator[bytes]:
    """Yield a picture of each step, with the element that leads to the next one marked."""
    page, key = desk.page, desk.key
    desk.open("overview")
    yield page.screenshot()
    desk.open("overview?region=africa")
    yield _mark(desk, page.locator("[data-chip=region]"))
    desk.open("regions")
    yield _mark(desk, key(f"card-head-{CHART}").get_by_role("button", name="Share this chart"))
    desk.open(f"share?chart={CHART}")
    yield _mark(desk, find_button(desk, "use-chart", "PowerPoint slide"))
    page.set_content(WEBSITE.format(chart=f"{desk.server}/charts/{CHART}?lang=en", lang="en"))
    expect(page.frame_locator("iframe").locator("svg").filter(visible=True).first).to_be_visible()
    yield page.screenshot()


def _mark(desk: Desk, part: Locator) -> bytes:
    part.scroll_into_view_if_needed()
    part.evaluate(_MARK)
    return desk.page.screenshot()
