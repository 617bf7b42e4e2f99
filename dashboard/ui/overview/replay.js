// A slider over the campaign. When it is first touched, one answer is fetched: the drawings of the last day and every
// day's counts. From then on each step moves what is drawn (the curve is covered from the day on, bars grow and change
// their places, countries their shades) and asks the server nothing. The page follows when the reader says so.

const DAY = 86_400_000;
const YEAR = 18_000; // milliseconds in which the whole campaign is played
const WEEK = 7;
const NARROW = 600;
const GAP = 12; // between two names on the line
const SVG = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const views = new WeakMap();

export default function ({ data, parentElement: root, setTriggerValue }) {
  let view = views.get(root);
  if (!view) views.set(root, (view = begin(root)));
  view.choose = (day) => setTriggerValue("day", day);
  show(view, data);
  return () => {
    pause(view);
    unsay(view);
    view.life.abort();
    view.watch.disconnect();
    views.delete(root);
  };
}

function begin(root) {
  const life = new AbortController();
  const view = { root, life, answers: new Map(), parts: {}, isOpen: false, timer: 0, day: 0 };
  view.watch = new ResizeObserver(() => view.data && arrange(view));
  view.watch.observe(root.querySelector(".time"));
  return view;
}

// What the page says anew: its day, its filters, its words.
function show(view, data) {
  const before = view.data;
  view.data = data;
  if (before && JSON.stringify(before) === JSON.stringify(data)) return;
  view.size = daysFrom(data, data.last);
  for (const address of view.answers.keys()) if (address !== data.address) view.answers.delete(address);
  view.days = view.answers.get(data.address)?.ready;
  if (!before || before.lang !== data.lang || before.first !== data.first || before.end !== data.end) build(view);
  view.parts.input.max = view.size;
  if (!before || before.day !== data.day) close(view, pageDay(view));
  else if (view.day > view.size) step(view, view.size);
  view.parts.note.textContent = data.note;
  view.drawn = null;
  arrange(view);
  if (view.isOpen) open(view);
}

function daysFrom({ first }, day) {
  return Math.round((Date.parse(day) - Date.parse(first)) / DAY);
}

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const draw = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function build(view) {
  const { data, life } = view;
  const { words } = data;
  const parts = {
    play: make("button", { type: "button", class: "play" }),
    date: make("output", { class: "date" }),
    input: make("input", { type: "range", min: 0, step: 1, "aria-label": words.slider, "aria-description": words.keys }),
    ticks: make("div", { class: "ticks", "aria-hidden": "true" }),
    names: make("div", { class: "names", "aria-hidden": "true" }),
    stage: make("div", { class: "stage", hidden: "" }),
    figures: make("dl", { class: "figures" }),
    apply: make("button", { type: "button", class: "apply" }, words.show),
    back: make("button", { type: "button" }),
    pictures: make("div", { class: "pictures" }),
    told: make("p", { class: "told" }),
    note: make("p", { class: "note" }),
    failed: make("p", { class: "failed", role: "alert" }),
  };
  view.parts = parts;
  const place = view.root.querySelector(".time");
  const track = make("div", { class: "track" }, parts.ticks, parts.input, parts.names);
  const choice = make("div", { class: "choice" }, parts.apply, parts.back);
  parts.stage.append(make("div", { class: "head" }, parts.date, parts.figures, choice), parts.note, parts.pictures, parts.told);
  place.replaceChildren(make("div", { class: "bar" }, parts.play, track), parts.failed, parts.stage);
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", words.title);
  const listen = (target, kind, act) => target.addEventListener(kind, act, { signal: life.signal });
  listen(parts.play, "click", () => (view.timer ? pause(view, true) : play(view)));
  listen(parts.input, "input", () => move(view, Number(parts.input.value)));
  listen(parts.input, "keydown", (event) => press(view, event));
  listen(parts.input, "pointerenter", () => load(view));
  listen(parts.apply, "click", () => apply(view));
  listen(parts.back, "click", () => close(view, pageDay(view), true));
  listen(parts.pictures, "pointermove", (event) => tell(view, event.target));
  listen(parts.pictures, "pointerdown", (event) => tell(view, event.target));
  namePlay(view);
  parts.names.append(...data.marks.filter(({ label }) => label).map(({ label }) => make("span", {}, label)));
}

