"""The list for choosing filters, in a browser: its results, its keys, its reports."""

import json

from dashboard.paths import PROJECT
from dashboard.ui.pieces import tolerant_list

PART = PROJECT / "dashboard" / "ui" / "pieces" / "tolerant_list.js"
PLACES = {"CIV": "Côte d’Ivoire", "PER": "Pérou", "MAR": "Maroc", "BRA": "Brésil", "TUR": "Türkiye", "COG": "Congo"}
PLACES |= {"COD": "Congo (République démocratique)", "GHA": "Ghana", "PHL": "Philippines"}
WORDS = {"label": "Pays", "find": "Chercher", "all": "Tous", "chosen": "{n} choisis", "shown": "{n} sur {total}"}
WORDS |= {"nothing": "Rien", "clear": "Aucun"}
DRIVE = """async ([script, html, data]) => {
  const part = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  window.parentElement = document.querySelector("main").attachShadow({ mode: "open" }); // as Streamlit has it
  parentElement.innerHTML = html;
  window.sent = [];
  window.draw = (chosen) => part.default(
    { data: { ...data, chosen }, parentElement, setTriggerValue: (name, value) => sent.push(value) });
  draw(data.chosen);
}"""


def test_a_list_finds_folded_and_misspelt_names_and_is_driven_by_the_keyboard(reader):
    reader.set_content("<main></main>")
    data = {"options": list(PLACES.items()), "chosen": ["GHA"], "words": WORDS}
    reader.evaluate(DRIVE, [PART.read_text(encoding="utf-8"), tolerant_list.HTML, data])
    field, names = reader.get_by_role("searchbox", name="Pays: Chercher"), reader.locator("li:visible")
    assert names.all_inner_texts()[0] == "Ghana", "what is chosen stands first"
    for typed, expected in {
        "perou": ["Pérou"],
        "PÉROU": ["Pérou"],
        "cote d'iv": ["Côte d’Ivoire"],
        "philipines": ["Philippines"],
        "brasil": ["Brésil"],
        "congo": ["Congo", "Congo (République démocratique)"],
        "barsil": ["Brésil"],
        "dem congo": ["Congo (République démocratique)"],
        "xyz": [],
    }.items():
        field.fill(typed)
        assert names.all_inner_texts() == expected, typed
    assert reader.get_by_role("status").inner_text() == "Rien"
    field.fill("turkiye")
    assert reader.get_by_role("status").inner_text() == "1 sur 9"
    field.press("Enter")
    field.press("Escape")
    assert field.input_value() == "" and names.count() == len(PLACES)
    field.press("ArrowDown")
    reader.keyboard.press("Space")  # lifts Ghana
    sent = json.loads(reader.evaluate("JSON.stringify(sent)"))
    assert sent == [["GHA", "TUR"], ["TUR"]]
    reader.evaluate("draw(['GHA', 'TUR'])")  # the page's answer to the first click, come after the second
    assert not reader.get_by_label("Ghana").is_checked()
    reader.evaluate("draw(['TUR'])")
    reader.get_by_role("button", name="Aucun").click()
    assert reader.evaluate("sent.at(-1)") == [] and reader.get_by_role("status").inner_text() == "Tous"
    assert reader.evaluate("parentElement.activeElement.type") == "search", "the focus stays in the list"
