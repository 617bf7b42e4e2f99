"""Makes the pictures of the guides from the fictional sample, with the words that each of them shows.

`make guides` writes those of all guides into `docs/guides/images`, `python -m tests.browser.guides.pictures staff`
those of one; in `words.json` beside them a test finds out when a page has come to say something else than its picture.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dashboard.paths import PROJECT
from tests.browser.conftest import QUIET, running_server
from tests.browser.guides.camera import Cut, Desk, open_sharp, read_words, take
from tests.browser.guides.film import write_film
from tests.browser.guides.flows import (
    publish_before_the_last_survey,
    publish_sample,
    show_partners,
    show_presenters,
    show_staff,
    show_stakeholders,
)
from tests.browser.guides.guide_files import GUIDES
from tests.chromium import find_chromium
from tests.shipped import LANGUAGES

IMAGES = PROJECT / "docs" / "guides" / "images"
WORDS = IMAGES / "words.json"
SITE = "https://dashboard.example.org"
"""The address that pages show as theirs."""
_OF_READERS = {"partners": show_partners, "presenters": show_presenters}


@contextmanager
def open_readers_server(folder: Path) -> Iterator[str]:
    """Yield the dashboard as readers have it, over the sample."""
    publish_sample(folder / "campaign")
    with running_server(folder / "campaign", folder, DASHBOARD_BASE_URL=SITE) as address:
        yield address


@contextmanager
def open_stakeholders_server(folder: Path) -> Iterator[str]:
    """Yield the dashboard over the sample, with reports by link."""
    publish_sample(folder / "campaign")
    with (folder / "campaign" / "campaign.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[reports_by_link]\nopen = true\n")
    with running_server(folder / "campaign", folder, DASHBOARD_BASE_URL=SITE) as address:
        yield address


@contextmanager
def open_staff_server(folder: Path) -> Iterator[str]:
    """Yield the dashboard of staff, from before the last survey; a guide that publishes more has it alone."""
    publish_before_the_last_survey(folder / "campaign")
    with running_server(folder / "campaign", folder, DASHBOARD_BASE_URL=SITE, DASHBOARD_STAFF="open") as address:
        yield address


def list_cuts(browser: Browser, folder: Path, guides: Collection[str] = GUIDES) -> Iterator[tuple[Desk, Cut]]:
    """Yield every picture of these guides in every language, on its open page; make campaigns in the folder."""
    readers = [flow for name, flow in _OF_READERS.items() if name in guides]
    if readers:
        (folder / "readers").mkdir()
        with open_readers_server(folder / "readers") as server:
            for flow, lang in product(readers, LANGUAGES):
                yield from _follow(browser, server, lang, flow)
    if "stakeholders" in guides:
        (folder / "stakeholders").mkdir()
        with open_stakeholders_server(folder / "stakeholders") as server:
            for lang in LANGUAGES:
                flow = partial(show_stakeholders, campaign=folder / "stakeholders" / "campaign")
                yield from _follow(browser, server, lang, flow)
    for lang in LANGUAGES if "staff" in guides else ():
        (folder / lang).mkdir()
        with open_staff_server(folder / lang) as server:
            yield from _follow(browser, server, lang, show_staff)


def _follow(
    browser: Browser, server: str, lang: str, flow: Callable[[Desk], Iterator[Cut]]
) -> Iterator[tuple[Desk, Cut]]:
    desk = Desk(open_sharp(browser, lang), server, lang)
    try:
        yield from ((desk, cut) for cut in flow(desk))
    finally:
        desk.page.context.close()


def name_picture(desk: Desk, cut: Cut) -> str:
    """Return a picture's place among the images."""
    guide, step = cut.name.split("/")
    return f"{guide}/{desk.lang}/{step}.png"


def read_manifest() -> dict[str, list[str]]:
    """Read the words that each picture shows."""
    words: dict[str, list[str]] = json.loads(WORDS.read_text(encoding="utf-8")) if WORDS.is_file() else {}
    return words


def main(guides: Collection[str]) -> None:
    """Write the pictures of these guides, with their words; remove files that are no guide's."""
    words = {name: said for name, said in read_manifest().items() if name.split("/")[0] not in guides}
    chromium = find_chromium()
    if chromium is None:
        raise SystemExit("No Chromium was found: install one, or name it in DASHBOARD_CHROMIUM.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", *QUIET])
        for desk, cut in list_cuts(browser, Path(folder), guides):
            name = name_picture(desk, cut)
            words[name] = read_words(cut)
            (IMAGES / name).parent.mkdir(parents=True, exist_ok=True)
            (IMAGES / name).write_bytes(take(desk, cut))
            print(f"{name}: {(IMAGES / name).stat().st_size // 1000} kB", flush=True)
        if set(guides) == set(GUIDES):
            (Path(folder) / "film").mkdir()
            with open_readers_server(Path(folder) / "film") as server:
                write_film(browser, server)
        browser.close()
    for picture in IMAGES.rglob("*.png"):
        if picture.relative_to(IMAGES).as_posix() not in words:
            picture.unlink()
    WORDS.write_text(json.dumps(dict(sorted(words.items())), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or GUIDES)
