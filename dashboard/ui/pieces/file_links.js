// Links to files that are fetched in place: while a file is made its link turns, and where there is none, the page
// says why. Links stay the same elements over every run of the page, so that no click is lost to one.
//
// Where nobody knows the file any more, the page may have come to another server, or its own was started again: the page is
// run anew, whereupon the link has another address, and the file is taken from there.

const SECONDS_FOR_ANOTHER = 20;
const SECONDS_UNSAID = 2; // what takes no longer is told by its turning link alone

export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".files");
  const said = parentElement.querySelector(".said");
  const shown = new Map([...row.children].map((link) => [link.dataset.file, link]));
  for (const file of data.files) {
    const link = shown.get(file.key) ?? row.appendChild(make());
    shown.delete(file.key);
    if (link.dataset.file && link.dataset.content !== file.content) said.textContent = "";
    dress(link, file);
    link.onclick = (event) => take(event, link, parentElement, data.words, setTriggerValue);
  }
  shown.forEach((link) => link.remove());
  if (!row.dataset.isDrawn) enter(row, parentElement);
  row.dataset.isDrawn = "true";
}

/** In a popover that was just opened the first file has the focus, which looks for stops in no component. */
function enter(row, parentElement) {
  const box = parentElement.getRootNode().host?.closest("[data-testid=stPopoverBody]");
  if (box && (box.contains(document.activeElement) || document.activeElement.ariaExpanded === "true")) row.firstChild?.focus();
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
  if (link.dataset.content !== file.content) link.ariaBusy = "false"; // what it is busy with is another file
  Object.assign(link.dataset, { file: file.key, address: file.address, content: file.content });
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

async function take(event, link, parentElement, words, tell) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // the browser's own ways with links
  event.preventDefault();
  if (link.ariaBusy === "true" || !link.href) return;
  const said = parentElement.querySelector(".said");
  const state = parentElement.querySelector(".state");
  let { href, download } = link;
  const { content } = link.dataset;
  said.textContent = "";
  state.textContent = words.making;
  link.ariaBusy = "true";
  const wait = openWait(parentElement, link, words, tell);
  try {
    let answer = await ask(href).catch(() => null);
    while (!answer || answer.status === 404 || answer.status === 202) {
      if (answer?.status === 202) wait.show((await answer.json()).share);
      else ({ href, download } = await findAnother(link, href, () => tell("again", Date.now())));
      if (wait.isGivenUp || link.dataset.content !== content) return; // or another choice has given it up
      ({ href, download } = link); // the page may have come to another server, which begins anew
      const isLost = !answer || answer.status === 404;
      answer = isLost ? await ask(href) : await ask(href).catch(() => null);
      if (isLost && answer.status === 404) break;
    }
    if (answer.ok) {
      save(await answer.blob(), download);
      wait.close();
      state.textContent = words.ready.replace("{file}", () => download);
      return;
    }
    said.textContent = answer.status === 404 ? words.gone : await read(answer, words);
  } catch {
    said.textContent = words.failed;
  } finally {
    if (link.dataset.content === content) link.ariaBusy = "false";
    wait.close();
    if (state.textContent === words.making) state.textContent = "";
  }
}

// Who asks so hears how far a file is that takes longer, and asks again.
const ask = (href) => fetch(href, { cache: "no-store", headers: { Prefer: "respond-async" } });

/** What is said below the links while a file takes longer, with the way out; the focus stays on its link. */
function openWait(parentElement, link, words, tell) {
  const line = parentElement.querySelector(".wait");
  const [bar, text, button] = line.children;
  const began = performance.now();
  const label = link.lastChild.textContent;
  const wait = { isGivenUp: false };
  wait.show = (share) => {
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    const told = { file: label, seconds: Math.round((performance.now() - began) / 1000).toLocaleString(document.documentElement.lang) };
    told.share = (share ?? 0).toLocaleString(document.documentElement.lang, { style: "percent" });
    text.textContent = (share === null ? words.begun : words.share).replace(/\{(\w+)\}/g, (_, name) => told[name]);
    button.textContent = words.stop;
    button.onclick = () => {
      wait.isGivenUp = true;
      tell("stop", link.dataset.file);
      link.focus();
      wait.close();
    };
    line.hidden = wait.isGivenUp || performance.now() - began < SECONDS_UNSAID * 1000;
  };
  wait.close = () => { line.hidden = true; };
  return wait;
}

async function findAnother(link, before, runAgain) {
  for (let [tenths, due] = [0, 0]; tenths < SECONDS_FOR_ANOTHER * 10 && link.href === before; tenths++) {
    if (tenths === due) {
      runAgain(); // what is said while the page is not connected is heard by nobody
      due = 2 * due + 20; // less and less often: each one breaks off the run that the last one began
    }
    await new Promise((go) => setTimeout(go, 100));
  }
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
