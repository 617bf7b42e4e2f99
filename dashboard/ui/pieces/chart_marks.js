// The drawing of a chart whose marks can be pointed at, focused and chosen. One handler for all of them: a click, a tap,
// Enter or Space tells the page which mark it was; arrows move between marks, which are one stop of the Tab key.
// A table beside the drawing says the same, and its links are heard here as well.

// Bars that are links (`rate_bars`) are one stop of the Tab key as well, and arrows move between them.
document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.(".rate-bars a");
  const bars = bar ? [...bar.closest("ul").querySelectorAll("a")] : [];
  const at = bars.indexOf(bar);
  const next = { ArrowDown: bars[at + 1], ArrowUp: bars[at - 1], Home: bars[0], End: bars.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  bar.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});

const views = new WeakMap(); // what is kept from one drawing to the next, by the component's root

export default function ({ data, parentElement: root, setTriggerValue }) {
  let view = views.get(root);
  if (!view) views.set(root, (view = begin(root)));
  view.data = data;
  view.choose = (mark, isAdded) => setTriggerValue("choice", { mark, is_added: isAdded });
  view.ask = (form) => setTriggerValue("form", form);
  show(view);
  return () => {
    view.life.abort();
    view.fit.disconnect();
    views.delete(root);
  };
}

function begin(root) {
  const life = new AbortController();
  const [chart, place, tip, said] = [".chart", ".chart > div", ".tip", ".said"].map((name) => root.querySelector(name));
  const view = { root, chart, place, tip, said, life, width: 0, shown: undefined, row: undefined };
  const listen = (target, kind, act) => target.addEventListener(kind, act, { signal: life.signal });
  const over = (event) => event.target.closest?.("[data-tip]");
  listen(chart, "click", (event) => choose(view, event, event.target.closest("[role=button]")));
  listen(chart, "keydown", (event) => answerKey(view, event));
  listen(chart, "pointermove", (event) => {
    const mark = over(event);
    if (mark) tell(view, mark, event.pointerType === "mouse" ? event.clientX : null);
    else if (event.pointerType === "mouse") hush(view);
  });
  listen(chart, "pointerdown", (event) => over(event) && tell(view, over(event), null));
  listen(chart, "pointerleave", (event) => event.pointerType === "mouse" && hush(view));
  listen(chart, "focusin", (event) => take(view, event.target));
  listen(chart, "focusout", () => hush(view));
  listen(document, "pointerdown", (event) => event.composedPath().includes(chart) || hush(view));
  listen(document, "click", (event) => chooseRow(view, event), true);
  view.fit = new ResizeObserver(([{ contentRect }]) => {
    view.width = contentRect.width || view.width;
    if (view.shown) fit(view);
    else show(view);
  });
  view.fit.observe(chart);
  return view;
}

// A page has each drawing in one form. Where the other one fits (the window was made narrow, a telephone turned) the page is
// asked for it, and again where no answer comes: with a connection or a run that breaks off, a request may be lost. What fits
// by a hair stays, since the drawing itself may bring a scroll bar.
const HAIR = 20;
const PATIENCE = 2000;

function fit(view) {
  const { data, width } = view;
  const form = width > data.turning + (data.form === "narrow" ? HAIR : 0) ? "wide" : "narrow";
  if (form !== view.asked) ask(view, form, PATIENCE);
  return form === data.form;
}

function ask(view, form, patience) {
  view.asked = form;
  view.ask(form);
  clearTimeout(view.asking);
  view.asking = setTimeout(() => {
    if (!view.life.signal.aborted && view.asked === form && view.data.form !== form) ask(view, form, 2 * patience);
  }, patience);
}

