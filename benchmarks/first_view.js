// Runs inside the page: notes when its heading, its first bars and its first drawing were first seen, also inside
// components, and when something that can be seen has changed last.
(() => {
  const seen = (window.__seen = { heading: 0, bars: 0, chart: 0, rest: 0 });
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().height > 10;
  const charts = () =>
    [...document.querySelectorAll("[class*='st-key-card-'] *, [class*='st-key-compare'] *")].flatMap((element) => {
      const found = element.shadowRoot?.querySelectorAll(".chart svg") ?? [];
      return element.matches(".still svg, .main-svg") ? [element, ...found] : [...found];
    });
  const bars = () => [...document.querySelectorAll(".rate-bars a")];
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => (target.parentElement ?? target).checkVisibility?.())) seen.rest = performance.now();
  }).observe(document, { childList: true, subtree: true, characterData: true });
  const look = () => {
    seen.heading ||= [...document.querySelectorAll("h1")].some(isShown) ? performance.now() : 0;
    seen.chart ||= charts().some(isShown) ? performance.now() : 0;
    seen.bars ||= seen.chart || bars().some(isShown) ? performance.now() : 0;
    if (!seen.heading || !seen.chart || !seen.bars) requestAnimationFrame(look);
    else seen.rest = Math.max(seen.rest, seen.chart);
  };
  look();
})();
