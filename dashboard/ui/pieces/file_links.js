// Links to files that are fetched in place: while a file is made its link turns, and where there is none, the page
// says why. Links stay the same elements over every run of the page, so that no click is lost to one.
//
// Where nobody knows the file any more, the page may have come to another server, or its own was started again: the page is
// run anew, whereupon the link has another address, and the file is taken from there.

const SECONDS_FOR_ANOTHER = 20;

export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".files");
  const said = parentElement.querySelector(".said");
  const shown = new Map([...row.children].map((link) => [link.dataset.file, link]));
  for (const file of data.files) {
    const link = shown.get(file.key) ?? row.appendChild(make());
    shown.delete(file.key);
    if (link.dataset.file && link.dataset.address !== file.address) said.textContent = "";
    dress(link, file);
    link.onclick = (event) => take(event, link, parentElement, data.words, () => setTriggerValue("again", Date.now()));
  }
  shown.forEach((link) => link.remove());
}

function make() {
  const link = document.createElement("a");
  const icon = document.createElement("span");
  icon.className = "icon";
  icon.ariaHidden = "true";
  link.append(icon, document.createElement("span"));
  return link;
}

function dress(link, file) {
  const [icon, label] = link.children;
  // What it is busy with is another file, unless it waits for this one.
  if (link.dataset.address !== file.address && !waiting.has(link)) link.ariaBusy = "false";
  Object.assign(link.dataset, { file: file.key, address: file.address });
  link.className = file.is_primary ? "primary" : "";
  link.title = file.help;
  link.download = file.name;
  icon.textContent = file.icon;
  label.textContent = file.label;
  if (file.is_disabled) {
    link.removeAttribute("href");
    link.role = "link";
    link.ariaDisabled = "true";
  } else {
    link.href = file.address;
    link.role = link.ariaDisabled = null;
  }
}

const waiting = new WeakSet();

async function take(event, link, parentElement, words, runAgain) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // the browser's own ways with links
  event.preventDefault();
  if (link.ariaBusy === "true" || !link.href) return;
  const said = parentElement.querySelector(".said");
  const state = parentElement.querySelector(".state");
  let { href, download } = link;
  said.textContent = "";
  state.textContent = words.making;
  link.ariaBusy = "true";
  try {
    let answer = await fetch(href, { cache: "no-store" }).catch(() => null);
    if (!answer || answer.status === 404) {
      ({ href, download } = await findAnother(link, runAgain));
      answer = await fetch(href, { cache: "no-store" });
    }
    if (answer.ok) save(await answer.blob(), download);
    else said.textContent = answer.status === 404 ? words.gone : await read(answer, words);
  } catch {
    said.textContent = words.failed;
  } finally {
    if (link.href === href) link.ariaBusy = "false";
    state.textContent = "";
  }
}

async function findAnother(link, runAgain) {
  const before = link.href;
  waiting.add(link);
  for (let [tenths, due] = [0, 0]; tenths < SECONDS_FOR_ANOTHER * 10 && link.href === before; tenths++) {
    if (tenths === due) {
      runAgain(); // what is said while the page is not connected is heard by nobody
      due = 2 * due + 20; // less and less often: each one breaks off the run that the last one began
    }
    await new Promise((go) => setTimeout(go, 100));
  }
  waiting.delete(link);
  return link;
}

async function read(answer, words) {
  try {
    return (await answer.json()).error || words.failed;
  } catch {
    return words.failed;
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