function namePlay({ parts, data, timer }) {
  parts.play.setAttribute("aria-label", timer ? data.words.pause : data.words.play);
  parts.play.title = timer ? data.words.pause : data.words.play;
  parts.play.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${timer ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11L13 8z"}"/></svg>`;
}

// The marks on the line, each with its name below it: names are moved apart, and where they have no room there are none.
function arrange(view) {
  const { data, parts, root } = view;
  const isNarrow = root.host.clientWidth < NARROW;
  if (view.isNarrow !== isNarrow) {
    view.isNarrow = isNarrow;
    view.drawn = null;
    if (view.isOpen) open(view);
  }
  const whole = Math.max(daysFrom(data, data.end), 1);
  const wide = parts.ticks.clientWidth;
  if (!wide) return;
  const at = (day) => (wide * daysFrom(data, day)) / whole;
  // The knob's middle is half of it inside of the line at either end.
  parts.input.style.width = `calc((100% - var(--knob)) * ${view.size / whole} + var(--knob))`;
  const names = [...parts.names.children];
  const widths = names.map((name) => name.offsetWidth);
  const isFull = widths.reduce((sum, width) => sum + width + GAP, 0) > wide;
  parts.names.style.visibility = isFull ? "hidden" : "visible";
  const named = data.marks.filter(({ label }) => label);
  spread(named.map(({ day }, n) => at(day) - widths[n] / 2), widths, wide).forEach((left, n) => (names[n].style.left = `${left}px`));
  const lines = draw("svg", { width: wide, height: 20 });
  for (const { day, first } of data.marks) {
    if (first !== day) lines.append(draw("rect", { x: at(first), y: 8, width: Math.max(at(day) - at(first), 2), height: 4 }));
    lines.append(draw("circle", { cx: at(day), cy: 10, r: 3 }));
  }
  parts.ticks.replaceChildren(lines);
}

function spread(wished, widths, room) {
  const lefts = [];
  let edge = 0;
  wished.forEach((wish, n) => {
    lefts.push(Math.max(wish, edge));
    edge = lefts[n] + widths[n] + GAP;
  });
  edge = room;
  for (let n = lefts.length - 1; n >= 0; n--) {
    lefts[n] = Math.min(lefts[n], edge - widths[n]);
    edge = lefts[n] - GAP;
  }
  return lefts;
}

function press(view, event) {
  const { key, shiftKey } = event;
  const ways = { PageUp: WEEK, PageDown: -WEEK };
  if (shiftKey) Object.assign(ways, { ArrowRight: WEEK, ArrowUp: WEEK, ArrowLeft: -WEEK, ArrowDown: -WEEK });
  if (key === " ") view.timer ? pause(view, true) : play(view);
  else if (key === "Enter" && view.isOpen) apply(view);
  else if (key === "Escape" && view.isOpen) close(view, pageDay(view), true);
  else if (ways[key]) move(view, view.day + ways[key]);
  else return;
  event.preventDefault();
}

// ---- what moves

function move(view, day) {
  pause(view);
  open(view);
  step(view, day);
}

function step(view, day) {
  view.day = Math.max(0, Math.min(day, view.size));
  const { parts, data, days } = view;
  parts.input.value = view.day;
  if (days) frame(view);
  else parts.date.textContent = view.day === pageDay(view) ? data.said : "…";
}

function pageDay({ data, size }) {
  return Math.max(0, Math.min(daysFrom(data, data.day), size));
}

function play(view) {
  open(view);
  let day = view.day >= view.size ? 0 : view.day;
  let last = performance.now();
  step(view, day);
  const [gap, pace] = still.matches ? [600, null] : [0, view.size / YEAR];
  const next = () => (view.timer = gap ? setTimeout(turn, gap, 0) : requestAnimationFrame(turn));
  const turn = (now) => {
    if (!view.timer) return;
    // A frame that comes late (a page in the background) moves no further than others.
    if (view.days) day += pace === null ? WEEK : Math.min(now - last, 100) * pace;
    last = now;
    if (Math.floor(day) !== view.day) step(view, Math.floor(day));
    if (view.day >= view.size) pause(view, true);
    else next();
  };
  next();
  namePlay(view);
}

function pause(view, isSaid = false) {
  if (!view.timer) return;
  cancelAnimationFrame(view.timer);
  clearTimeout(view.timer);
  view.timer = 0;
  namePlay(view);
  if (view.days) frame(view);
  if (isSaid) say(view, `${view.data.words.paused} ${view.parts.input.getAttribute("aria-valuetext") ?? ""}`);
}

function say({ root }, words) {
  root.querySelector(".said").textContent = words;
}

// The charts of the day take the place of those of the page (`pages.css`), so that no two days stand side by side.
async function open(view) {
  const { parts, data, root } = view;
  view.isOpen = true;
  parts.back.textContent = fill(data.words.back, { day: data.said });
  const answer = await load(view);
  if (!answer || !view.isOpen || view.data !== data || view.drawn === answer) return;
  view.days = answer;
  view.drawn = answer;
  mount(view, answer);
  inPlace(view, () => {
    parts.stage.hidden = false;
    root.host.setAttribute("data-replaying", "");
  });
  step(view, view.day);
}

// What stands above the slider comes and goes; the slider stays under the hand.
function inPlace({ root }, change) {
  const before = root.host.getBoundingClientRect().top;
  change();
  root.host.closest("[data-testid=stMain]")?.scrollBy(0, root.host.getBoundingClientRect().top - before);
}

function close(view, day, isSaid = false) {
  pause(view);
  const isLosing = view.parts.stage.contains(view.root.activeElement); // the focus, which goes to the slider
  view.isOpen = false;
  unsay(view);
  inPlace(view, () => {
    view.root.host.removeAttribute("data-replaying");
    view.parts.stage.hidden = true;
  });
  view.days = view.answers.get(view.data.address)?.ready;
  step(view, day);
  if (!view.days) view.parts.date.textContent = view.data.said;
  if (isSaid || isLosing) {
    say(view, view.data.said);
    view.parts.input.focus({ preventScroll: true });
  }
}

function apply(view) {
  pause(view);
  const day = new Date(Date.parse(view.data.first) + view.day * DAY).toISOString().slice(0, 10);
  if (day === view.data.day) close(view, view.day, true);
  else view.choose(day);
}

function load(view) {
  const { address, words } = view.data;
  if (!view.answers.has(address)) {
    view.parts.failed.textContent = "";
    const entry = {};
    entry.coming = fetch(address, { signal: view.life.signal })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((answer) => (entry.ready = read(answer)))
      .catch(() => {
        view.answers.delete(address);
        if (!view.isOpen || view.life.signal.aborted) return;
        close(view, pageDay(view));
        view.parts.failed.textContent = words.failed;
      });
    view.answers.set(address, entry);
  }
  return view.answers.get(address).coming;
}

function read(answer) {
  const length = answer.dates.length;
  const unfold = ({ actions, days, ...steps }) => {
    const counts = { actions };
    for (const name of ["completed", "known", "reported"]) {
      const daily = new Int32Array(length);
      let day = 0;
      days.forEach((gap, n) => (daily[(day += gap)] += steps[name][n]));
      for (let n = 1; n < length; n++) daily[n] += daily[n - 1];
      counts[name] = daily;
    }
    return counts;
  };
  const all = (members) => Object.fromEntries(Object.entries(members).map(([code, one]) => [code, unfold(one)]));
  return { ...answer, total: unfold(answer.total), ranks: all(answer.ranks), map: all(answer.map) };
}

// ---- what is drawn

function mount(view, days) {
  const { parts, isNarrow } = view;
  const names = ["curve", "ranks", "map"];
  parts.pictures.innerHTML =
    `<style>${days.style}</style>` +
    names.map((name) => `<figure class="${name}"><figcaption></figcaption>${days.drawings[name]?.at(isNarrow ? -1 : 0) ?? ""}</figure>`).join("");
  for (const name of names) {
    const figure = parts.pictures.querySelector(`.${name}`);
    figure.firstChild.textContent = days.titles[name];
    const picture = figure.querySelector("svg");
    if (!picture) continue;
    picture.querySelector("title")?.remove();
    picture.querySelector("desc")?.remove();
    for (const name of ["aria-labelledby", "aria-describedby"]) picture.removeAttribute(name);
    picture.setAttribute("aria-label", days.titles[name]);
    for (const title of picture.querySelectorAll("g > title")) {
      title.parentElement.dataset.name = title.textContent.split("\n")[0];
      title.remove();
    }
  }
  view.curve = readCurve(parts.pictures.querySelector(".curve svg"));
  view.rows = buildRows(parts.pictures.querySelector(".ranks"), days);
  view.lands = readLands(parts.pictures.querySelector(".map svg"), days);
}

function readCurve(picture) {
  const spans = picture.querySelector("[data-part=spans]");
  picture.querySelector("[data-part=ends]")?.remove();
  if (!spans) return null;
  const [x, y, width, height] = spans.dataset.plot.split(" ").map(Number);
  const days = Math.max(Number(spans.dataset.days), 1);
  const right = picture.viewBox.baseVal.width;
  const cover = draw("rect", { class: "f-paper", "fill-opacity": 0.88, y: y - 3, height: height + 6 });
  const line = draw("line", { class: "s-text cursor", y1: y, y2: y + height });
  const ends = ["completed", "possible_edge"].map((role) => draw("circle", { class: `f-${role} dot`, r: 4 }));
  const labels = ["completed", "muted"].map((role) => draw("text", { class: `f-${role} b halo s-paper` }));
  spans.replaceChildren(cover, line, ...ends, ...labels);
  return { x, y, width, height, days, right, cover, line, ends, labels };
}

function buildRows(figure, days) {
  const list = make("ul", { role: "img" });
  const mean = make("p", { class: "mean" }, make("span"));
  figure.append(make("p", { class: "key" }, days.possible), make("div", { class: "bars" }, list, mean));
  const known = Object.entries(days.names).filter(([code]) => days.ranks[code]?.actions);
  return known.map(([code, name], n) => {
    const [could, done, rate, of] = [make("i", { class: "could" }), make("i", { class: "done" }), make("b"), make("span")];
    const row = make("li", { "data-code": code, "data-name": name }, make("span", { title: name }, name), make("span", { class: "whole" }, could, done), rate, of);
    const counts = days.ranks[code];
    row.classList.toggle("pale", counts.actions < days.few);
    list.append(row);
    return { row, counts, could, done, rate, of, n, rank: code === days.unclassified ? 2 : counts.actions >= days.few ? 0 : 1 };
  });
}

function readLands(picture, days) {
  return [...picture.querySelectorAll("g[data-code]")]
    .map((group) => ({ group, counts: days.map[group.dataset.code], shape: group.querySelector(":not(.hit, text)"), text: group.querySelector("text") }))
    .filter(({ counts }) => counts?.actions);
}

function frame(view) {
  const { days, day, parts, data } = view;
  const { words } = data;
  const now = at(days.total, day);
  parts.date.textContent = days.dates[day];
  const number = new Intl.NumberFormat(data.lang, { useGrouping: "always" }).format;
  view.number = number;
  const said = { ...written(view, now), day: days.dates[day] };
  parts.input.setAttribute("aria-valuetext", fill(words.value, said));
  if (!view.isOpen || !view.curve) return;
  const before = at(days.total, Math.max(day - WEEK, 0));
  const of = (part) => fill(words.of, { part: number(part), whole: number(now.actions) });
  const week = { reported: change(view, now.reported - before.reported), completed: change(view, now.completed - before.completed) };
  state(parts.figures, [
    [words.completed, percent(days, now.completed, now.actions), fill(words.most, { part_of_whole: of(now.completed), upper: number(now.most) })],
    [words.reported, percent(days, now.reported, now.actions), of(now.reported)],
    [words.unknown, number(now.unknown), of(now.unknown)],
    [words.elapsed, days.elapsed[day], ""],
    [words.week, `${week.reported} · ${week.completed}`, words.moves],
  ]);
  sayHeadline(view, now);
  moveCurve(view, now);
  moveRows(view, now);
  shade(view);
  if (view.pointed) tell(view, view.pointed);
}

// The page's own sentence says the day that is shown, in plain words, until the page's day is back.
function sayHeadline(view, now) {
  const { data, days, root } = view;
  const { sentence } = data;
  const heading = root.host.closest("[data-testid=stMain]")?.querySelector("h1[data-place]");
  if (!sentence || !heading) return;
  if (!isOurs(view.heading) || view.heading.place !== heading) view.heading = { place: heading, html: heading.innerHTML };
  const message = now.reported ? (now.unknown ? sentence.more : sentence.all) : sentence.none;
  const many = new Intl.PluralRules(data.lang).select(now.unknown) === "one" ? sentence.one : sentence.many;
  const counts = written(view, now);
  heading.textContent = fill(message, {
    rate: percent(days, now.completed, now.actions), upper: percent(days, now.most, now.actions),
    part: counts.completed, most: counts.most, unknown: fill(many, { n: counts.unknown }),
  });
  view.heading.said = heading.innerHTML;
}

function unsay(view) {
  if (isOurs(view.heading)) view.heading.place.innerHTML = view.heading.html;
  view.heading = undefined;
}

// Whether what stands there was put there here: meanwhile the page may have said something new itself.
function isOurs(heading) {
  return heading !== undefined && heading.place.innerHTML === heading.said;
}

function at(counts, day) {
  const [completed, known, reported] = [counts.completed[day], counts.known[day], counts.reported[day]];
  const unknown = counts.actions - known;
  return { actions: counts.actions, completed, known, reported, unknown, most: completed + unknown };
}

function written({ number }, counts) {
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, number(value)]));
}

function change({ number }, difference) {
  return difference ? `${difference < 0 ? "−" : "+"}${number(Math.abs(difference))}` : "0";
}

// Halves up, as everywhere, and in the words of the server.
function percent(days, part, whole) {
  return whole ? days.percents[rounded(part, whole)] : "—";
}

const rounded = (part, whole) => Math.floor((200 * part + whole) / (2 * whole));

function state(list, rows) {
  if (list.children.length !== rows.length)
    list.replaceChildren(...rows.map(() => make("div", {}, make("dt"), make("dd", { class: "value" }), make("dd"))));
  rows.forEach((row, n) => row.forEach((text, part) => {
    const place = list.children[n].children[part];
    if (place.textContent !== text) place.textContent = text;
  }));
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function moveCurve({ curve, days, day, size }, now) {
  const x = curve.x + (curve.width * day) / curve.days;
  const end = curve.x + curve.width + 4;
  set(curve.cover, { x, width: Math.max(end - x, 0) });
  set(curve.line, { x1: x, x2: x });
  const shares = [now.completed, now.most].map((part) => (now.actions ? part / now.actions : 0));
  const isRight = x > curve.x + curve.width * 0.85;
  const ys = shares.map((share) => curve.y + curve.height * (1 - share));
  const apart = Math.max(0, 16 - (ys[0] - ys[1])) / 2; // both values are read where the bounds meet
  ys.forEach((y, n) => {
    set(curve.ends[n], { cx: x, cy: y });
    set(curve.labels[n], {
      x: x + (isRight ? -9 : 9), y: Math.min(y + 5 + (n ? -apart : apart), curve.y + curve.height - 3), "text-anchor": isRight ? "end" : "start",
    });
    curve.labels[n].textContent = percent(days, n ? now.most : now.completed, now.actions);
  });
}

function moveRows({ rows, day, days, number, parts, timer }, all) {
  const figure = parts.pictures.querySelector(".ranks");
  const mean = percent(days, all.completed, all.actions);
  figure.style.setProperty("--mean", all.actions ? all.completed / all.actions : 0);
  figure.querySelector(".mean span").textContent = fill(days.mean, { rate: mean });
  const shares = rows.map((one) => {
    const now = at(one.counts, day);
    const [low, high] = [now.completed / now.actions, now.most / now.actions];
    one.done.style.width = `${100 * low}%`;
    one.could.style.width = `${100 * high}%`;
    one.rate.textContent = percent(days, now.completed, now.actions);
    one.of.textContent = `${number(now.completed)}/${number(now.actions)}`;
    return { ...one, low, high };
  });
  shares.sort((a, b) => a.rank - b.rank || b.low - a.low || b.high - a.high || a.n - b.n);
  shares.forEach(({ row, n }, place) => row.style.setProperty("--moved", place - n));
  if (timer) return; // what is read aloud waits until it pauses
  const said = shares.map(({ row, rate, of }) => `${row.dataset.name}: ${rate.textContent} ${of.textContent}`);
  figure.querySelector("ul").setAttribute("aria-label", `${days.titles.ranks}. ${said.join("; ")}`);
}

function shade({ lands, day, days, number }) {
  for (const { group, counts, shape, text } of lands) {
    const rate = rounded(counts.completed[day], counts.actions);
    const [, step] = days.steps.findLast(([low]) => rate >= low) ?? days.steps[0] ?? [0, 0];
    const role = `f-shade_${step}`;
    const was = shape?.getAttribute("class") ?? "";
    if (was.includes("f-shade_") && !was.includes(role)) shape.setAttribute("class", was.replace(/f-shade_\d/, role));
    if (text) text.textContent = `${group.dataset.name} ${number(counts.completed[day])}/${number(counts.actions)}`;
  }
}

function tell(view, target) {
  const { days, day, parts, data } = view;
  const group = target.closest?.("[data-code]");
  const counts = group && (group.closest(".map") ? days.map : days.ranks)[group.dataset.code];
  view.pointed = counts?.actions ? target : null;
  parts.told.textContent = view.pointed
    ? fill(data.words.member, { ...written(view, at(counts, day)), name: group.dataset.name })
    : data.words.touch;
}
