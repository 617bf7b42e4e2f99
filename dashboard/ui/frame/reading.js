// What the keyboard and screen readers need of a page that is drawn piece by piece and never loaded anew. The heading
// gets the focus when the page, or what is opened on it, has changed; a change of the filters is said.

let shown; // what the reader has before them: it outlives the component, which each page mounts anew
let task = 0;

export default function ({ data, parentElement: root }) {
  const before = shown;
  shown = data;
  document.documentElement.lang = data.lang;
  const isElsewhere = before?.place !== data.place;
  if (isElsewhere || before.lang !== data.lang) follow(data, before && isElsewhere);
  else if (before.said !== data.said) {
    root.querySelector("[role=status]").textContent = data.said;
    // A filter that was lifted has gone with the button that had the focus.
    setTimeout(() => document.activeElement === document.body && focusHeading("h1", document.body), 1500);
  }
}

// Streamlit draws the rest of the page after this has run, and the links to pages more than once.
function follow(data, hasMoved) {
  const left = document.activeElement;
  let [tries, isFocused] = [100, !hasMoved];
  clearInterval(task);
  task = setInterval(() => {
    tries -= 1;
    isFocused ||= focusHeading(tries ? `[data-place="${CSS.escape(data.place)}"]` : "h1", left);
    if (markPages(data, tries === 90) && isFocused && tries <= 90) tries = 0;
    if (tries <= 0) clearInterval(task);
  }, 100);
}

// Whoever has gone on to a field meanwhile stays there.
function focusHeading(selector, left) {
  const heading = document.querySelector(selector);
  if (!heading) return false;
  if ([document.body, left].includes(document.activeElement)) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    const { top, bottom } = heading.getBoundingClientRect();
    if (selector !== "h1" && (top < 0 || bottom > innerHeight)) heading.scrollIntoView();
  }
  return true;
}

// The links to pages are a landmark, and one of them is this page; on a phone, where they are one line, it is moved into
// view. Streamlit's own name for the filters is English.
function markPages({ page, words }, isLast) {
  const row = document.querySelector(".st-key-pages");
  if (!row) return false;
  row.setAttribute("role", "navigation");
  row.setAttribute("aria-label", words.pages);
  document.querySelector("[data-testid=stSidebar]")?.setAttribute("aria-label", words.filters);
  let here;
  for (const link of row.querySelectorAll("a")) {
    if (link.getAttribute("href").split("?")[0].split("/").pop() === page) here = link;
    else link.removeAttribute("aria-current");
  }
  if (!here) return true;
  const isMarked = here.getAttribute("aria-current") === "page";
  if (!isMarked) here.setAttribute("aria-current", "page");
  if (!isMarked || isLast) {
    const middle = here.getBoundingClientRect().left - row.getBoundingClientRect().left + here.offsetWidth / 2;
    row.scrollLeft += middle - row.clientWidth / 2;
  }
  return true;
}
