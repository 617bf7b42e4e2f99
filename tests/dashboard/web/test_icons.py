"""The small font of icons: it stands for Streamlit's, and has every icon that the pages may draw."""

from fontTools.ttLib import TTFont

from dashboard.paths import find_package
from dashboard.web import icons
from dashboard.web.static import streamlit_copies

AGAIN = "make it anew: python -m dashboard.web.icons"


def test_every_icon_is_in_the_font_that_is_sent() -> None:
    streamlit = find_package("streamlit")
    media = streamlit / "static" / "static" / "media"
    [whole] = media.glob(icons.NAMES)
    small = icons.find_small(media).get(whole.name)
    assert small is not None, AGAIN
    known, sent = (icons.read_icons(TTFont(file)) for file in (whole, small))
    assert icons.list_used(streamlit) & known.keys() <= sent.keys(), AGAIN
    copy = streamlit_copies().make(f"/static/media/{whole.name}", "br")
    assert len(copy.body) < 30_000 < whole.stat().st_size
    assert copy.headers["cache-control"] == "no-cache"  # its name is that of the whole font, whatever is in it
