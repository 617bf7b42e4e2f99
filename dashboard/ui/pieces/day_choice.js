// Buttons of days that have a name, a slider and a calendar: one day in three ways. It shows at once; the page follows.

const DAY = 86_400_000;
const PAUSE = 250; // milliseconds that the slider rests before the page follows
const SECONDS_TO_ANSWER = 4; // how long an older answer of the page does not undo a choice
const states = new WeakMap();

const count = (iso) => Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY);
const write = (number) => new Date(number * DAY).toISOString().slice(0, 10);

export default function ({ data, parentElement, setTriggerValue }) {
  const state = states.get(parentElement) ?? begin(parentElement);
  const isBehind = state.sent && state.sent !== data.day && performance.now() - state.at < SECONDS_TO_ANSWER * 1000;
  if (!isBehind) Object.assign(state, { day: data.day, sent: null });
  state.data = data;
  state.send = () => {
    Object.assign(state, { sent: state.day, at: performance.now() });
    setTriggerValue("day", state.day);
  };
  const { range, calendar, names, label } = state;
  parentElement.querySelector("[role=group]").ariaLabel = data.label;
  Object.assign(range, { min: count(data.first), max: count(data.last), ariaLabel: data.label, hidden: data.first === data.last });
  Object.assign(calendar, { min: data.first, max: data.last, lang: data.lang });
  label.textContent = data.label;
  const key = JSON.stringify(data.named);
  if (names.dataset.key !== key) {
    names.dataset.key = key;
    names.replaceChildren(...data.named.map((one) => make(state, one)));
  }
  draw(state);
}

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const state = {
    range: find("[type=range]"), calendar: find("[type=date]"), names: find(".names"), label: find("label"), about: find(".about"),
  };
  states.set(parentElement, state);
  state.calendar.id = "day";
  state.label.htmlFor = "day";
  let task = 0;
  const choose = (day, pause) => {
    state.day = day;
    draw(state);
    clearTimeout(task);
    task = setTimeout(() => state.send(), pause);
  };
  state.choose = choose;
  state.range.addEventListener("input", () => choose(write(Number(state.range.value)), PAUSE));
  state.calendar.addEventListener("change", () => {
    const { value } = state.calendar;
    // Written by hand it may be no day yet, or one before and after all that is known.
    if (value && value >= state.data.first && value <= state.data.last) choose(value, 0);
  });
  return state;
}

function make(state, one) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: one.label, title: one.about });
  button.dataset.day = one.day;
  button.addEventListener("click", () => state.choose(one.day, 0));
  return button;
}

function draw({ day, range, calendar, names, about, data }) {
  range.value = count(day);
  const long = new Intl.DateTimeFormat(data.lang, { dateStyle: "long", timeZone: "UTC" });
  range.ariaValueText = long.format(count(day) * DAY);
  about.textContent = `${range.ariaValueText}. ${data.about}`; // a calendar's box cannot say which number is the month
  calendar.value = day;
  for (const button of names.children) button.ariaPressed = String(button.dataset.day === day);
}