function show(view) {
  const { data, place, root, shown, width } = view;
  view.asked = data.form;
  if (!width || (!fit(view) && !shown)) return;
  const focused = root.activeElement?.dataset.mark;
  const isNew = shown?.svg !== data.svg;
  const before = isNew && measure(place);
  if (isNew) {
    place.className = data.form;
    place.innerHTML = data.svg;
    place.querySelectorAll("g > title").forEach(dress);
    nameDrawing(place.querySelector("svg"));
  }
  offer(view, place, focused);
  if (isNew && shown?.form === data.form) {
    move(before, measure(place));
    hush(view);
    if (focused) view.said.textContent = data.finding;
  }
  view.shown = data;
  if (focused) find(view, focused)?.focus({ preventScroll: true });
  if (view.row) refocusRow(view, view.row);
  view.row = undefined;
  (root.host ?? root).dataset.drawn = ""; // what stands below is shown from now on
}

// Rows go to their new places and bars to their new lengths, but for those who want nothing to move.
const still = matchMedia("(prefers-reduced-motion: reduce)");
const MOVING = { duration: 200, easing: "ease-out" };

// Read from what is written, since the browser's own measures would have it lay out the page at once, twice a drawing.
function measure(place) {
  const rows = [...place.querySelectorAll("g[data-code]:has(rect[data-measure])")];
  return new Map(rows.map((row) => [row.dataset.code, { row, top: row.querySelector("rect").y.baseVal.value, bars: measureBars(row) }]));
}

function measureBars(row) {
  const bars = [...row.querySelectorAll("rect[data-measure]")];
  return new Map(bars.map((bar) => [bar.dataset.measure, { bar, x: bar.x.baseVal.value, width: bar.width.baseVal.value }]));
}

function move(before, after) {
  if (still.matches) return;
  for (const [code, { row, top, bars }] of after) {
    const was = before.get(code);
    if (was && was.top !== top) row.animate({ transform: [`translateY(${was.top - top}px)`, "none"] }, MOVING);
    for (const [name, { bar, x, width }] of bars) {
      const old = was?.bars.get(name) ?? { x, width: 0 };
      if (old.x !== x || old.width !== width)
        bar.animate({ x: [`${old.x}px`, `${x}px`], width: [`${old.width}px`, `${width}px`] }, MOVING);
    }
  }
}

// The browser's own tip would come late, and never to a finger or a key.
function dress(title) {
  const group = title.parentElement;
  group.dataset.tip = title.textContent;
  title.remove();
}

// As a name of its own the title is read, and shows no tip over those of the marks.
function nameDrawing(drawing) {
  const title = drawing.querySelector("title");
  drawing.setAttribute("aria-label", title.textContent);
  drawing.removeAttribute("aria-labelledby");
  title.remove();
}

function offer({ data }, place, focused) {
  const drawing = place.querySelector("svg");
  drawing.setAttribute("role", "group");
  const marks = [...place.querySelectorAll("[data-mark]")];
  const stop = marks.find((mark) => mark.dataset.mark === focused) ?? marks[0];
  for (const mark of marks) {
    mark.dataset.tip ??= [...mark.querySelectorAll("text")].map((line) => line.textContent).join(" ");
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-label", mark.dataset.tip.replaceAll("\n", ". "));
    mark.setAttribute("aria-pressed", isChosen(data, mark.dataset.mark));
    mark.setAttribute("tabindex", mark === stop ? 0 : -1);
  }
}

function isChosen({ chosen }, mark) {
  return mark.split(" ").every((part) => chosen.includes(part));
}

function visible({ chart }) {
  return [...chart.querySelectorAll("[data-mark]")].filter((mark) => mark.getClientRects().length);
}

function find(view, mark) {
  const marks = visible(view);
  return marks.find((one) => one.dataset.mark === mark) ?? marks[0];
}

function choose(view, event, mark) {
  if (!mark) return;
  event.preventDefault();
  mark.focus({ preventScroll: true });
  const isAdded = event.ctrlKey || event.metaKey || event.shiftKey;
  press(view, mark, isAdded);
  view.choose(mark.dataset.mark, isAdded);
}

