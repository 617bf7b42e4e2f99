// Runs inside the page: notes when the charts and numbers last changed, and whether the script still runs.
(() => {
  const state = { changedAt: 0, clickedAt: 0, firstAt: 0, anyAt: 0, ranAt: 0 };
  window.__bench = state;
  const watched = "[data-testid=stPlotlyChart], [data-testid=stMetric], [data-testid=stDataFrame], [data-testid=stHtml]";
  const observer = new MutationObserver((mutations) => {
    const now = performance.now();
    for (const mutation of mutations) {
      if (!["style", "data-test-script-state"].includes(mutation.attributeName)) {
        state.firstAt ||= now;
        state.anyAt = now;
      }
      if (["aria-pressed", "class", "data-going"].includes(mutation.attributeName)) continue;
      const element = mutation.target.nodeType === 1 ? mutation.target : mutation.target.parentElement;
      if (element?.closest?.(watched) || mutation.target.getRootNode() instanceof ShadowRoot) state.changedAt = now;
      if (mutation.attributeName === "data-test-script-state" && element?.dataset.testScriptState === "running")
        state.ranAt = now;
    }
  });
  const watch = (root) =>
    observer.observe(root, {
      subtree: true, childList: true, characterData: true, attributes: true,
      attributeFilter: ["aria-pressed", "class", "d", "data-going", "transform", "data-test-script-state", "style", "height", "width"],
    });
  const start = () => watch(document.documentElement);
  const roots = []; // of components, in which charts are drawn
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    roots.push(root);
    watch(root);
    return root;
  };
  document.documentElement ? start() : addEventListener("DOMContentLoaded", start);
  addEventListener("pointerup", () => {
    performance.mark("click");
    Object.assign(state, { clickedAt: performance.now(), firstAt: 0, anyAt: 0 });
  }, true);
  state.isStill = () => {
    const app = document.querySelector("[data-testid=stApp]");
    return app?.dataset.testScriptState === "notRunning" && state.anyAt > 0 && performance.now() - state.anyAt > 600;
  };
  state.isQuiet = (charts, since) => {
    const app = document.querySelector("[data-testid=stApp]");
    const plots = document.querySelectorAll(".js-plotly-plot .main-svg:first-of-type").length;
    const drawn = plots + roots.filter((root) => root.host.isConnected && root.querySelector(".chart svg")).length;
    return !!app && app.dataset.testScriptState === "notRunning" && drawn >= charts
      && state.changedAt > since && performance.now() - state.changedAt > 600;
  };
})();
