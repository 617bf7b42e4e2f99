"""The few styles that Streamlit's theme does not give: tiles, tables, header, footer."""

import streamlit as st

from dashboard.ui.pieces import country_tiles

# The preview of an extract has no toolbar: its "Download as CSV" would give ten rows.
# A table's own "Download as CSV" would give the rows shown only; the button beside it gives all of them.
# The line before the staff pages lies outside when they begin a second row. On a dark ground buttons are pale.
# currentColor and translucent greys read well on the light and on the dark theme alike.
_CSS = """
.block-container, .stMainBlockContainer { padding-top: 2.75rem; padding-bottom: 2rem; max-width: 80rem;
  padding-left: clamp(1rem, 3vw, 3rem); padding-right: clamp(1rem, 3vw, 3rem); }
.campaign { font-weight: 600; font-size: .95rem; opacity: .85; }
h1 { font-size: 1.75rem; padding: 0; margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem;
  margin: 0 !important; padding: 0 !important; }
.tile { border: 1px solid rgba(128,128,128,.3); border-radius: .5rem; padding: .7rem .85rem; }
.tile dt { font-size: .82rem; opacity: .8; margin: 0; }
.tile dd { margin: 0 !important; padding: 0; }
.tile .value { font-size: 1.75rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile .note { font-size: .8rem; opacity: .8; }
.muted { opacity: .55; }
.clock { font-size: .95rem; }
.clock .bar { height: .5rem; border-radius: .25rem; background: rgba(128,128,128,.25); overflow: hidden;
  margin-top: .3rem; }
.clock .bar div { height: 100%; background: #1f6fb2; }
.text { white-space: pre-wrap; margin: .2rem 0 .8rem; }
.card-title { font-size: 1.05rem; font-weight: 600; margin: 0; padding: 0; line-height: 1.3; }
.card-note { font-size: .82rem; opacity: .8; margin: .1rem 0 0; }
[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"]) { display: none; }
.st-key-extract-preview [data-testid="stElementToolbar"] { display: none; }
.extract-facts { font-size: .95rem; margin: 0; }
.ct p { margin: 0; font-size: .85rem; }
.ct .ct-keys { display: flex; flex-wrap: wrap; align-items: center; gap: .1rem .35rem; margin-bottom: .7rem; }
.ct-key { display: inline-block; width: .95rem; height: .95rem; border-radius: .15rem; margin-left: .6rem; }
.ct-key:first-child { margin-left: 0; }
.ct-blocks { columns: 22rem 2; column-gap: 2rem; }
.ct-block { break-inside: avoid; position: relative; padding-bottom: 1rem; }
.ct .ct-head { margin-bottom: .3rem; }
.ct-tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.6rem, 1fr)); gap: .25rem; }
.ct-tiles > span { aspect-ratio: 1; border-radius: .2rem; display: flex; flex-direction: column;
  align-items: center; justify-content: center; line-height: 1.25; font-variant-numeric: tabular-nums; }
.ct-tiles b { font-size: .72rem; font-weight: 600; }
.ct-tiles .none b { font-weight: 400; }
.ct-tiles small { font-size: .68rem; }
.ct [data-tip]:hover::after { content: attr(data-tip); position: absolute; left: 0; right: 0; width: max-content;
  max-width: 100%; margin: 2rem auto 0; padding: .35rem .6rem; white-space: pre-line; font-size: .8rem; z-index: 5;
  border: 1px solid rgba(128,128,128,.6); border-radius: .25rem; box-shadow: 0 2px 8px rgba(0,0,0,.2); }
.ct [data-tip]:hover { outline: 2px solid currentColor; outline-offset: -2px; }
.figures { overflow: auto; }
.figures.long { max-height: 30rem; }
.figures table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
.figures caption { text-align: left; font-size: .82rem; opacity: .8; padding-bottom: .3rem; }
.figures th, .figures td { padding: .3rem .5rem; border-bottom: 1px solid rgba(128,128,128,.25); text-align: right; }
.figures thead th { font-weight: 600; vertical-align: bottom; }
.figures th:first-child, .figures .words { text-align: left; }
.figures tbody th { font-weight: 400; }
.figures .muted { opacity: .6; }
.answers .count { white-space: nowrap; width: 1%; }
.answers .share { width: 55%; text-align: left; white-space: nowrap; }
.answers .track { display: inline-block; width: calc(100% - 3.5rem); height: .8rem; border-radius: .2rem;
  background: rgba(128,128,128,.18); vertical-align: middle; overflow: hidden; }
.answers .track span { display: block; height: 100%; background: #14597F; }
.answers .value { display: inline-block; width: 3.2rem; text-align: right; }
.sample { border-left: .25rem solid #F3CC6B; background: rgba(243,204,107,.18);
  padding: .45rem .75rem; font-size: .88rem; }
.in-force { font-size: .9rem; line-height: 1.9; }
.in-force b { font-weight: 600; }
.chip { border: 1px solid rgba(128,128,128,.4); border-radius: 1rem; padding: .1rem .6rem; margin-right: .35rem;
  display: inline-block; line-height: 1.5; }
.allowed { columns: 16rem; max-height: 22rem; overflow: auto; font-size: .9rem; }
.footer { font-size: .8rem; opacity: .75; border-top: 1px solid rgba(128,128,128,.3); padding-top: .6rem; }
.st-key-pages { border-bottom: 1px solid rgba(128,128,128,.3); padding-bottom: .25rem; overflow-x: clip; }
.st-key-pages a[data-testid="stPageLink-NavLink"] { padding-left: .4rem; padding-right: .4rem; }
.st-key-pages a p { font-size: .92rem; }
.st-key-staff-pages { border-left: 1px solid rgba(128,128,128,.45); margin-left: -1px; flex-wrap: nowrap; }
.st-key-staff-pages > * { flex: none; }
@media (max-width: 640px) {
  .st-key-pages { flex-wrap: nowrap; }
  .st-key-pages { overflow-x: auto; overscroll-behavior-x: contain; scrollbar-width: none; }
  .st-key-pages > * { flex: none; }
  .st-key-pages a[data-testid="stPageLink-NavLink"] { padding-top: .5rem; padding-bottom: .5rem; }
}
.st-key-catalogue { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 1rem; }
.st-key-catalogue > *, .st-key-catalogue > * > .stVerticalBlock { height: 100%; }
.st-key-catalogue > * > .stVerticalBlock > :last-child { margin-top: auto; }
.st-key-use-chart { scroll-margin-top: 3.5rem; }
[class*="st-key-use-picture-"] img { border: 1px solid rgba(128,128,128,.3); border-radius: .25rem; }
.st-key-use-picture-square, .st-key-use-picture-column { max-width: 27rem; }
[class*="st-key-item-"] .stButton [data-testid="stMarkdownContainer"] { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[class*="st-key-item-"] .stButton button { min-width: 1.75rem; min-height: 1.75rem; }
[data-testid="stBaseButton-primary"] { color: light-dark(#FFFFFF, #10161B); }
.lead { margin: 0; }
.preview { height: 11.5rem; overflow: hidden; margin-bottom: .5rem;
  mask-image: linear-gradient(#000 82%, transparent); -webkit-mask-image: linear-gradient(#000 82%, transparent); }
.preview img { width: 100%; display: block; }
.section { font-size: .95rem; font-weight: 600; margin: .3rem 0 0; padding: 0; }
.place { display: inline-block; min-width: 1.4rem; text-align: right; opacity: .7; font-variant-numeric: tabular-nums; }
.waiting { margin: 0; font-size: .9rem; }
.done { font-size: .9rem; white-space: nowrap; }
.empty { border: 1px dashed rgba(128,128,128,.5); border-radius: .5rem; padding: 1rem; }
"""


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
    st.html(f"<style>{_CSS}{country_tiles.style_rules()}{button}</style>")
    script = f'/* {page_id} */ document.documentElement.lang = "{lang}"; {_MARK_PAGE}'
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
