"""The few styles that Streamlit's theme does not give: tiles, tables, header, footer."""

from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")

# Screen readers are told which page they are on; on a phone, where the pages are one line, it is moved into view.
# Streamlit draws the links after this has run.
_MARK_PAGE = """
((tries, again) => {
  const mark = () => {
    const row = document.querySelector(".st-key-pages"), place = location.pathname.split("/").pop();
    const links = row ? [...row.querySelectorAll("a")] : [];
    const here = links.find((link) => link.getAttribute("href").split("?")[0].split("/").pop() === place);
    links.forEach((link) => link === here || link.removeAttribute("aria-current"));
    if (here) {
      here.setAttribute("aria-current", "page");
      const middle = here.getBoundingClientRect().left - row.getBoundingClientRect().left + here.offsetWidth / 2;
      row.scrollLeft += middle - row.clientWidth / 2;
    }
    if (here ? again-- > 0 : tries-- > 0) setTimeout(mark, 300);
  };
  mark();
})(40, 1);
"""


def apply(lang: str, filters: str, page_id: str = "") -> None:
    """Add the styles, and tell the browser (screen readers, hyphenation) the language and the place of the page.

    Args:
        lang: The reader's language.
        filters: The word for the filters in that language, for the button that opens them.
        page_id: The page; on another one the script runs again.
    """
    # On a phone the filters are behind a button that shows only an arrow: it gets their name.
    button = f'[data-testid="stExpandSidebarButton"]::after {{ content: "{filters}"; padding-left: .35rem; }}'
    st.html(f"<style>{_STYLE}{button}</style>")
    script = f'/* {page_id} */ document.documentElement.lang = "{lang}"; {_MARK_PAGE}'
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
