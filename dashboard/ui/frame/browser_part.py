"""Components of pages: their scripts are files that a browser keeps, not part of every message that draws them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.web.static import ASSETS, LATE_STYLES, name_part

_LOADER = """
const parts = Promise.all({addresses}.map((one) => import(new URL(one, document.baseURI))));
export default (component) => {{
  let end;
  parts.then((modules) => {{
    const sheets = component.parentElement.adoptedStyleSheets;
    for (const {{ style }} of modules) if (style && !sheets.includes(style)) sheets.push(style);
    const [part, ...others] = modules;
    end = part.default(component, ...others.map((one) => one.default));
  }});
  return () => end?.();
}};
"""


def register(name: str, place: Path, html: str, uses: Sequence[Path] = ()) -> Any:
    """Register the component of a name, as `st.components.v2.component` returns it.

    `place`: where its script and style stand, a `.js` file and, where it has a style, a `.css` file of this name.
    `html`: the component's content when its script begins.
    `uses`: where the components stand that its script draws inside it; it gets their functions, and has their styles.
    """
    places = (place, *uses)
    sent = (one.with_suffix(".css") for one in places if one.stem not in LATE_STYLES)
    return st.components.v2.component(
        name,
        html=html,
        css="".join(style.read_text(encoding="utf-8") for style in sent if style.exists()) or None,
        js=_LOADER.format(addresses=[f"{ASSETS}{name_part(one.stem)}" for one in places]),
    )
