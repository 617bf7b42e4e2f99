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

// A menu that is opened by key takes the focus when no transition is under way. Those called off, as of what is drawn anew,
// would be waited for for ever: they have ended too.
document.addEventListener(
  "transitioncancel",
  ({ target, propertyName }) => target.dispatchEvent(new TransitionEvent("transitionend", { propertyName, bubbles: true })),
  true,
);
