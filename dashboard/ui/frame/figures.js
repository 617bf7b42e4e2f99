// Asks every few seconds, while the page can be seen, which build is published, and says so where it is another one than
// the page shows. A question is a few bytes, answered 304 as long as nothing has changed. Where no answer comes (the
// server is being started again) the next question is asked all the same.

const PERIOD = 5_000;
const states = new WeakMap();

// What Streamlit says, in English in every language, when the server does not answer.
const STREAMLITS_OWN = {
  "Connection error": "away",
  "Streamlit server is not responding. Are you connected to the internet?": "waiting",
};
const REFUSED = "Connection failed with status "; // by the proxy before it, with a number

export default function ({ data, parentElement, setTriggerValue }) {
  const state = states.get(parentElement) ?? begin(parentElement);
  const { data: before, isChosen } = state;
  const isOther = before && before.build !== data.build;
  Object.assign(state, { data, choose: setTriggerValue, isChosen: isChosen && !isOther });
  // Other figures that nobody asked for: the server was started again, and has forgotten what this page was showing.
  if (isOther && !isChosen && !data.is_newest && !data.is_kept) {
    state.data = { ...data, build: before.build, actions: before.actions };
    setTriggerValue("stay", before.build);
  }
  draw(state);
  return () => end(state);
}

function begin(root) {
  const state = { root, latest: null, abort: new AbortController(), timer: 0 };
  states.set(root, state);
  const { signal } = state.abort;
  document.addEventListener("visibilitychange", () => document.hidden || ask(state), { signal });
  const boxes = new MutationObserver(() => translate(state.data.words));
  boxes.observe(document.body, { childList: true });
  signal.addEventListener("abort", () => (clearTimeout(state.timer), boxes.disconnect()));
  state.timer = setTimeout(ask, PERIOD * Math.random(), state); // not all pages at the same moment
  return state;
}

function translate(words) {
  for (const node of document.querySelectorAll('[role="dialog"] h2, [role="dialog"] h2 + div *')) {
    const own = node.textContent.trim();
    const word = own.startsWith(REFUSED) ? "waiting" : STREAMLITS_OWN[own];
    const said = node.childElementCount ? null : words[word];
    if (said) node.firstChild.nodeValue = said; // the text alone: the element stays Streamlit's
  }
}

function end(state) {
  states.delete(state.root);
  state.abort.abort();
}

async function ask(state) {
  clearTimeout(state.timer);
  if (document.hidden) return; // asked again as soon as it is seen
  state.timer = setTimeout(ask, PERIOD, state);
  try {
    const answer = await fetch(state.data.address, { cache: "no-cache", signal: state.abort.signal });
    if (answer.status === 401) location.reload(); // the campaign is closed, and who reads it is signed in no longer
    if (answer.ok) state.latest = await answer.json();
  } catch {
    return;
  }
  draw(state);
}

function draw(state) {
  const { data, latest, root } = state;
  const notice = root.querySelector(".notice");
  const isNewer = latest !== null && latest.build_id !== data.build;
  const { words } = data;
  const lines = data.is_kept ? [words.kept] : [];
  if (isNewer) lines.push(fill(pick(data, latest), data, latest));
  const choices = data.is_kept ? { show: isNewer ? words.show : words.follow } : { show: words.show, keep: words.keep };
  notice.hidden = !lines.length;
  notice.classList.toggle("kept", data.is_kept);
  const said = root.querySelector("[role=status]");
  if (said.textContent !== lines.join(" ")) said.textContent = lines.join(" ");
  offer(state, notice.hidden ? {} : choices);
}

function pick({ actions, is_kept, words }, latest) {
  if (is_kept) return words.newer;
  return latest.actions === actions ? words.same : words.new;
}

function fill(words, { actions, lang: locale }, latest) {
  const number = new Intl.NumberFormat(locale);
  const published = new Date(latest.built_at);
  const isToday = published.toDateString() === new Date().toDateString();
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short", ...(isToday ? {} : { dateStyle: "long" }) });
  const values = { time: time.format(published), before: number.format(actions), after: number.format(latest.actions) };
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The buttons stay the same elements from answer to answer, so that none is lost under a finger.
function offer(state, choices) {
  const place = state.root.querySelector(".choice");
  const shown = new Map([...place.children].map((button) => [button.dataset.choice, button]));
  for (const [choice, label] of Object.entries(choices)) {
    const button = shown.get(choice) ?? place.appendChild(document.createElement("button"));
    shown.delete(choice);
    Object.assign(button, { type: "button", textContent: label, onclick: () => take(state, choice) });
    button.dataset.choice = choice;
  }
  shown.forEach((button) => button.remove());
}

// The button goes with the notice: the title of the page takes the place of the focus.
function take(state, choice) {
  state.latest = null;
  state.isChosen = true;
  state.choose(choice, true);
  const title = document.querySelector("[data-testid=stMain] h1");
  title?.setAttribute("tabindex", "-1");
  title?.focus({ preventScroll: true });
}
