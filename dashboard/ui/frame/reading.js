// What the keyboard and screen readers need of a page that is drawn piece by piece and never loaded anew. The heading
// gets the focus when the page, or what is opened on it, has changed; a change of the filters is said.

let shown; // what the reader has before them: it outlives the component, which each page mounts anew
let task = 0;

export default function ({ data, parentElement: root }) {
  if (data.loads) return location.reload();
  const before = shown;
  shown = data;
  // Set though it is the same, either would have the browser compute the style of the whole page anew.
  for (const name of ["lang", "dir"])
    if (document.documentElement[name] !== data[name]) document.documentElement[name] = data[name];
  const isElsewhere = before?.place !== data.place;
  if (isElsewhere || before.lang !== data.lang) follow(data, before && isElsewhere);
  else if (before.said !== data.said) {
    root.querySelector("[role=status]").textContent = data.said;
    // A filter that was lifted has gone with the button that had the focus.
    setTimeout(catchFocus, 1500);
  }
}

// The heading takes the focus that nothing has, once the page is drawn: a chart gives it back to its own mark before.
function catchFocus() {
  if (document.querySelector("[data-stale=true]")) setTimeout(catchFocus, 500);
  else if (document.activeElement === document.body) focusHeading("h1", document.body);
}

// Streamlit draws the rest of the page after this has run: until it stands still.
function follow(data, hasMoved) {
  const left = document.activeElement;
  const spot = isReturning ? spots.get(nameView(location)) : null;
  isReturning = false;
  let [tries, steady, hasGoneOn] = [200, 0, false];
  document.addEventListener("keydown", () => (hasGoneOn = true), { once: true, capture: true });
  clearInterval(task);
  task = setInterval(() => {
    tries -= 1;
    const staysThere = hasGoneOn && ![document.body, left].includes(document.activeElement);
    const isFocused = !hasMoved || staysThere || (spot && (spot.isBack || tries > 150) ? returnTo(spot) : focusHeading(tries ? `[data-place="${CSS.escape(data.place)}"]` : "h1", left));
    steady = showPages() && isFocused ? steady + 1 : 0;
    if (!tries || steady > 20) clearInterval(task);
  }, 100);
}

// Tried until it stays: what had the focus before may take it again, and lose it when it is removed. Whoever has gone on
// stays there.
function focusHeading(selector, left) {
  const heading = document.querySelector(selector);
  const now = document.activeElement;
  if (!heading || now === heading) return Boolean(heading);
  if (heading.hasAttribute("tabindex") && now !== document.body) return true;
  if (now !== left && now.matches("input, textarea, [role=spinbutton]")) return true;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  const { top, bottom } = heading.getBoundingClientRect();
  if (selector !== "h1" && (top < 0 || bottom > innerHeight)) heading.scrollIntoView();
  return true;
}

// On a phone the pages and the parts of one are a line each: what is open is moved into view, once.
function showPages() {
  const current = document.querySelectorAll(":is(.pages, .parts) [aria-current]:not([data-shown])");
  for (const link of current) {
    const row = link.closest("ul");
    const middle = link.getBoundingClientRect().left - row.getBoundingClientRect().left + link.offsetWidth / 2;
    row.scrollLeft += middle - row.clientWidth / 2;
    link.dataset.shown = "";
  }
  return Boolean(document.querySelector("nav.pages")) && !current.length;
}

// Who comes back to a view is where they left it: the link that was followed has the focus, where it was on the screen.
const spots = new Map();
let isReturning = false;
addEventListener("popstate", ({ isTrusted }) => { isReturning ||= isTrusted; });

const findMain = () => document.querySelector("[data-testid=stMain]");
const nameView = ({ pathname, search }) => pathname + [...new URLSearchParams(search)].map(String).sort().join("&");

// Tried until the page is as high as it was; whoever has gone on meanwhile stays there.
function returnTo(spot) {
  const way = document.querySelector(`a[href="${CSS.escape(spot.href)}"]`);
  const now = document.activeElement;
  if (!way || (spot.isBack && now !== document.body)) return Boolean(way);
  if (now !== way) way.focus({ preventScroll: true });
  findMain().scrollTop = spot.top;
  spot.isBack = Math.abs(findMain().scrollTop - spot.top) < 2;
  return spot.isBack;
}

// A link that sorts, turns or narrows what it stands at keeps the focus when it is drawn anew, and nothing moves.
let keeping = 0; // what the last one of them waits for

