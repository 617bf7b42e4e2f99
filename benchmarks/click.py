"""What one click asks, makes, sends and draws: spans of the server and of Chromium on one clock.

    python -m benchmarks.click [--campaign FOLDER] [--actions 100000] [--pages / /regions] [--trace FILE] [--elements]

`--trace` writes the spans as one file for https://ui.perfetto.dev; `--elements` lists what was sent, with `=` before
what the page had been sent already.
"""

import json
import os
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.pages import (
    WATCHER,
    Frame,
    make_parser,
    open_browser,
    open_campaign,
    open_quiet,
    open_regions,
    watch_network,
)
from benchmarks.processes import describe_machine
from benchmarks.servers import Server, find_free_port, run_server
from dashboard.paths import PROJECT

Span = dict[str, Any]
Figures = dict[str, float]
"""What a click cost, by name. Spans are events of a trace, in microseconds of the system's clock."""
SPANS = "BENCHMARK_SPANS"
CATEGORIES = ["devtools.timeline", "blink.user_timing", "v8.execute"]
KINDS = {
    "layout": ("Layout", "UpdateLayoutTree", "ParseHTML"),
    "paint": ("Paint", "PrePaint", "Layerize", "Commit"),
    "script": (
        "FunctionCall", "EvaluateScript", "RunMicrotasks", "TimerFire", "FireAnimationFrame", "EventDispatch",
        "v8.callFunction", "MajorGC", "MinorGC", "HandlePostMessage",
    ),
}  # fmt: skip
"""Kinds of work of the browser's main thread, by the names of its spans."""


class Element(NamedTuple):
    """A message to the page: what it is, its content without its place, its bytes, and whether it was sent before."""

    name: str
    content: bytes
    size: int
    is_known: bool


def _find_language(page: Page) -> Locator:
    page.locator(".st-key-lang button").first.click()
    return page.get_by_role("menuitem").or_(page.get_by_role("option")).nth(1)


CLICKS: dict[str, Callable[[Page], Locator]] = {
    "filter": open_regions,
    "further": open_regions,
    "reset": lambda page: page.locator(".chips .reset"),
    "mark": lambda page: page.locator(".rate-bars a, [data-mark][role=button]").first,
    "unfold": lambda page: page.get_by_test_id("stExpander").locator("summary").first,
    "language": _find_language,
}
"""What is clicked one after the other, by name."""


@contextmanager
def run_traced(campaign: Path, spans: Path) -> Iterator[Server]:
    """Run the dashboard, which appends its spans to a file."""
    port = find_free_port()
    environment = {**os.environ, "DASHBOARD_CAMPAIGN": str(campaign.resolve()), SPANS: str(spans)}
    command = ["-m", "benchmarks.click", "--serve", "--server.port", str(port)]
    with run_server("dashboard", command, port, PROJECT, environment, "/healthz") as server:
        yield server


