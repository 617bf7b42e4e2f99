// Draws the chart's figure with Plotly, which is loaded only on this page, because the reader asked for it.
(async () => {
  const place = document.getElementById("figure");
  const said = document.getElementById("state");
  const load = (address) => new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => fail(new Error(address));
    document.head.append(script);
  });
  const dark = JSON.parse(place.dataset.dark);
  const recolour = (value) => {
    if (typeof value === "string") return value.replace(/#[0-9a-f]{6}\b/gi, (one) => dark.colours[one.toUpperCase()] ?? one);
    if (Array.isArray(value)) return value.map(recolour);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recolour(part)]));
  };
  const darken = (figure) => {
    const dim = recolour(figure);
    for (const trace of dim.data) {
      const ink = dark.inks[trace.marker?.color];
      const font = trace.insidetextfont;
      const whole = (colour, number) => (trace.marker.opacity[number] === 1 ? ink : colour);
      if (ink && font) font.color = Array.isArray(font.color) ? font.color.map(whole) : ink;
    }
    return dim;
  };
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const draw = async (figure) => {
    const shown = scheme.matches ? darken(figure) : structuredClone(figure);
    await window.Plotly.react(place, shown.data, shown.layout, JSON.parse(place.dataset.config));
  };
  try {
    const [answer] = await Promise.all([fetch(place.dataset.figure, { credentials: "omit" }), load(place.dataset.plotly)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const figure = await answer.json();
    said.remove();
    await draw(figure);
    scheme.addEventListener("change", () => draw(figure));
    place.dataset.drawn = "yes";
  } catch (error) {
    said.textContent = place.dataset.failed;
  }
})();
