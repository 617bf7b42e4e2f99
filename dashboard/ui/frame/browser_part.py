"""Components of pages: their scripts are files that a browser keeps, not part of every message that draws them."""

from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.web.static import ASSETS, LATE_STYLES, name_part

_LOADER = """
const part = import(new URL("{address}", document.baseURI));
export default (component) => {{
  let end;
  part.then((module) => {{
    const sheets = component.parentElement.adoptedStyleSheets;
    if (module.style && !sheets.includes(module.style)) sheets.push(module.style);
    end = module.default(component);
  }});
  return () => end?.();
}};
"""


def register(name: str, place: Path, html: str) -> Any:
    """Register the component of a name, as `st.components.v2.component` returns it.

    `place`: where its script and style stand, a `.js` file and, where it has a style, a `.css` file of this name.
    `html`: the component's content when its script begins.
    """
    style = place.with_suffix(".css")
    is_sent = place.stem not in LATE_STYLES and style.exists()
    return st.components.v2.component(
        name,
        html=html,
        css=style.read_text(encoding="utf-8") if is_sent else None,
        js=_LOADER.format(address=f"{ASSETS}{name_part(place.stem)}"),
    )
