// A list of boxes, and a field that finds them whatever their accents and small slips. What is chosen shows at once; the page follows.

const LONG = 8; // options from which on the list has a field
const SECONDS_TO_ANSWER = 4; // how long an older answer of the page does not undo a click
const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const state = states.get(parentElement) ?? begin(parentElement);
  const { options, chosen, words } = data;
  const isBehind = state.sent && !isSame(state.sent, chosen) && performance.now() - state.at < SECONDS_TO_ANSWER * 1000;
  if (!isBehind) Object.assign(state, { chosen: [...chosen], sent: null });
  state.words = words;
  state.send = () => {
    Object.assign(state, { sent: [...state.chosen], at: performance.now() });
    setTriggerValue("chosen", state.sent);
  };
  parentElement.querySelector("[role=group]").ariaLabel = words.label;
  Object.assign(state.field, { placeholder: words.find, ariaLabel: `${words.label}: ${words.find}` });
  state.field.parentElement.hidden = options.length < LONG;
  state.clear.textContent = words.clear;
  const key = JSON.stringify(options);
  if (state.key !== key) {
    state.key = key;
    fill(state, options);
  }
  draw(state);
}

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = { field: find("input"), list: find("ul"), status: find("[role=status]"), clear: find("button"), rows: [] };
  states.set(parentElement, state);
  state.field.addEventListener("input", () => draw(state));
  state.field.addEventListener("keydown", (event) => {
    const [first] = shown(state);
    if (event.key === "Enter" && state.field.value && first) {
      first.box.click();
      state.field.select();
    } else if (event.key === "Escape" && state.field.value) {
      state.field.value = "";
      draw(state);
      event.stopPropagation(); // the list stays open
      event.preventDefault();
    }
  });
  parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [...(state.field.parentElement.hidden ? [] : [state.field]), ...shown(state).map((row) => row.box)];
    const next = stops[stops.indexOf(parentElement.getRootNode().activeElement) + step];
    if (next) {
      next.focus();
      event.preventDefault();
    }
  });
  state.clear.addEventListener("click", () => {
    state.chosen = [];
    draw(state);
    (state.field.parentElement.hidden ? state.rows[0]?.box : state.field)?.focus(); // the button goes
    state.send();
  });
  const host = parentElement.getRootNode().host ?? parentElement;
  if (parentElement.closest?.("[popover]") ?? host.closest("[data-testid=stPopoverBody]"))
    requestAnimationFrame(() => {
      const isTouched = matchMedia("(pointer: coarse)").matches; // there the keyboard would cover the list
      (isTouched || state.field.parentElement.hidden ? state.rows[0]?.box : state.field)?.focus({ preventScroll: true });
    });
  return state;
}

function fill(state, options) {
  const focused = state.list.getRootNode().activeElement?.value;
  state.rows = options.map(([code, label]) => {
    const item = document.createElement("li");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: code });
    const name = Object.assign(document.createElement("bdi"), { textContent: label });
    const line = document.createElement("label");
    line.append(box, name);
    item.append(line);
    box.addEventListener("change", () => {
      state.chosen = box.checked ? [...state.chosen, code] : state.chosen.filter((one) => one !== code);
      draw(state);
      state.send();
    });
    return { code, box, item, words: fold(label) };
  });
  const isChosen = (row) => state.chosen.includes(row.code);
  state.list.replaceChildren(...[...state.rows].sort((a, b) => isChosen(b) - isChosen(a)).map((row) => row.item));
  if (focused) state.rows.find((row) => row.code === focused)?.box.focus();
}

const shown = (state) => state.rows.filter((row) => !row.item.hidden).sort(byPlace);
const byPlace = (a, b) => (a.item.compareDocumentPosition(b.item) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);

function draw(state) {
  const words = fold(state.field.value).split(" ").filter(Boolean);
  const matches = match(state.rows, words);
  for (const row of state.rows) {
    row.item.hidden = !matches.has(row);
    row.box.checked = state.chosen.includes(row.code);
  }
  const said = { n: words.length ? matches.size : state.chosen.length, total: state.rows.length };
  const { all, chosen, shown: part, nothing } = state.words;
  const text = words.length ? (matches.size ? part : nothing) : state.chosen.length ? chosen : all;
  const now = text.replace(/\{(n|total)\}/g, (_, name) => said[name]);
  if (state.status.textContent !== now) state.status.textContent = now;
  state.clear.hidden = !state.chosen.length;
}

function match(rows, words) {
  const ways = [
    (row) => words.every((word) => row.words.includes(word)),
    (row) => words.every((word) => row.words.split(" ").some((own) => isNear(own, word))),
  ];
  const sets = ways.map((is) => () => rows.filter(is));
  return new Set(sets.reduce((found, next) => (found.length ? found : next()), []));
}

const fold = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Whether a word begins nearly as another: one letter wrong, missing, too much or changed with its neighbour; two in a long one. */
function isNear(own, word) {
  if (word.length < 4) return false;
  const most = word.length < 6 ? 1 : 2;
  let [before, last] = [[], [...Array(own.length + 1).keys()]];
  for (let i = 1; i <= word.length; i++) {
    const row = [i];
    for (let j = 1; j <= own.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (word[i - 1] !== own[j - 1]));
      if (i > 1 && j > 1 && word[i - 1] === own[j - 2] && word[i - 2] === own[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last.some((distance, length) => distance <= most && length >= word.length - most);
}

const isSame = (a, b) => a.length === b.length && a.every((one) => b.includes(one));
