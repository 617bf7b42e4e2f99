// Where Streamlit's own scripts would go wrong.

// Who goes back through several pages quickly must not be sent forward again: for each answer that comes late, of a page
// already left, Streamlit would put that page's address on top and so forget what lies ahead.
(() => {
  let isTravelling = false; // through the browser's history, and nothing has been asked of the page since
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const isSamePage = new URL(address ?? "", location.href).pathname === location.pathname;
    if (isSamePage || !isTravelling) push(state, title, address);
  };
  const stop = ({ altKey, metaKey }) => altKey || metaKey || (isTravelling = false);
  addEventListener("popstate", () => (isTravelling = true), true);
  addEventListener("pointerdown", stop, true);
  addEventListener("keydown", stop, true);
})();

// A menu that is opened by key should take the focus. It waits until no transition is under way, and for those of what has
// been drawn anew meanwhile, which never end, it waits for ever.
(() => {
  const takeFocus = (button) => {
    const menu = button.ariaExpanded === "true" && document.querySelector("[role=menu]");
    if (menu && !menu.contains(document.activeElement)) menu.focus();
  };
  const follow = ({ target, key }) => {
    const button = ["Enter", " ", "ArrowDown", "ArrowUp"].includes(key) && target.closest?.("[aria-haspopup=menu]");
    if (button) setTimeout(takeFocus, 400, button);
  };
  addEventListener("keydown", follow, true);
})();

// What a popover holds stands at the end of the document, behind all else that Tab reaches. Here it comes after its button:
// who opens one by key is in it, Tab leads through it and on to what follows the button, Shift+Tab back to the button. A
// field to search in has the focus however its popover was opened.
(() => {
  const [BUTTON, BODY] = ["[data-testid=stPopoverButton]", "[data-testid=stPopoverBody]"];
  const listAll = (place) =>
    [...place.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? listAll(one.shadowRoot) : [])]);
  const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";
  const rank = (one) => one.dataset.tabindex ?? one.tabIndex; // Streamlit puts it there while the focus is elsewhere
  const isStop = (one) => one.matches(STOPS) && rank(one) >= 0 && !one.disabled && one.getClientRects().length;
  const listStops = () => [...document.querySelectorAll(BODY)].flatMap(listAll).filter(isStop);
  const findFocus = (place = document) => {
    const one = place.activeElement;
    return one?.shadowRoot?.activeElement ? findFocus(one.shadowRoot) : one;
  };
  const enter = (button, isByKey, tries) => {
    const isFree = [button, document.body].includes(findFocus());
    const stop = button.ariaExpanded === "true" && listStops().find((one) => isByKey || one.type === "search");
    if (isFree && stop) stop.focus();
    else if (isFree && tries) setTimeout(enter, 50, button, isByKey, tries - 1);
  };
  const open = ({ target, detail }) => {
    const button = target.closest?.(BUTTON);
    if (button) setTimeout(enter, 50, button, detail === 0, 20);
  };
  const lead = (event) => {
    const button = event.key === "Tab" && document.querySelector(`${BUTTON}[aria-expanded=true]`);
    const stops = button ? listStops() : [];
    if (!stops.length) return;
    const now = findFocus();
    const next = event.shiftKey ? now === stops[0] && button : now === button && stops[0];
    if (next) {
      event.preventDefault();
      next.focus();
    } else if (!event.shiftKey && now === stops.at(-1)) {
      button.focus(); // and the browser goes on from there
    }
  };
  addEventListener("click", open, true);
  addEventListener("keydown", lead, true);
})();

// What shares a page, on phones above all, takes the address that its head states; that is the page as it was opened. Once
// the reader has gone on, there is none but the address bar's.
(() => {
  const opened = location.href;
  const drop = () => {
    if (location.href === opened) return;
    for (const tag of document.querySelectorAll("link[rel=canonical], link[hreflang], meta[property='og:url']"))
      tag.remove();
  };
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name].bind(history);
    history[name] = (...to) => {
      change(...to);
      drop();
    };
  }
  addEventListener("popstate", drop);
})();

