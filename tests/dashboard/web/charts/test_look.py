"""The publisher's colours and logo: refused, drawn on pictures, pages and mails; what has none stays as it is."""

import json
import re
import zipfile
from base64 import b64decode
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from pydantic import ValidationError

from dashboard.campaign.brand import LOGO_BELOW, LOGO_HEIGHT, PLAIN, Look, read_look
from dashboard.campaign.folder import Brand
from dashboard.charts.chart import build_chart
from dashboard.charts.colours import PICTURE
from dashboard.charts.svg.draw import draw_svg
from dashboard.charts.svg.png import render_png
from dashboard.errors import UserError
from dashboard.files.briefings.content import Briefing, compose
from dashboard.files.briefings.design import logo_drawing
from dashboard.files.briefings.html import render_html
from dashboard.files.briefings.paper.document import write_paper
from dashboard.files.briefings.slides.deck import write_deck
from dashboard.files.briefings.word.word_document import write_document
from dashboard.i18n import translator
from dashboard.mail.message import make_mail, write_notice
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.theme import DARK, contrast
from dashboard.web.charts import embed_page
from dashboard.web.charts.embed_page import Links
from dashboard.web.charts.page_height import PageHeight
from dashboard.web.charts.requests import ChartRequest
from dashboard.web.http import hash_source
from dashboard.web.verifying.proof import compare_files
from tests import templates
from tests.charts_over_http import ask, make_app
from tests.snapshots import copy_published

COLOUR, ACCENT = "#7A1F5C", "#C4561B"
DRAWING = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" width="240" height="80"'
    ' onload="alert(1)"><script>alert(2)</script><image href="file:///etc/passwd" width="9" height="9"/>'
    f'<rect x="20" y="20" width="200" height="40" fill="{COLOUR}"/></svg>'
)


