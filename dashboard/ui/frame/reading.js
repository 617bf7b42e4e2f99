// What the keyboard and screen readers need of a page that is drawn piece by piece and never loaded anew. The heading
// gets the focus when the page, or what is opened on it, has changed; a change of the filters is said.

let shown; // what the reader has before them: it outlives the component, which each page mounts anew
let task = 0;

export default function ({ data, parentElement: root }) {
  const before = shown;
  shown = data;
  document.documentElement.lang = data.lang;
  document.documentElement.dir = data.dir;
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

// Streamlit draws the rest of the page after this has run, and the links to pages more than once: until both stand still.
function follow(data, hasMoved) {
  const left = document.activeElement;
  let [tries, steady] = [200, 0];
  clearInterval(task);
  task = setInterval(() => {
    tries -= 1;
    const isFocused = !hasMoved || focusHeading(tries ? `[data-place="${CSS.escape(data.place)}"]` : "h1", left);
    steady = markPages(data) && isFocused ? steady + 1 : 0;
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
  if (now !== left && now.matches("input, textarea, [role=spinbutton], [data-testid=stSidebar] *")) return true;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  const { top, bottom } = heading.getBoundingClientRect();
  if (selector !== "h1" && (top < 0 || bottom > innerHeight)) heading.scrollIntoView();
  return true;
}

// The links to pages are a landmark, and one of them is this page, in its section; on a phone, where sections and their
// pages are one line each, both are moved into view. Streamlit's own name for the filters is English.
function markPages({ words }) {
  const pages = document.querySelector(".st-key-pages");
  if (!pages) return false;
  pages.setAttribute("role", "navigation");
  pages.setAttribute("aria-label", words.pages);
  document.querySelector("[data-testid=stSidebar]")?.setAttribute("aria-label", words.filters);
  const name = (link) => link?.getAttribute("href").split("?")[0].split("/").pop();
  const [sections, beside] = [".st-key-sections", ".st-key-section-pages"].map((row) => [
    ...pages.querySelectorAll(`${row} a`),
  ]);
  const here = location.pathname.split("/").pop();
  const page = [...beside, ...sections].find((link) => name(link) === here);
  const section = sections.find((link) => name(link) === name(beside[0] ?? page));
  const marks = new Map([[section, "true"], [page, "page"]]);
  const isMarked = [...marks].every(([link, mark]) => link?.getAttribute("aria-current") === mark);
  for (const link of [...sections, ...beside]) if (!marks.has(link)) link.removeAttribute("aria-current");
  if (!page || isMarked) return Boolean(page);
  for (const [link, mark] of marks) if (link) showMarked(link, mark);
  return true;
}

function showMarked(link, mark) {
  link.setAttribute("aria-current", mark);
  const row = link.closest(".st-key-sections, .st-key-section-pages");
  const middle = link.getBoundingClientRect().left - row.getBoundingClientRect().left + link.offsetWidth / 2;
  row.scrollLeft += middle - row.clientWidth / 2;
}
