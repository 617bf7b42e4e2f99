// Views with a name, in the storage of this browser: a list of {name, query}. A view is opened by a link, so that it can
// be opened in another tab, too. What else may stand in the storage is passed over.

const MOST = 200;
const states = new WeakMap();

export default function ({ data, parentElement: root }) {
  const state = states.get(root) ?? { root, renaming: null };
  states.set(root, Object.assign(state, { data }));
  const [form, field] = [root.querySelector("form"), root.querySelector("form input")];
  const label = form.querySelector("label");
  field.id = "new-view";
  label.htmlFor = field.id;
  label.textContent = data.words.label;
  form.querySelector("button").textContent = data.words.save;
  form.onsubmit = (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (name && save(state, name)) field.value = "";
  };
  draw(state);
}

function read({ data }) {
  try {
    const kept = JSON.parse(localStorage.getItem(data.store) ?? "[]");
    const isView = (one) => typeof one?.name === "string" && typeof one.query === "string";
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

function write(state, views, word, name) {
  const { data } = state;
  try {
    if (views.length > MOST) throw new RangeError("too many");
    localStorage.setItem(data.store, JSON.stringify(views));
  } catch {
    say(state, data.words.full);
    return false;
  }
  state.renaming = null;
  draw(state);
  say(state, fill(word, name));
  return true;
}

function save(state, name) {
  const { query, words } = state.data;
  const views = read(state);
  const old = views.find((one) => one.name === name);
  if (old) old.query = query;
  else views.push({ name, query });
  return write(state, views, old ? words.replaced : words.saved, name);
}

function rename(state, before, name) {
  const { words } = state.data;
  const views = read(state);
  if (!name || name === before) {
    state.renaming = null;
    draw(state);
  } else if (views.some((one) => one.name === name)) {
    say(state, fill(words.taken, name));
    return;
  } else {
    views.filter((one) => one.name === before).forEach((one) => (one.name = name));
    write(state, views, words.renamed, name);
  }
  focusOn(state, name || before, "rename");
}

function remove(state, name) {
  const before = read(state);
  const place = before.findIndex((one) => one.name === name);
  const views = before.filter((one) => one.name !== name);
  if (!write(state, views, state.data.words.removed, name)) return;
  const next = views[Math.min(place, views.length - 1)];
  if (next) focusOn(state, next.name, "remove");
  else state.root.querySelector("form input").focus();
}

async function copy(state, { name, query }) {
  const { words } = state.data;
  const address = new URL(to(state, query), location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    say(state, fill(words.copied, name));
  } catch {
    // Without https a page may not write to the clipboard: the reader copies it.
    say(state, `${words.select} `);
    const field = Object.assign(document.createElement("input"), { value: address, readOnly: true });
    field.setAttribute("aria-label", words.select);
    state.root.querySelector(".said").append(field);
    field.select();
  }
}

function to({ data }, query) {
  const pairs = new URLSearchParams(query);
  pairs.set("lang", data.lang);
  return `${data.path}?${pairs}`;
}

function draw(state) {
  const { data, root } = state;
  const list = root.querySelector("ul");
  const views = read(state);
  list.replaceChildren(...views.map((one) => (state.renaming === one.name ? drawField(state, one) : drawView(state, one))));
  list.hidden = !views.length;
  root.querySelector(".note").textContent = views.length ? data.words.note : `${data.words.empty} ${data.words.note}`;
}

function drawView(state, one) {
  const { words, query } = state.data;
  const item = document.createElement("li");
  const way = Object.assign(document.createElement("a"), { href: to(state, one.query), textContent: one.name });
  way.dataset.way = "";
  if (one.query === query) way.setAttribute("aria-current", "true");
  const acts = { copy: () => copy(state, one), rename: () => begin(state, one.name), remove: () => remove(state, one.name) };
  item.dataset.name = one.name;
  item.append(way, ...Object.entries(acts).map(([act, run]) => button(act, words[act], fill(words.of, one.name, words[act]), run)));
  return item;
}

function drawField(state, { name }) {
  const { words } = state.data;
  const form = document.createElement("form");
  const field = Object.assign(document.createElement("input"), { value: name, maxLength: 80, required: true });
  field.setAttribute("aria-label", fill(words.new_name, name));
  form.onsubmit = (event) => (event.preventDefault(), rename(state, name, field.value.trim()));
  form.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // the box stays open
    rename(state, name, name);
  };
  const keep = Object.assign(document.createElement("button"), { textContent: words.save });
  form.append(field, keep, button("cancel", words.cancel, words.cancel, () => rename(state, name, name)));
  const item = document.createElement("li");
  item.append(form);
  return item;
}

function begin(state, name) {
  state.renaming = name;
  draw(state);
  state.root.querySelector("li form input").select();
}

function button(act, text, name, run) {
  const one = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: run });
  one.dataset.act = act;
  one.setAttribute("aria-label", name);
  return one;
}

function focusOn({ root }, name, act) {
  const item = [...root.querySelectorAll("li")].find((one) => one.dataset.name === name);
  item?.querySelector(`[data-act=${act}]`)?.focus();
}

function fill(words, name, action = "") {
  return words.replaceAll("{action}", action).replaceAll("{name}", () => name);
}

function say({ root }, words) {
  root.querySelector(".said").textContent = words;
}
