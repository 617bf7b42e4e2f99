(() => {
  const PERIOD = 5_000, HOUR = 3_600_000;
  const { body } = document, { seconds } = body.dataset, words = JSON.parse(body.dataset.words);
  const said = document.querySelector("[role=status]"), pause = document.getElementById("pause");
  const stop = { sign: pause.textContent, label: pause.title };
  let place = 0, build = body.dataset.build, taken = Date.now(), isPaused = false, turning = 0;

  function turn(steps) {
    const slides = [...document.querySelectorAll(".slide")];
    place = (place + steps + slides.length) % slides.length;
    slides.forEach((slide, number) => {
      slide.classList.toggle("on", number === place);
      slide.ariaHidden = String(number !== place);
    });
    clearTimeout(turning);
    if (!isPaused && slides.length > 1) turning = setTimeout(turn, seconds * 1_000, 1);
  }

  function rest() {
    isPaused = !isPaused;
    pause.textContent = isPaused ? "▶" : stop.sign;
    pause.title = pause.ariaLabel = isPaused ? words.play : stop.label;
    turn(0);
  }

  async function take() {
    const answer = await fetch(location.href, { cache: "no-cache" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["main", "#clock"]) document.querySelector(part).replaceWith(page.querySelector(part));
    build = page.body.dataset.build;
    taken = Date.now();
    turn(0);
  }

  async function ask() {
    try {
      const answer = await fetch(body.dataset.latest, { cache: "no-cache" });
      if (answer.ok && ((build && (await answer.json()).build_id !== build) || Date.now() - taken > HOUR)) await take();
      said.textContent = "";
    } catch {
      said.textContent = words.lost;
    }
    setTimeout(ask, PERIOD);
  }

  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const actions = { back: () => turn(-1), next: () => turn(1), pause: rest, full };
  for (const [id, action] of Object.entries(actions)) document.getElementById(id).onclick = action;
  const keys = { ArrowLeft: "back", ArrowRight: "next", f: "full" };
  document.addEventListener("keydown", ({ key }) => keys[key] && actions[keys[key]]());
  document.getElementById("buttons").hidden = false;
  body.className = "turning";
  turn(0);
  setTimeout(ask, PERIOD);
})();
