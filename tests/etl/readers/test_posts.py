"""Exports of websites, feeds and calendars as raw tables: the cells of each item, and the refusals."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import processes
from etl.readers.exports import list_members, open_export
from etl.readers.sheets import ReadError
from tests.etl.files import load_sheet, write, write_zip
from tests.etl.post_files import calendar, post, wxr

Rows = list[dict[str, Any]]


def read(path: Path) -> dict[str | None, Rows]:
    """Return the filled cells of every item by column, by sheet; `row` is its number."""
    with open_export(path) as export:
        return {
            sheet.name: [
                {"row": row, **{h: c for h, c in zip(sheet.preview[0], cells, strict=True) if c}}
                for row, *cells in load_sheet(export, sheet, 2)
            ]
            for sheet in export.sheets
        }


@pytest.mark.parametrize(("version", "scheme"), [("1.0", "http"), ("1.1", "http"), ("1.2", "http"), ("1.2", "https")])
def test_what_wordpress_writes(tmp_path, version, scheme):
    body = (
        "<!-- wp:paragraph --><p>Ten classes &amp; a well.</p><script>alert(1)</script><style>p{}</style>"
        '<iframe src="https://example.org/x">frame</iframe><p onclick="x()">See <a href="https://example.org/actions'
        '?lang=fr&amp;action=FORM-1">it</a></p>[gallery ids="1,2"][caption id="c"]A well[/caption]'
    )
    items = [
        post(12, "A well &amp; a <em>school</em>", body, language="fr", group="pll_1", tags=["Water", "FORM-7"],
             meta={"action_id": "FORM-1", "_wpml_import_language_code": "fr"}),
        post(13, "A private matter", "secret words", status="private"),
        post(14, "Behind a word", "secret words", password="open"),  # noqa: S106
        post(15, "A draft", "secret words", status="draft", meta={"action_id": "FORM-9"}),
        post(16, "picture", kind="attachment", status="inherit"),
        post(17, "A march", kind="tribe_events", meta={"_EventStartDate": "2021-06-12 09:00:00", "_EventVenueID": "18",
             "_EventAllDay": "yes", "_EventStartDateUTC": "2021-06-12 07:00:00"}),
        post(18, "The hall", kind="tribe_venue", meta={"_VenueCity": "Sampleville"}),
        post(19, "A fair", kind="event", meta={"_location_id": "18"}),
    ]  # fmt: skip
    items[0] = items[0].replace(
        "<wp:status>", "<wp:post_modified_gmt>2021-07-01 08:00:00</wp:post_modified_gmt><wp:status>"
    )
    content = wxr(items, version).replace("http://wordpress.org/export/", f"{scheme}://wordpress.org/export/")
    sheets = read(write(tmp_path / "site.xml", content))
    assert {name: len(rows) for name, rows in sheets.items()} == {
        "post": 4, "attachment": 1, "tribe_events": 1, "tribe_venue": 1, "event": 1
    }  # fmt: skip
    assert sheets["attachment"][0]["item link"] == "https://www.example.org/en/item-16/"
    assert sheets["event"][0]["venue"] == "The hall, Sampleville"
    first, private, protected, draft = sheets["post"]
    assert first["row"] == 2
    assert (first["item id"], first["wp:post_modified_gmt"]) == ("example.org-12", "2021-07-01 08:00:00")
    assert first["item title"] == "A well & a school"
    assert first["content:encoded"] == "Ten classes & a well.\n\nSee it\nA well"
    assert "https://example.org/actions?lang=fr&action=FORM-1" in first["item links"].splitlines()
    assert (first["category: language"], first["category: post_translations"]) == ("fr", "pll_1")
    assert (first["post_tag"], first["meta: action_id"]) == ("Water; FORM-7", "FORM-1")
    assert not any("_edit" in column or "_elementor" in column for column in first)
    assert private["item title"] == protected["item title"] == "[…]"
    assert draft["item title"] == "A draft"
    said = str(sheets)
    for hidden in ("secret", "alert", "frame", "A remark", "nobody@", "Sample Person 009", "person@", "FORM-9"):
        assert hidden not in said
    event = sheets["tribe_events"][0]
    assert (event["venue"], event["meta: _EventStartDate"]) == ("The hall, Sampleville", "2021-06-12 09:00:00")
    assert "meta: _EventStartDateUTC" not in event  # a whole day has no moment


def test_wrong_encodings_and_characters_that_xml_forbids(tmp_path):
    written = wxr([post(1, "Été à Sampleville", "Un\x0b texte")])
    for name, content in {
        "western.xml": written.encode("cp1252"),
        "wide.xml": written.encode("utf-16"),
        "declared.xml": written.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        "before.xml": b"\n\n  " + written.encode(),
    }.items():
        row = read(write(tmp_path / name, content))["post"][0]
        assert (row["item title"], row["content:encoded"]) == ("Été à Sampleville", "Un texte"), name


def test_what_calendars_write(tmp_path):
    zone = """
        BEGIN:VTIMEZONE
        TZID:Sample Time
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:+0300
        TZOFFSETTO:+0300
        END:STANDARD
        END:VTIMEZONE"""
    entries = calendar(
        # Google: UTC, in a calendar with a zone of its own; a reminder inside
        r"""BEGIN:VEVENT
        DTSTART:20210612T230000Z
        DTEND:20210613T000000Z
        UID:abc-1
        SUMMARY:Late talk
        DESCRIPTION:Agenda:\n1. <b>Schools</b>\, wells<br><a href="https://example.org/actions?action=FORM-1">it</a>
        LOCATION:Hall 4\, 2nd floor
        STATUS:CONFIRMED
        LAST-MODIFIED:20210601T080000Z
        BEGIN:VALARM
        ACTION:DISPLAY
        DESCRIPTION:This is a reminder
        TRIGGER:-PT30M
        END:VALARM
        END:VEVENT""",
        # Outlook: a Windows name of a zone, persons
        """BEGIN:VEVENT
        ORGANIZER;CN=Sample Person 001:MAILTO:one@example.org
        ATTENDEE;CN=Sample Person 002;RSVP=TRUE:mailto:two@example.org
        UID:040000008200
        SUMMARY;LANGUAGE=fr-CA:Atelier
        DTSTART;TZID=Pacific Standard Time:20210409T140000
        DURATION:PT2H
        SEQUENCE:3
        END:VEVENT""",
        # The Events Calendar: whole days, the end is the day after
        """BEGIN:VEVENT
        DTSTART;VALUE=DATE:20210701
        DTEND;VALUE=DATE:20210703
        UID:tec-77
        SUMMARY:Fair
        URL:https://www.example.org/event/fair/
        CATEGORIES:Books,Schools
        RRULE:FREQ=WEEKLY;COUNT=3
        END:VEVENT""",
        zone,
        "BEGIN:VEVENT\nUID:own\nSUMMARY:Own zone\nDTSTART;TZID=Sample Time:20210409T140000\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:broken\nSUMMARY:No date\nDTSTART:2021-99-99\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:private\nSUMMARY:Secret\nCLASS:PRIVATE\nDTSTART:20210409T140000Z\nEND:VEVENT",
        "BEGIN:VTODO\nUID:todo\nSUMMARY:Buy books\nEND:VTODO",
    )
    rows = {row["UID"]: row for row in read(write(tmp_path / "c.ics", entries))[None]}
    assert len(rows) == 7
    google = rows["abc-1"]
    assert (google["first day"], google["last day"]) == ("2021-06-13", "2021-06-13")  # where the calendar is
    assert (google["starts at"], google["ends at"]) == ("2021-06-12 23:00:00+00:00", "2021-06-13 00:00:00+00:00")
    assert google["DESCRIPTION"] == "Agenda:\n1. Schools, wells\nit"
    assert google["links"] == "https://example.org/actions?action=FORM-1"
    assert (google["LOCATION"], google["LAST-MODIFIED"]) == ("Hall 4, 2nd floor", "2021-06-01 08:00:00+00:00")
    outlook = rows["040000008200"]
    assert (outlook["starts at"], outlook["ends at"]) == ("2021-04-09 21:00:00+00:00", "2021-04-09 23:00:00+00:00")
    assert (outlook["language"], outlook["SEQUENCE"]) == ("fr", "3")
    assert "one@example.org" in outlook["ORGANIZER"]
    fair = rows["tec-77"]
    assert (fair["first day"], fair["last day"], fair["RRULE"]) == ("2021-07-01", "2021-07-02", "FREQ=WEEKLY;COUNT=3")
    assert "starts at" not in fair
    assert fair["CATEGORIES"] == "Books; Schools"
    assert rows["own"]["starts at"] == "2021-04-09 11:00:00+00:00"
    assert rows["broken"]["first day"] == "2021-99-99"
    assert "Secret" not in str(rows)
    assert rows["todo"]["component"] == "VTODO"


def test_what_feeds_say(tmp_path):
    rss = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>S</title><language>es-MX</language><item>
    <title>Un &amp;#233;xito</title><link>https://example.org/uno</link><guid>https://example.org/?p=1</guid>
    <pubDate>Sat, 12 Jun 2021 23:30:00 -0500</pubDate><dc:creator>Sample Person 003</dc:creator>
    <description><![CDATA[<p>Breve</p>]]></description>
    <content:encoded><![CDATA[<p>Texto <script>x()</script></p>]]></content:encoded></item></channel></rss>"""
    atom = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">
    <title>S</title><id>urn:s</id><updated>2021-06-12T00:00:00Z</updated><entry><id>urn:1</id><title>Un titre</title>
    <link href="https://example.org/1"/><updated>2021-06-12T10:00:00Z</updated></entry></feed>"""
    one = read(write(tmp_path / "feed.rss", rss))[None][0]
    assert one["published"] == "2021-06-12 23:30:00-05:00"  # the day of the place
    assert (one["entry language"], one["entry title"]) == ("es", "Un éxito")
    assert (one["summary"], one["content"], one["author"]) == ("Breve", "Texto", "Sample Person 003")
    other = read(write(tmp_path / "feed.xml", atom))[None][0]
    assert (other["entry id"], other["entry language"]) == ("urn:1", "fr")
    assert other["published"] == "2021-06-12 10:00:00+00:00"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REFUSED = {
    "bomb.xml": (wxr([post(1, "&b;")]).replace("<rss", BOMB + "<rss", 1), "document type definition"),
    "outside.xml": (wxr([post(1, "&a;")]).replace("<rss", OUTSIDE + "<rss", 1), "document type definition"),
    "bomb.rss": (f"{BOMB}<rss><channel><item><title>&b;</title></item></channel></rss>", "document type definition"),
    "deep.xml": (wxr(["<item>" + "<a>" * 300 + "</a>" * 300 + "</item>"]), "more than 200 deep"),
    "broken.xml": (wxr([post(1, "One").replace("</item>", "</itm>")]), "is broken at line"),
    "cut.xml": (wxr([post(1, "One"), post(2, "Two")])[:-600], "is cut short at line"),
    "named.xml": (wxr([post(1, "One")]).replace('"UTF-8"', '"x-nothing"', 1), "“x-nothing”, which is not read"),
    "empty.xml": (wxr([]), "holds no items"),
    "page.xml": ("<!doctype html><html><body>Not found</body></html>", "is a web page"),
    "sheet.xml": ('<?xml version="1.0"?><Workbook xmlns="urn:x"><Table/></Workbook>', "neither an export of WordPress"),
    "binary.xml": (bytes(range(256)) * 50, "holds binary data"),
    "zipped.xml": (b"PK\x03\x04" + bytes(100), "is a workbook or an archive"),
    "text.ics": ("Dear all, the fair is on Monday", "is none"),
    "cut.ics": (calendar("BEGIN:VEVENT\nUID:1\nSUMMARY:x\nEND:VEVENT").replace("END:VEVENT", ""), "is cut short"),
    "binary.ics": (bytes(range(256)) * 50, "holds binary data"),
}


def test_what_is_hostile_or_broken_is_refused_with_a_sentence(tmp_path):
    for name, (content, said) in REFUSED.items():
        with pytest.raises(ReadError) as caught:
            read(write(tmp_path / name, content))
        assert f"“{name}”" in caught.value.what
        assert said in caught.value.what
        assert caught.value.remedy


@pytest.mark.nightly
def test_a_long_text_is_cut_and_does_not_hide_what_comes_after(tmp_path):
    long = "word " * 1_000_000
    rows = read(write(tmp_path / "long.xml", wxr([post(1, "Long", long), post(2, "After", meta={"x": "y"})])))["post"]
    assert [row["item title"] for row in rows] == ["Long", "After"]
    assert len(rows[0]["content:encoded"]) < 4_200_000


def test_an_archive_of_parts_is_read(tmp_path):
    path = write_zip(tmp_path / "site.zip", {f"part.00{n}.xml": wxr([post(n, "One")]) for n in (1, 2)})
    with list_members(path) as members:
        assert [read(member.path)["post"][0]["item id"] for member in members] == ["example.org-1", "example.org-2"]


READ = """
import sys
from pathlib import Path
import duckdb
from etl.readers.exports import open_export
with open_export(Path(sys.argv[1])) as export, duckdb.connect(config={"memory_limit": "300MB"}) as connection:
    assert export.load(connection, export.sheets[0], "t", 2) == 10_000
"""


@pytest.mark.nightly
def test_a_hundred_megabytes_take_little_memory(tmp_path):
    body = "<p>" + "A fictional sentence about a school. " * 270 + "</p>"
    path = write(tmp_path / "site.xml", wxr(post(n, f"Post {n}", body) for n in range(10_000)))
    assert path.stat().st_size > 100 << 20
    with (tmp_path / "stderr.txt").open("w+b") as stderr:
        code, cost = processes.run(["-c", READ, str(path)], stderr)
    assert code == 0
    assert cost.peak_mb < 700
