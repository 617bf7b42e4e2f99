// Keeps what is typed into a stakeholder's form on the device, for who ticks that; without scripts it is not offered.
(() => {
  const [form, sent] = ["form[data-draft]", "[data-sent]"].map((one) => document.querySelector(one));
  const handle = (form ?? sent)?.dataset;
  if (!handle) return;
  const key = `draft-${handle.draft ?? handle.sent}`;
  try {
    if (sent) localStorage.removeItem(key);
    if (!form) return;
    const offer = document.getElementById("draft").content.cloneNode(true);
    const tick = offer.querySelector("input");
    const fields = [...form.elements].filter(
      (one) => one.name && one.name !== "website" && !["hidden", "file", "submit"].includes(one.type),
    );
    const isBox = (one) => ["radio", "checkbox"].includes(one.type);
    const name = (one) => (isBox(one) ? `${one.name}=${one.value}` : one.name);
    const read = (one) => (isBox(one) ? one.checked : one.value);
    const save = () => {
      if (tick.checked) localStorage.setItem(key, JSON.stringify(fields.map((one) => [name(one), read(one)])));
      else localStorage.removeItem(key);
    };
    const draft = new Map(JSON.parse(localStorage.getItem(key) ?? "[]"));
    tick.checked = draft.size > 0;
    for (const one of fields) {
      const value = draft.get(name(one));
      if (value === undefined || value === read(one)) continue;
      one[isBox(one) ? "checked" : "value"] = value;
      for (let box = one.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
    form.prepend(offer);
    form.addEventListener("input", save);
  } catch {} // a browser that keeps nothing, or a draft of another time
})();