// What is chosen shows at once; the page follows, and says what holds.
function press({ chart }, mark, isAdded) {
  const pressed = [...chart.querySelectorAll("[aria-pressed=true]")];
  const isLifted = pressed.includes(mark) && (isAdded || pressed.every((one) => one.dataset.mark === mark.dataset.mark));
  if (!isAdded) pressed.forEach((one) => one.setAttribute("aria-pressed", false));
  mark.setAttribute("aria-pressed", !isLifted);
}

function answerKey(view, event) {
  const mark = event.target.closest("[role=button]");
  if (!mark) return;
  if (event.key === "Enter" || event.key === " ") {
    if (event.repeat) event.preventDefault();
    else choose(view, event, mark);
  } else if (event.key === "Escape") {
    hush(view);
  } else {
    const next = neighbour(visible(view), mark, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest mark in a direction: what lies across counts double, so that rows and columns are kept.
function neighbour(marks, from, key) {
  if (key === "Home") return marks[0];
  if (key === "End") return marks.at(-1);
  const way = WAYS[key];
  if (!way) return undefined;
  const here = middle(from);
  let best, least = Infinity;
  for (const mark of marks) {
    const there = middle(mark);
    const [x, y] = [there.x - here.x, there.y - here.y];
    const along = x * way[0] + y * way[1];
    const distance = along + 2 * Math.abs(x * way[1] + y * way[0]);
    if (along > 1 && distance < least) [best, least] = [mark, distance];
  }
  return best;
}

function middle(mark) {
  const box = mark.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

function take(view, mark) {
  if (!mark.matches("[data-mark]")) return;
  const place = mark.closest("svg");
  place.querySelectorAll("[tabindex='0']").forEach((one) => one.setAttribute("tabindex", -1));
  mark.setAttribute("tabindex", 0);
  tell(view, mark, null);
}

function tell(view, mark, pointerX) {
  const { chart, tip, data } = view;
  if (tip.dataset.of !== mark.dataset.tip) {
    tip.dataset.of = mark.dataset.tip;
    const [first, ...others] = mark.dataset.tip.split("\n");
    const name = document.createElement("b");
    name.textContent = first;
    tip.replaceChildren(name, others.map((line) => `\n${line}`).join(""));
    if (mark.dataset.mark) {
      const todo = document.createElement("small");
      todo.textContent = isChosen(data, mark.dataset.mark) ? data.words.lift : data.words.choose;
      tip.append(todo);
    }
  }
  tip.hidden = false;
  const [box, around] = [mark.getBoundingClientRect(), chart.getBoundingClientRect()];
  const x = (pointerX ?? box.left + box.width / 2) - around.left - tip.offsetWidth / 2;
  tip.style.left = `${Math.max(0, Math.min(x, around.width - tip.offsetWidth))}px`;
  const isBelow = box.top + box.height / 2 < around.top + around.height / 2;
  tip.style.top = `${isBelow ? box.bottom - around.top + 6 : box.top - around.top - tip.offsetHeight - 6}px`;
}

function hush({ tip }) {
  tip.hidden = true;
  tip.dataset.of = "";
}

function rows({ data }) {
  return `a[data-mark][data-chart="${data.chart}"]`;
}

function chooseRow(view, event) {
  const link = event.target.closest?.(rows(view));
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // the browser's own ways with links
  event.preventDefault();
  view.row = link.dataset.mark;
  view.choose(view.row, false);
}

// The page draws its table anew a little later than this drawing. Where that takes long the page's heading has caught the
// focus meanwhile, which nobody put there.
function refocusRow(view, mark, tries = 100) {
  const link = document.querySelector(`${rows(view)}[data-mark="${mark}"]`);
  const now = document.activeElement;
  const isFree = now === document.body || now.matches("h1");
  if (isFree && link) link.focus({ preventScroll: true });
  if (tries && (isFree || now === link)) setTimeout(() => refocusRow(view, mark, tries - 1), 50);
}
