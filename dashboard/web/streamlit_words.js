// Streamlit's own words in the reader's language. Streamlit writes them in English and offers no way to say them otherwise:
// they are replaced where they stand, before they are seen. What is not in its place, or says something else, stays.
(({ places, words }) => {
  const ATTRIBUTES = ["aria-label", "aria-valuetext", "placeholder", "title"];
  const root = document.documentElement;
  const written = new WeakMap(); // by node and attribute: Streamlit's words, and those that stand for them

  // The calendar asks the browser for the language of its months and weekdays; here the reader has chosen another one.
  const browsers = navigator.language;
  const choose = () => (browsers.split("-")[0] === root.lang ? browsers : root.lang || browsers);
  Object.defineProperty(navigator, "language", { configurable: true, get: choose });
  Object.defineProperty(navigator, "languages", { configurable: true, get: () => [choose()] });

  // How words of a place are found: those that are always the same, and those with something in them, `{name}`.
  const read = (pairs) => {
    const all = Object.entries(pairs);
    const isFilled = ([own]) => own.includes("{");
    const filled = all.filter(isFilled).map(([own, said]) => ({
      names: [...own.matchAll(/{(\w+)}/g)].map(([, name]) => name),
      pattern: new RegExp(`^${own.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/{\w+}/g, "(.+?)")}$`),
      said,
    }));
    return { same: new Map(all.filter((pair) => !isFilled(pair))), filled };
  };
  const find = (ways, text) => {
    if (!ways || ways.same.has(text)) return ways?.same.get(text);
    for (const { names, pattern, said } of ways.filled) {
      const found = pattern.exec(text);
      if (found) return said.replace(/{(\w+)}/g, (_, name) => found[names.indexOf(name) + 1]);
    }
  };
  const ways = Object.fromEntries(Object.entries(words).map(([lang, rows]) => [lang, rows.map(read)]));

  const say = (node, name, now, place, write) => {
    const known = written.get(node)?.[name];
    const isOurs = known?.shown === now;
    if (isOurs && known.lang === root.lang) return;
    const [own, from] = isOurs ? [known.own, known.from] : [now, place];
    const text = own.trim();
    const shown = own.replace(text, () => find(ways[root.lang]?.[from], text) ?? text);
    if (shown === now) return;
    written.set(node, { ...written.get(node), [name]: { own, shown, from, lang: root.lang } });
    write(shown);
  };
  const sayAll = (element, place) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (value) say(element, name, value, place, (text) => element.setAttribute(name, text));
    }
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE && node.data.trim())
        say(node, "", node.data, place, (text) => (node.data = text));
  };
  const sweep = () => {
    places.forEach((where, place) => {
      for (const element of document.querySelectorAll(where)) {
        sayAll(element, place);
        for (const inner of element.getElementsByTagName("*")) sayAll(inner, place);
      }
    });
  };

  let isWaiting = false;
  const wait = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      sweep();
    });
  };
  const watcher = new MutationObserver(wait);
  const watched = { childList: true, subtree: true, characterData: true, attributeFilter: ATTRIBUTES };
  const begin = () => {
    dispatchEvent(new Event("languagechange"));
    watcher.disconnect();
    if (ways[root.lang]) watcher.observe(root, watched);
    wait();
  };
  new MutationObserver(begin).observe(root, { attributeFilter: ["lang"] });
  begin();
})
