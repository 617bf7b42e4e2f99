// The search of the header: results while one types, chosen by arrows and Enter, each a link. The field stays the same element over
// every run of the page; it closes when another view has been opened.

const LETTERS = 2;
const PAUSE = 90; // milliseconds after a letter before the page is asked
const states = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const state = states.get(parentElement) ?? begin(parentElement);
  state.ask = (text) => setTriggerValue("text", text);
  const { words } = data;
  Object.assign(state.field, { placeholder: words.example, ariaLabel: `${words.search}: ${words.hint}`, title: words.hint });
  Object.assign(state.open, { ariaLabel: words.search, title: words.search });
  state.close.ariaLabel = words.close;
  state.results.ariaLabel = words.search;
  if (state.view !== undefined && state.view !== data.view) leave(state, true);
  state.view = data.view;
  if (data.text && data.text === state.field.value.trim()) show(state, data);
}

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = { box: find("[role=search]"), field: find("input"), open: find(".open"), close: find(".close") };
  Object.assign(state, { panel: find(".panel"), results: find("[role=listbox]"), said: find("[role=status]"), at: -1, options: [] });
  states.set(parentElement, state);
  const { box, field } = state;
  field.addEventListener("input", () => {
    state.isEntered = false;
    clearTimeout(state.timer);
    const text = field.value.trim();
    if (text.length < LETTERS) return fold(state);
    state.timer = setTimeout(() => state.ask(text), PAUSE);
  });
  field.addEventListener("keydown", (event) => press(state, event));
  field.addEventListener("focus", () => state.options.length && field.value && unfold(state));
  box.addEventListener("focusout", ({ relatedTarget }) => box.contains(relatedTarget) || fold(state));
  // The focus stays in the field while one points at a result.
  state.panel.addEventListener("mousedown", (event) => event.preventDefault());
  state.results.addEventListener("click", ({ target, ctrlKey, metaKey, shiftKey }) => {
    if (target.closest("a") && !(ctrlKey || metaKey || shiftKey)) setTimeout(leave, 0, state, true);
  });
  state.open.addEventListener("click", () => {
    box.classList.add("is-open");
    field.focus();
  });
  state.close.addEventListener("click", () => leave(state, false));
  return state;
}

function press(state, event) {
  const { key } = event;
  const last = state.options.length - 1;
  if (key === "Escape") {
    if (state.panel.hidden && !state.field.value && !state.box.classList.contains("is-open")) return;
    if (state.panel.hidden || !last) leave(state, false);
    else fold(state);
  } else if (key === "Enter") {
    const isBehind = state.text !== state.field.value.trim();
    if (isBehind) state.isEntered = state.field.value.trim().length >= LETTERS;
    else take(state, event);
  } else if ((key === "ArrowDown" || key === "ArrowUp") && last >= 0) {
    unfold(state);
    mark(state, key === "ArrowDown" ? (state.at >= last ? 0 : state.at + 1) : state.at <= 0 ? last : state.at - 1);
  } else return;
  event.preventDefault();
}

function take(state, { ctrlKey, metaKey } = {}) {
  const option = state.options[Math.max(state.at, 0)];
  if (!option) return;
  if (ctrlKey || metaKey) open(option.href, "_blank", "noopener");
  else option.click();
}

function show(state, { groups, said, text }) {
  state.options = [];
  state.text = text;
  const sections = groups.map((group, place) => {
    const section = make("div", { role: "group" });
    const title = make("div", { className: "title", id: `group-${place}`, textContent: group.title });
    section.setAttribute("aria-labelledby", title.id);
    section.append(title, ...group.results.map((result) => option(state, result)));
    return section;
  });
  state.results.replaceChildren(...sections);
  state.said.textContent = said;
  mark(state, state.options.length ? 0 : -1);
  if (state.field.getRootNode().activeElement === state.field) unfold(state);
  if (state.isEntered) take(state);
  state.isEntered = false;
}

function option(state, { label, note, href, lang }) {
  const link = make("a", { role: "option", href, tabIndex: -1, id: `option-${state.options.length}` });
  link.dataset.way = "";
  const name = make("bdi", { textContent: label });
  if (lang) name.lang = lang;
  link.append(name);
  if (note) link.append(make("bdi", { className: "note", textContent: note }));
  state.options.push(link);
  return link;
}

function mark(state, at) {
  state.options[state.at]?.setAttribute("aria-selected", "false");
  state.at = at;
  state.options.forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
  const chosen = state.options[at];
  if (chosen) state.field.setAttribute("aria-activedescendant", chosen.id);
  else state.field.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function unfold(state) {
  state.panel.hidden = false;
  state.field.ariaExpanded = String(state.options.length > 0);
}

function fold(state) {
  state.panel.hidden = true;
  state.field.ariaExpanded = "false";
}

/** Close it and forget the words; the focus goes to what opened it, unless another view is open now. */
function leave(state, isElsewhere) {
  clearTimeout(state.timer);
  fold(state);
  const had = state.box.contains(state.field.getRootNode().activeElement);
  Object.assign(state, { options: [], at: -1, text: "", isEntered: false });
  state.field.value = "";
  state.results.replaceChildren();
  state.said.textContent = "";
  state.field.removeAttribute("aria-activedescendant");
  state.box.classList.remove("is-open");
  if (isElsewhere) state.field.blur();
  else if (had) (state.open.offsetParent ? state.open : state.field).focus();
}

const make = (name, values) => Object.assign(document.createElement(name), values);
