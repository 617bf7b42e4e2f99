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
  try {
    const [answer] = await Promise.all([fetch(place.dataset.figure, { credentials: "omit" }), load(place.dataset.plotly)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const figure = await answer.json();
    said.remove();
    await window.Plotly.newPlot(place, figure.data, figure.layout, JSON.parse(place.dataset.config));
    place.dataset.drawn = "yes";
  } catch (error) {
    said.textContent = place.dataset.failed;
  }
})();
