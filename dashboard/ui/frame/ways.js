
// A plain click on a link to a page of the dashboard changes the address and tells Streamlit, as the browser's own
// buttons do; with another button or key the browser opens the link as any other.
document.addEventListener("click", followWay);

function followWay(event) {
  const way = event.composedPath().find((one) => one instanceof Element && one.matches("a[data-way]"));
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!way || !isPlain || event.defaultPrevented || new URL(way.href).origin !== location.origin) return;
  event.preventDefault();
  if (way.href !== location.href) history.pushState({}, "", way.href);
  dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
}