function keepFocus(name) {
  let [tries, hasLost] = [80, false];
  clearInterval(keeping);
  const wait = (keeping = setInterval(() => {
    tries -= 1;
    hasLost ||= document.activeElement === document.body;
    const same = document.querySelector(`[data-keep="${CSS.escape(name)}"]`);
    const next = same ?? document.querySelector(".list-pages [aria-current]");
    if (hasLost && next && !document.querySelector("[data-stale=true]")) next.focus({ preventScroll: true });
    if (!tries || (hasLost && document.activeElement !== document.body)) clearInterval(wait);
  }, 50));
}

// The ways below a list stay where they are on the screen, however many lines come above them, until the reader goes on.
const GOING_ON = ["wheel", "touchstart", "pointerdown", "keydown"];

function holdPlace(ways) {
  const list = () => [...document.querySelectorAll(".list-pages")];
  const [main, number, { top }] = [findMain(), list().indexOf(ways), ways.getBoundingClientRect()];
  const holding = new MutationObserver(() => {
    const now = list()[number]?.getBoundingClientRect();
    if (now?.height) main.scrollTop += now.top - top;
  });
  holding.observe(main, { childList: true, subtree: true });
  const end = () => holding.disconnect();
  for (const sign of GOING_ON) addEventListener(sign, end, { once: true, capture: true });
  setTimeout(end, 4000);
}

// What is cut says its whole when one points at it.
document.addEventListener("mouseover", ({ target }) => {
  const cell = target.closest?.(".cards :is(td, th)");
  const words = cell?.querySelector("a") ?? cell?.querySelector("bdi");
  if (words) cell.title = words.scrollWidth > words.clientWidth && words.clientWidth ? cell.innerText : "";
});

// A plain click on a link to a page of the dashboard changes the address and tells Streamlit, as the browser's own
// buttons do; with another button or key the browser opens the link as any other.
document.addEventListener("click", followWay);

function followWay(event) {
  const way = event.composedPath().find((one) => one instanceof Element && one.matches("a[data-way]"));
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!way || !isPlain || event.defaultPrevented || new URL(way.href).origin !== location.origin) return;
  event.preventDefault();
  spots.set(nameView(location), { top: findMain()?.scrollTop ?? 0, href: way.getAttribute("href") });
  isReturning = Boolean(way.closest(".back"));
  way.dataset.going = "";
  if (way.href !== location.href) history.pushState({}, "", way.href);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  if (way.closest(".list-pages")) holdPlace(way.closest(".list-pages"));
  if (way.dataset.keep) keepFocus(way.dataset.keep);
  else if (!isReturning) findMain()?.scrollTo(0, 0);
}

// Streamlit's link past the header leads to what holds the header too: it goes on to the page's own heading.
document.addEventListener("click", skipHeader, true);

function skipHeader(event) {
  const heading = document.querySelector("h1");
  if (!heading || !event.target.closest?.("[data-testid=stSkipToContent]")) return;
  event.preventDefault();
  event.stopPropagation();
  heading.tabIndex = -1;
  heading.focus();
}

// A click may have the page draw another button in the place of the one that had the focus: it goes on to what stands
// there now, by the names that Streamlit gives to what is around it.
const STOPS = "button:enabled, a[href], summary, [role=checkbox], [role=radio]";
let held; // what had the focus last: the element, and its place in each thing with a name around it

document.addEventListener("focusin", ({ target }) => (held = { target, places: [...listPlaces(target)] }));
new MutationObserver(() => holdFocus()).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });

function* listPlaces(target) {
  for (let around = target.closest("[class*=st-key-]"); around; around = around.parentElement.closest("[class*=st-key-]")) {
    const [name] = around.className.match(/st-key-[^ ]+/);
    yield { name, number: [...around.querySelectorAll(STOPS)].indexOf(target) };
  }
}

// Once the run has ended, and for some seconds more: until then the other button may be missing, and a busy browser puts it
// in late, or takes away what stood there for a moment.
let holding = 0;
const hasEnded = () => document.querySelector("[data-test-script-state=notRunning]") !== null;

function holdFocus(tries = 100) {
  if (!hasEnded()) return;
  for (const way of document.querySelectorAll("[data-going]")) delete way.dataset.going;
  clearTimeout(holding);
  holding = setTimeout(() => {
    const now = document.activeElement;
    if (!hasEnded() || !held || (now !== document.body && now !== held.target)) return;
    if (!held.target.isConnected || held.target.disabled) moveFocus();
    if (tries) holdFocus(tries - 1);
  }, 50);
}

function moveFocus() {
  for (const { name, number } of held.places) {
    if (number < 0) continue;
    const stops = [...document.querySelectorAll(`.${CSS.escape(name)} :is(${STOPS})`)];
    const nearest = [...stops.slice(number), ...stops.slice(0, number).reverse()].find((one) => one.getClientRects().length);
    if (nearest) return nearest.focus({ preventScroll: true });
  }
}
