"""How much a page asks of its readers: words and controls, on the first screen and in all, what shifts, what it weighs.

    python -m benchmarks.amount BASE [--width 1280] [--height 800] [PAGE…]

BASE is the address of a dashboard that runs; pages are what follows it, with their parameters. Words are those that are
seen; a control is what the keyboard stops at. `shift` is the cumulative layout shift of loading (a good page is below
0.05), `at rest` when the last element was drawn.
"""

import argparse
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.pages import open_browser

HEADER = """
| page | words | controls | words, first screen | controls there | shift | heading ms | at rest ms | websocket kB |
|---|---:|---:|---:|---:|---:|---:|---:|---:|"""
WATCH = """
window.__amount = { shift: 0, rest: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__amount.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  const now = performance.now();
  window.__amount.rest = now;
  if (!window.__amount.heading && document.querySelector("[data-place]")) window.__amount.heading = now;
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
_COUNT = """() => {
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const isClipped = (one) => {
    const { clip, clipPath } = getComputedStyle(one);
    const isOut = clipPath !== "none" || clip === "rect(0px, 0px, 0px, 0px)";
    return isOut || (one.parentElement !== null && isClipped(one.parentElement));
  };
  const all = { words: 0, controls: 0, first_words: 0, first_controls: 0 };
  const within = ({ top, bottom, left, right }) => bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const stops = "a[href], button:not(:disabled), input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const roots = [document.body];
  while (roots.length) {
    const root = roots.pop();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement;
        // Neither what is for screen readers only, nor the halo behind the words of a drawing, is read twice.
        const unread = "style, script, title, desc, noscript, [data-testid=stIconMaterial], .icon," +
          "[aria-hidden=true] text, text[aria-hidden=true]";
        if (!parent || parent.closest(unread) || !seen(parent)) continue;
        if (isClipped(parent)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (box.width < 2 || box.height < 2) continue;
        const words = node.data.split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word)).length;
        all.words += words;
        if (within(box)) all.first_words += words;
      } else {
        if (node.shadowRoot) roots.push(node.shadowRoot);
        if (!node.matches(stops) || !seen(node) || node.tabIndex < 0) continue;
        const box = node.getBoundingClientRect();
        if (box.width < 2 || box.height < 2) continue;
        all.controls += 1;
        if (within(box)) all.first_controls += 1;
      }
    }
  }
  return { ...all, ...window.__amount };
}"""


def measure(browser: Browser, address: str, width: int = 1280, height: int = 800, click: str = "") -> dict[str, Any]:
    """Measure one page, once it stands still, in a browser with an empty cache.

    `click`: an element to click then, as a selector; shifts half a second later or more count too.
    """
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        session = context.new_cdp_session(page)
        received = [0]
        session.on("Network.webSocketFrameReceived", lambda one: received.append(len(one["response"]["payloadData"])))
        session.send("Network.enable")
        page.goto(address)
        page.wait_for_selector(".footer", timeout=60_000)
        wait_for_rest(page, 1_500)
        if click:
            page.click(click)
            wait_for_rest(page, 1_500)
        counts: dict[str, Any] = page.evaluate(_COUNT)
        return counts | {"websocket": sum(received) * 3 // 4}  # base64


def wait_for_rest(page: Page, milliseconds: int) -> None:
    """Wait until nothing has been drawn for so long, on a page that has `WATCH`."""
    page.wait_for_function(f"() => performance.now() - window.__amount.rest > {milliseconds}", timeout=60_000)


def main() -> None:
    """Measure pages, by default the front page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    options = parser.parse_args()
    with open_browser() as browser:
        print(HEADER)
        for name in options.pages or [""]:
            one = measure(browser, f"{options.base.rstrip('/')}/{name}", options.width, options.height)
            figures = [one[key] for key in ("words", "controls", "first_words", "first_controls")]
            times = (
                f"{one['shift']:.2f} | {one.get('heading', 0):.0f} | {one['rest']:.0f} | {one['websocket'] / 1000:.0f}"
            )
            print(f"| /{name} | {' | '.join(map(str, figures))} | {times} |", flush=True)


if __name__ == "__main__":
    main()