@pytest.fixture
def campaign(campaign_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the fixture campaign with colours, a publisher and a logo."""
    monkeypatch.setattr(logo_drawing, "limit_memory", lambda: None)
    folder = copy_published(campaign_folder, tmp_path)
    (tmp_path / "drawing.svg").write_text(DRAWING, encoding="utf-8")
    logo_drawing.draw_logo({"path": str(tmp_path / "drawing.svg"), "to": str(folder / "logo.png")})
    settings = (SHIPPED_CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    brand = f'\n[brand]\ncolour = "{COLOUR.lower()}"\naccent = "{ACCENT}"\n'
    (folder / "campaign.toml").write_text(settings + brand, encoding="utf-8")
    return folder


def test_a_colour_that_is_too_pale_or_none_is_refused_with_its_ratio() -> None:
    for name, value, said in (
        ("colour", "#9FD0EE", r"#9FD0EE has a contrast of 1\.6 : 1 on white; it needs at least 4\.5 : 1"),
        ("accent", "#FFD700", r"#FFD700 has a contrast of 1\.4 : 1 on white; it needs at least 3 : 1"),
        ("colour", "red;}", "red;} is no colour"),
    ):
        with pytest.raises(ValidationError, match=re.compile(said)):
            Brand.model_validate({name: value})
    for colour in (COLOUR, "#000000", "#14597F"):
        assert contrast(Look(colour).on_dark, DARK["paper"]) >= 4.5


def test_a_logo_is_drawn_anew_small_and_without_edges(campaign: Path, tmp_path: Path) -> None:
    look = read_look(campaign)
    with Image.open(BytesIO(look.logo)) as logo:
        assert logo.size == (480, 96) and look.logo_width == round(LOGO_HEIGHT * 5)
    for content in (b"", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='a' height='b'/>", b"GIF89a"):
        (tmp_path / "given").write_bytes(content)
        with pytest.raises(UserError, match="no picture"):
            logo_drawing.draw_logo({"path": str(tmp_path / "given"), "to": str(tmp_path / "made")})
    noise = Image.effect_noise((900, 500), 90).convert("RGB")
    noise.save(tmp_path / "noise.png")
    logo_drawing.draw_logo({"path": str(tmp_path / "noise.png"), "to": str(tmp_path / "made")})
    assert (tmp_path / "made").stat().st_size <= logo_drawing.MOST_BYTES
    words = DRAWING.replace("<rect", '<text y="9" fill="white">A</text><rect').replace(COLOUR, "#F8F8F8")
    (tmp_path / "pale.svg").write_text(words, encoding="utf-8")
    report = logo_drawing.draw_logo({"path": str(tmp_path / "pale.svg"), "to": str(tmp_path / "made")})
    assert "hardly seen" in json.dumps(report) and "outlines" in json.dumps(report)


def test_a_slide_is_kept_for_its_template_and_a_picture_for_its_look(campaign: Path, snapshot: Snapshot) -> None:
    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign)})
    requests = [ChartRequest("status-overview", form, Selection(), snapshot.build_id) for form in ("pptx", "svg")]
    before = [request.key("", snapshot, settings) for request in requests]
    (campaign / "briefing.pptx").write_bytes(b"another template")
    template = [request.key("", snapshot, settings) for request in requests]
    (campaign / "logo.png").unlink()
    look = [request.key("", snapshot, settings) for request in requests]
    assert [before[0] == template[0], before[1] == template[1]] == [False, True]
    assert template[0] != look[0] and template[1] != look[1]


def test_pictures_have_the_line_the_name_and_the_logo_and_marks_keep_their_colours(
    campaign: Path, snapshot: Snapshot
) -> None:
    chart = build_chart(snapshot, "status-overview", Selection(lang="fr"))
    assert chart.look == PLAIN._replace(names=chart.look.names), "the fixture has none"
    plain, dressed = draw_svg(chart, "slide"), draw_svg(replace(chart, place=campaign), "slide")
    assert f'fill="{ACCENT}"' in dressed and f'<g fill="{COLOUR}">' in dressed and dressed.count("<image ") == 1
    for role in ("completed", "in_progress", "discontinued"):
        fill = f'fill="{PICTURE[role]}"'
        assert dressed.count(fill) == plain.count(fill) > 0
    with Image.open(BytesIO(render_png(dressed))) as picture:
        points = picture.convert("RGB")
        assert points.getpixel((640, 2)) == tuple(bytes.fromhex(ACCENT[1:]))
        assert points.getpixel((1280 - 56 - 60, 70)) == tuple(bytes.fromhex(COLOUR[1:]))


def test_a_page_in_a_frame_is_dressed_allowed_by_its_policy_and_as_high_as_it_says(
    campaign: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = build_chart(snapshot, "status-overview", Selection())
    dressed = replace(chart, place=campaign)
    answer = ask(make_app(campaign, monkeypatch), "/charts/status-overview?lang=en")
    styles = dressed.look.styles
    assert f"<style>{styles}</style>" in answer.text
    assert hash_source(styles) in answer.headers["content-security-policy"]
    (image,) = re.findall(r'<img class="logo"[^>]*>', answer.text)
    assert unescape(re.findall(r'alt="([^"]*)"', image)[0]) == read_look(campaign).name("en") != ""
    assert b64decode(re.findall(r"base64,([^\"]*)", image)[0]) == (campaign / "logo.png").read_bytes()
    heights = [PageHeight(one, ["A link"]).find(width) for one in (chart, dressed) for width in (320, 680)]
    assert [heights[2] - heights[0], heights[3] - heights[1]] == [LOGO_HEIGHT + LOGO_BELOW] * 2
    assert len(embed_page.draw_page(dressed, Links())) - len(embed_page.draw_page(chart, Links())) < 20_000
    (campaign / "logo.png").unlink()
    again = ask(make_app(campaign, monkeypatch), "/charts/status-overview?lang=en")
    assert "<img" not in again.text and again.headers["etag"] != answer.headers["etag"]


def test_a_mail_is_dressed_and_shows_its_logo_from_inside(campaign: Path) -> None:
    look = read_look(campaign)
    mail = write_notice(
        "a@example.org", translator("fr"), "Campagne", "Titre", [("", "Mots")], button="Ici", way="https://x.org"
    )

    def read(look: Look) -> dict[str, Any]:
        raw = make_mail(mail, "News <news@example.org>", look=look)
        return {part.get_content_type(): part for part in message_from_bytes(raw, policy=SMTP).walk()}

    plain, dressed = read(PLAIN), read(look)
    assert "image/png" not in plain and dressed["image/png"].get_content() == look.logo
    html = dressed["text/html"].get_content()
    number = dressed["image/png"]["Content-ID"].strip("<>")
    (image,) = re.findall(r"<img[^>]*>", html)
    assert f'src="cid:{number}"' in image and f'alt="{look.name("fr")}"' in unescape(image)
    assert html.count(COLOUR.lower()) + html.count(COLOUR) >= 2 and ACCENT in html and look.on_dark in html
    assert COLOUR not in plain["text/html"].get_content()


def test_every_form_has_the_look_and_an_own_template_keeps_its_own(
    campaign: Path, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = compose(snapshot, Selection(lang="fr"), ["status-overview", "region-by-theme"], "https://example.org")
    pieces = tuple(replace(one, chart=replace(one.chart, place=campaign)) for one in plain.pieces)
    blocks = tuple(replace(one, piece=piece) for one, piece in zip(plain.blocks, pieces, strict=True))
    dressed, look = replace(plain, pieces=pieces, blocks=blocks), read_look(campaign)
    forms = {"pptx": write_deck, "docx": write_document, "pdf": write_paper}

    def make(briefing: Briefing, form: str, *template: Path) -> bytes:
        file = tmp_path / f"made.{form}"
        forms[form](briefing, file, *template)
        return file.read_bytes()

    for form in forms:
        files = [make(briefing, form) for briefing in (plain, dressed)]
        if form == "pdf":
            with pikepdf.open(BytesIO(files[1])) as paper:
                assert len(paper.pages[0].get_images()) == 1
        else:
            for word in (look.logo, COLOUR[1:].encode()):
                assert [_holds(file, word) for file in files] == [False, True], form
        deviations = compare_files(*files, receipt=plain.issue(form)).deviations
        assert not [one for one in deviations if one.is_text or form != "pdf"], form  # a page's drawing is another
    template = templates.save("PowerPoint 2010", tmp_path / "briefing.pptx")
    assert not _holds(make(dressed, "pptx", template), look.logo)
    html = [render_html(one).encode() for one in (plain, dressed)]
    assert look.styles.encode() in html[1] and look.logo_address.encode() in html[1] and b"<img" not in html[0]
    server = make_app(campaign, monkeypatch)
    for path in ("/charts?lang=fr", "/show?lang=fr"):
        answer = ask(server, path, accept="text/html")
        policy = answer.headers["content-security-policy"]
        assert all(word in answer.text for word in (look.logo_address, look.colour, look.accent)), path
        assert "img-src data:" in policy and all(hash_source(one) in policy for one in _STYLES.findall(answer.text))


_STYLES = re.compile("<style>(.*?)</style>", re.DOTALL)


def _holds(package: bytes, word: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(package)) as parts:
        return any(word.lower() in parts.read(name).lower() for name in parts.namelist())
