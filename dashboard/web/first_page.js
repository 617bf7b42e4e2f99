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
(() => {
  const SIGNED_OUT = 4401;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", ({ code }) => code === SIGNED_OUT && location.reload());
    }
  };
})();