// A page whose sign-in has ended, here or in another tab, loads itself anew: it shows what the reader may see now, or
// leads to the sign-in.
//
// A click that a connection has taken with it is sent again, once, by the next one: the server has ended before it had
// carried it out. Streamlit itself would send what the widgets say, but no button that was pressed, no mark that was
// chosen.
(() => {
  const SIGNED_OUT = 4401;
  const [RERUN, FINISHED, EARLY] = [0x5a, 6, 2]; // of Streamlit's messages: a tag, a field, a value
  let asked = null; // of the page, until its run has come to the end
  const readNumber = (bytes, at) => {
    let [value, shift] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (!(byte & 128)) return [value, at];
      shift *= 128;
    }
  };
  const isEnd = (bytes) => {
    for (let at = 0, value; at < bytes.length;) {
      const tag = bytes[at];
      [value, at] = readNumber(bytes, at);
      const field = Math.floor(value / 8);
      [value, at] = readNumber(bytes, at);
      if (field === FINISHED) return value !== EARLY;
      if ((tag & 7) === 2) at += value;
    }
    return false;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", () => {
        if (asked) super.send(asked);
        asked = null;
      });
      this.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer && isEnd(new Uint8Array(data))) asked = null;
      });
      this.addEventListener("close", ({ code }) => code === SIGNED_OUT && location.reload());
      this.addEventListener("close", () => dispatchEvent(new Event("page-away")));
      this.addEventListener("open", () => dispatchEvent(new Event("page-back")));
    }
    send(data) {
      if (data[0] === RERUN) asked = data;
      super.send(data);
    }
  };
})();

// A click while the page connects anew would be heard by nobody; it waits for that moment, but not for ever. Where the
// server stays away, what needs no server goes on: menus, folds, the browser's own.
(() => {
  const [PATIENCE, LONGEST] = [5_000, 20_000]; // in which clicks are held, and for how long; a busy machine takes its time
  let [awaySince, held] = [-PATIENCE, null];
  addEventListener("page-away", () => (awaySince = awaySince < 0 ? performance.now() : awaySince)); // again and again
  addEventListener("page-back", () => {
    awaySince = -PATIENCE;
    if (held && held.timeStamp > performance.now() - LONGEST) setTimeout(click, 100, held);
    held = null;
  });
  const click = ({ target, clientX, clientY }) => {
    const again = { bubbles: true, composed: true, cancelable: true, view: window, detail: 1, clientX, clientY };
    if (target.isConnected) target.dispatchEvent(new MouseEvent("click", again));
  };
  const hold = (event) => {
    const { altKey, ctrlKey, metaKey, shiftKey, isTrusted, timeStamp, clientX, clientY } = event;
    const [target, ...around] = event.composedPath();
    const isLeaving = [target, ...around].some((one) => one.tagName === "A" && (one.target || one.download));
    const isOfPage = around.some((one) => one.dataset?.testid === "stApp");
    const isAway = timeStamp < awaySince + PATIENCE;
    if (!isAway || !isTrusted || !isOfPage || isLeaving || altKey || ctrlKey || metaKey || shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { target, timeStamp, clientX, clientY };
  };
  addEventListener("click", hold, true);
})();

// The style sheet chooses by how a key begins, and by the key of what something holds. Streamlit has keys among its classes,
// which change at every run: by these, and by `:has`, the browser would compute the style of whole parts of the page anew.
(() => {
  const set = (one, name, key) => {
    if (one.dataset[name] !== key) key ? (one.dataset[name] = key) : delete one.dataset[name];
  };
  const name = (one) => {
    const key = /(?:^| )st-key-([^ ]+)/.exec(one.className)?.[1];
    set(one, "stKey", key);
    if (one.parentElement?.dataset.testid === "stLayoutWrapper") set(one.parentElement, "stHolds", key);
  };
  const follow = (changes) => {
    for (const { target, addedNodes, attributeName } of changes) {
      if (attributeName) name(target);
      for (const one of addedNodes)
        if (one instanceof HTMLElement) [one, ...one.querySelectorAll("[class*=st-key-]")].forEach(name);
    }
  };
  new MutationObserver(follow).observe(document, { childList: true, subtree: true, attributeFilter: ["class"] });
})();
