// What is new since the reader's last visit. The days of visits stand in the storage of this browser, no cookie: the day
// of the present one, and that of the one before, which stays the same all day. What else may stand there is passed over.

const DAY = /^\d{4}-\d\d-\d\d$/;

export default function ({ data, parentElement: root }) {
  const before = visit(data.store);
  const [way, note] = [root.querySelector("a"), root.querySelector("span")];
  way.hidden = !before;
  note.textContent = before ? data.words.note : `${data.words.first} ${data.words.note}`;
  if (!before) return;
  const day = new Date(`${before}T00:00:00Z`);
  const shown = day.toLocaleDateString(data.lang, { dateStyle: "long", timeZone: "UTC" });
  const pairs = new URLSearchParams(data.query);
  pairs.set("since", before);
  pairs.set("by", "known");
  way.href = `${data.path}?${pairs}`;
  way.dataset.way = "";
  way.textContent = data.words.since.replace("{day}", () => shown);
  if (data.shown === before) way.setAttribute("aria-current", "true");
  else way.removeAttribute("aria-current");
}

function visit(store) {
  const today = new Date().toISOString().slice(0, 10); // in UTC, as the days on which entries became known
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(store)) ?? {};
  } catch {
    // the storage is closed, or holds something else
  }
  const last = DAY.test(kept.last) ? kept.last : "";
  const before = last && last < today ? last : DAY.test(kept.before) ? kept.before : "";
  try {
    localStorage.setItem(store, JSON.stringify({ last: today, before }));
  } catch {
    // the next visit is then a first one, too
  }
  return before;
}
