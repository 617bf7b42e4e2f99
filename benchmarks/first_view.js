// Runs inside the page: notes when its heading and its first chart were first seen, also inside components.
(() => {
  const seen = (window.__seen = { heading: 0, chart: 0 });
  const isShown = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 10;
  const charts = () =>
    [...document.querySelectorAll("[class*='st-key-card-'] *, [class*='st-key-compare'] *")].flatMap((element) => {
      const found = element.shadowRoot?.querySelectorAll(".chart svg") ?? [];
      return element.matches(".still svg, .main-svg") ? [element, ...found] : [...found];
    });
  const look = () => {
    seen.heading ||= [...document.querySelectorAll("h1")].some(isShown) ? performance.now() : 0;
    seen.chart ||= charts().some(isShown) ? performance.now() : 0;
    if (!seen.heading || !seen.chart) requestAnimationFrame(look);
  };
  look();
})();
