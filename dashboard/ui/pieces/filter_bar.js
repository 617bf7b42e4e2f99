// Chips: each says what is set of a filter, opens its list or its day, and has a button that lifts what is set. Behind one
// more button are those that are set seldom. What a chip opens is made when it is opened.

const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }, drawList, drawDay) {
  const state = states.get(parentElement) ?? begin(parentElement);
  // The server may get the last of several changes alone: those that are not drawn yet go with it.
  if (state.data !== data) Object.assign(state, { data, drawList, drawDay, sent: [] });
  state.send = (change) => {
    state.sent.push(change);
    setTriggerValue("changes", state.sent);
  };
  const focused = parentElement.getRootNode().activeElement;
  const number = listStops(state).indexOf(focused);
  const [main, further] = [false, true].map((is) => data.chips.filter((chip) => chip.is_more === is && !isLast(chip)));
  const last = data.chips.filter(isLast).map((chip) => drawChip(state, chip));
  const { wide, narrow, reset } = data.more;
  say(state.wide, wide ?? "");
  say(state.narrow, narrow ?? "");
  say(state.reset, reset ?? "");
  arrange(state.bar, [
    ...main.map((chip) => drawChip(state, chip)),
    ...(wide ? [state.more, ...further.map((chip) => drawChip(state, chip))] : []),
    ...last,
    ...(reset ? [state.reset] : []),
  ]);
  if (number >= 0 && !listStops(state).includes(focused)) keepFocus(state, focused, number);
}

const isLast = (chip) => chip.key === "as_of";

function begin(parentElement) {
  const state = { root: parentElement, bar: parentElement.querySelector(".chips"), chips: new Map() };
  states.set(parentElement, state);
  state.more = copy(state, ".more").firstElementChild;
  [state.narrow, state.wide] = state.more.querySelectorAll("span");
  state.reset = make("button", "reset");
  state.reset.addEventListener("click", () => state.send({ reset: true }));
  return state;
}

const copy = (state, name) => state.root.querySelector(`template${name}`).content.cloneNode(true);

function make(tag, name) {
  const one = Object.assign(document.createElement(tag), { className: name });
  if (tag === "button") one.type = "button";
  return one;
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Put these elements into one, without moving any that stays: it may have the focus, or be open. */
function arrange(parent, wanted) {
  for (const one of [...parent.children]) if (!wanted.includes(one)) one.remove();
  for (const [number, one] of wanted.entries())
    if (parent.children[number] !== one) parent.insertBefore(one, parent.children[number] ?? null);
}

function drawChip(state, chip) {
  const drawn = state.chips.get(chip.key) ?? makeChip(state, chip);
  Object.assign(drawn, { chip });
  const { colon, lift } = state.data.words;
  drawn.place.classList.toggle("is-set", chip.lifts);
  say(drawn.label, chip.value ? `${chip.label}${colon}` : chip.label);
  say(drawn.value, chip.value);
  say(drawn.lift.firstElementChild, `${lift}${colon}${chip.label}`);
  drawn.lift.hidden = !chip.lifts;
  if (drawn.panel) drawn.panel.ariaLabel = chip.label;
  if (drawn.panel?.firstElementChild) drawPanel(state, drawn);
  return drawn.place;
}

function makeChip(state, chip) {
  const opens = chip.list || chip.day;
  const place = make("span", `chip${chip.is_more ? " is-more" : ""}`);
  const opener = make(opens ? "button" : "span", "shown");
  const [label, value, lift] = [make("span", ""), make("b", ""), make("button", "lift")];
  const drawn = { place, opener, label, value, lift, chip };
  state.chips.set(chip.key, drawn);
  place.dataset.chip = chip.key;
  opener.append(label, value);
  lift.append(make("span", "unseen"));
  lift.addEventListener("click", () => state.send({ chip: chip.key }));
  place.append(opener, ...(opens ? [makePanel(state, drawn)] : []), lift);
  return drawn;
}

function makePanel(state, drawn) {
  const panel = (drawn.panel = Object.assign(make("div", "panel"), { id: `panel-${drawn.chip.key}`, popover: "auto" }));
  panel.role = "dialog";
  drawn.opener.popoverTargetElement = panel;
  const follow = () => placePanel(drawn);
  panel.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "open") return removeEventListener("scroll", follow, true);
    panel.append(make("div", "content"));
    panel.firstElementChild.append(copy(state, drawn.chip.list ? ".list" : ".day"));
    drawPanel(state, drawn);
    addEventListener("scroll", follow, true);
    requestAnimationFrame(() => {
      if (!panel.contains(panel.getRootNode().activeElement)) panel.querySelector("button, input")?.focus();
    });
  });
  panel.addEventListener("toggle", ({ newState }) => newState === "closed" && panel.replaceChildren());
  return panel;
}

function drawPanel(state, { chip, panel, opener, place }) {
  const words = { ...state.data.words, label: chip.label, all: chip.list?.all };
  const [draw, data] = chip.list ? [state.drawList, { ...chip.list, words }] : [state.drawDay, chip.day];
  const setTriggerValue = (_, value) => state.send({ chip: chip.key, [chip.list ? "codes" : "day"]: value });
  draw({ data, parentElement: panel.firstElementChild, setTriggerValue });
  placePanel({ panel, opener, place });
}

/** Place what a chip opens below it, or above it in the lower part of the window. */
function placePanel({ panel, place }) {
  const { top, bottom, left, right } = place.getBoundingClientRect();
  const isBelow = bottom < innerHeight * 0.6;
  const start = getComputedStyle(place).direction === "rtl" ? innerWidth - right : left;
  panel.classList.toggle("is-above", !isBelow);
  panel.style.setProperty("--start", `${start}px`);
  panel.style.setProperty("--edge", `${isBelow ? bottom : innerHeight - top}px`);
}

const listStops = (state) =>
  [...state.bar.querySelectorAll(":is(button.shown, .lift, summary, .reset)")].filter((one) => one.getClientRects().length);

/** What had the focus has gone: what opens the same chip gets it, else what stands in its place now. */
function keepFocus(state, focused, number) {
  const stops = listStops(state);
  const opener = focused.closest(".chip")?.querySelector("button.shown");
  (stops.includes(opener) ? opener : (stops[number] ?? stops.at(-1)))?.focus({ preventScroll: true });
}