def serve(arguments: Sequence[str]) -> None:
    """Run the dashboard, and write what it asks, makes and sends as lines of the file that `SPANS` names."""
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
    from streamlit.web.cli import main
    from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient

    from dashboard.snapshot import shared
    from dashboard.snapshot.database import Snapshot

    stream = Path(os.environ[SPANS]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115  (until the server ends)

    @contextmanager
    def trace(name: str) -> Iterator[None]:
        began, processor = time.monotonic_ns(), time.thread_time_ns()
        try:
            yield
        finally:
            span: Span = {"name": name, "ph": "X", "cat": "server", "ts": began / 1000}
            span |= {"dur": (time.monotonic_ns() - began) / 1000, "tdur": (time.thread_time_ns() - processor) / 1000}
            stream.write(json.dumps({**span, "pid": os.getpid(), "tid": threading.get_native_id()}) + "\n")

    @contextmanager
    def borrow(snapshot: Snapshot) -> Iterator[Any]:
        with trace("ask"), borrowed(snapshot) as cursor:
            yield cursor

    def share(make: Callable[..., Any]) -> Any:
        return shared_as_it_is(trace(f"make {make.__module__}.{make.__qualname__}")(make))

    borrowed, shared_as_it_is = Snapshot._borrowed, shared.shared
    Snapshot._borrowed = borrow  # type: ignore[assignment,method-assign]
    shared.shared = share
    ScriptRunner._run_script = trace("run")(ScriptRunner._run_script)  # type: ignore[method-assign]
    StarletteSessionClient.write_forward_msg = trace("send")(StarletteSessionClient.write_forward_msg)  # type: ignore[method-assign]
    sys.argv = ["streamlit", "run", "app.py", *arguments]
    main()


def measure_clicks(
    browser: Browser, server: Server, path: str, clicks: Sequence[str], server_spans: Path | None = None
) -> Iterator[tuple[str, Figures, list[Span], list[Element]]]:
    """Click one thing after the other; yield for each its name, its figures, all spans, and what was sent.

    `clicks`: names of `CLICKS`. `server_spans`: the file with the server's spans, where it writes some.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 2200})
    context.add_init_script(path=WATCHER)
    try:
        page = context.new_page()
        wire = watch_network(page)
        open_quiet(page, server.url + path)
        known = {element.content for element in list_elements(wire.frames, frozenset())}
        for name in clicks:
            target = CLICKS[name](page)
            if not target.count():
                continue
            browser.start_tracing(page=page, categories=CATEGORIES)
            wire.frames.clear()
            target.click()
            page.wait_for_function("() => window.__bench.isStill()", polling=100, timeout=60_000)
            first, last = page.evaluate("(b => [b.firstAt - b.clickedAt, b.anyAt - b.clickedAt])(window.__bench)")
            drawn = json.loads(browser.stop_tracing())["traceEvents"]
            elements = list_elements(wire.frames, known)
            known |= {element.content for element in elements}
            began = max(span["ts"] for span in drawn if span["name"] == "click" and span["cat"] == "blink.user_timing")
            lines = server_spans.read_text(encoding="utf-8").splitlines() if server_spans else []
            within = [span for span in map(json.loads, lines) if began <= span["ts"] <= began + last * 1000]
            figures = count(within, wire.frames, elements) | sum_times(drawn, began, began + last * 1000)
            figures |= {"first change": first, "last change": last}
            yield name, figures, [*drawn, *within], elements
            page.keyboard.press("Escape")
            page.wait_for_timeout(300)
    finally:
        context.close()


def list_elements(frames: Sequence[Frame], known: Collection[bytes]) -> list[Element]:
    """List the messages from the server; `known`: the contents that the page has been sent before."""
    elements = []
    for data in (frame.data for frame in frames if not frame.is_sent):
        message = ForwardMsg.FromString(data)
        element = message.delta.new_element
        kinds = [one.WhichOneof("type") for one in (message, message.delta, element)]
        name = " ".join(filter(None, (*kinds, element.bidi_component.component_name)))
        message.ClearField("metadata")
        content = message.SerializeToString()
        elements.append(Element(name, content, len(data), content in known or kinds[0] == "ref_hash"))
    return elements


def count(within: Sequence[Span], frames: Sequence[Frame], elements: Sequence[Element]) -> Figures:
    """Count what a click cost the server, in milliseconds of its processor, and what was sent, in bytes.

    `equal`: the messages that the page had been sent before. `received`: unpacked, as `equal_bytes` and `sent`.
    """
    packing = zlib.compressobj(wbits=-15)
    known = [element.size for element in elements if element.is_known]
    return {
        "run": sum(span["tdur"] for span in within if span["name"] == "run") / 1000,
        "statements": sum(span["name"] == "ask" for span in within),
        "messages": len(elements),
        "equal": len(known),
        "received": sum(element.size for element in elements),
        "equal_bytes": sum(known),
        "packed": sum(
            len(packing.compress(f.data) + packing.flush(zlib.Z_SYNC_FLUSH)) for f in frames if not f.is_sent
        ),
        "sent": sum(len(frame.data) for frame in frames if frame.is_sent),
    }


def sum_times(spans: Sequence[Span], began: float, ended: float) -> Figures:
    """Sum the processor time of the page's main thread by kind, in milliseconds, each moment once.

    Beside it `styled`, how often the style of an element was computed, and `forced`, the layouts that scripts forced.
    """
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    place = next((s["pid"], s["tid"]) for s in spans if s["name"] == "click" and s["cat"] == "blink.user_timing")
    own = [s for s in spans if (s["pid"], s["tid"]) == place and "tdur" in s and began <= s["ts"] <= ended]
    spent, counts, stack = Counter[str](), Counter[str](), list[tuple[float, str]]()
    for span in sorted(own, key=lambda one: (one["ts"], -one["dur"])):
        while stack and stack[-1][0] <= span["ts"]:
            stack.pop()
        around = stack[-1][1] if stack else ""
        kind = kinds.get(span["name"], around)
        spent[kind] += span["tdur"]
        spent[around] -= span["tdur"]
        counts["styled"] += span.get("args", {}).get("elementCount", 0)
        counts["forced"] += span["name"] == "Layout" and any(outer == "script" for _, outer in stack)
        stack.append((span["ts"] + span["dur"], kind))
    return {**{kind: spent[kind] / 1000 for kind in KINDS}, "styled": counts["styled"], "forced": counts["forced"]}


def main() -> None:
    """Print the table; write the trace."""
    parser = make_parser(__doc__, 100_000)
    parser.add_argument("--pages", nargs="*", default=["/", "/regions", "/themes"])
    parser.add_argument("--clicks", nargs="*", default=list(CLICKS), choices=list(CLICKS))
    parser.add_argument("--trace", type=Path, help="the file for all spans")
    parser.add_argument("--elements", action="store_true", help="list what was sent")
    options = parser.parse_args()
    with ExitStack() as stack:
        traced = list[Span]()
        campaign = stack.enter_context(open_campaign(options.campaign, options.actions))
        spans = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "spans.jsonl"
        server = stack.enter_context(run_traced(campaign, spans))
        browser = stack.enter_context(open_browser())
        print(describe_machine())
        for path in options.pages:
            for name, figures, found, elements in measure_clicks(browser, server, path, options.clicks, spans):
                if not traced:
                    print(f"| page | click | {' | '.join(figures)} |\n|---|---|{'---:|' * len(figures)}")
                print(f"| {path} | {name} | {' | '.join(f'{figure:.0f}' for figure in figures.values())} |", flush=True)
                traced += found
                for element in elements if options.elements else ():
                    print(f"    {'=' if element.is_known else ' '} {element.size:7d} {element.name}")
    if options.trace:
        options.trace.write_text(json.dumps({"traceEvents": traced}), encoding="utf-8")


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(sys.argv[sys.argv.index("--serve") + 1 :])
    else:
        main()
