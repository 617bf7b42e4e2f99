"""Events and stories from exports of a website, a calendar and a feed: the fate of every item."""

import pytest

from etl.inputs.decisions import DecisionError
from tests.etl.campaigns import ask, built, make_campaign, make_published, open_published
from tests.etl.post_files import calendar, post, wxr
from tests.etl.program import run_etl
from tests.shipped import LANGUAGES

REGISTER = """ID,Stakeholder,Title,Country
FORM-1,Fictional Union,Train teachers in ten schools,Ghana
FORM-2,Imaginary Weavers,Check the looms of Sampleville,India
FORM-3,Imaginary Weavers,A fund for school books,India
FORM-4,Sample Harbour Council,Evening classes by the harbour,Togo
"""
TITLES = {"en": "A story", "fr": "Un récit", "es": "Un relato"}


def tell(number: int, language: str, place: int) -> str:
    """Write one language version of a story; its mention of an action depends on the story's number."""
    way = number % 6
    body = "<p>Some words.</p><script>steal()</script>"
    if way == 1:
        body += '<p><a href="https://board.example.org/actions?lang=en&amp;action=FORM-4">more</a></p>'
    meta = {
        0: {"action_id": "FORM-1; FORM-2"},
        2: {"stakeholder": "Fictional Union"},
        3: {"stakeholder": "Imaginary Weavers"},
    }
    return post(
        1000 + 3 * number + place,
        f"{TITLES[language]} {number}",
        body,
        day=f"2021-0{1 + number % 9}-1{place}",
        language=language,
        group=f"pll_{number}",
        meta=meta.get(way),
        tags=["FORM-2" if way == 4 else "School"],
    )


def event(uid: str, summary: str, *lines: str, day: str = "20210612") -> str:
    return "\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{summary}", f"DTSTART;VALUE=DATE:{day}", *lines, "END:VEVENT"]
    )


def make_site() -> str:
    """Write two hundred posts: sixty stories in three languages, ten in one, ten not public; and two other items."""
    items = [tell(number, language, place) for number in range(60) for place, language in enumerate(LANGUAGES)]
    items += [post(n, f"A note {n}", day="2021-03-05", language="en") for n in range(1, 11)]
    items += [post(20 + n, f"Draft {n}", status="draft") for n in range(6)]
    items += [post(30, "Hidden", status="private"), post(31, "Hidden", status="private")]
    items += [post(32, "Hidden", password="x"), post(33, "Later", status="future")]  # noqa: S106
    items += [post(40, "A picture", kind="attachment", status="inherit"), post(41, "About us", kind="page")]
    return wxr(items)


def make_calendar() -> str:
    """Fifty entries: forty events, three told again, two cancelled, a series with a changed day, one private, tasks."""
    entries = [event(f"e{n}", f"Event {n}", "CATEGORIES:FORM-4" if n == 7 else "STATUS:CONFIRMED") for n in range(40)]
    entries += [event(f"e{n}", f"Event {n}, moved", "SEQUENCE:2", day="20210701") for n in range(3)]
    entries += [event("e3", "Event 3", "SEQUENCE:1", "STATUS:CANCELLED"), event("off", "Off", "STATUS:CANCELLED")]
    entries += [event("weekly", "Weekly", "RRULE:FREQ=WEEKLY;COUNT=9", day="20210601")]
    entries += [event("weekly", "Weekly, at noon", "RECURRENCE-ID;VALUE=DATE:20210608", "SEQUENCE:4", day="20210609")]
    entries += [event("secret", "Kept private", "CLASS:PRIVATE")]
    entries += [f"BEGIN:VTODO\nUID:t{n}\nSUMMARY:Task {n}\nEND:VTODO" for n in range(2)]
    return calendar(*entries)


def make_feed() -> str:
    shared = {1: "", 2: "?utm_source=feed&amp;UTM_Medium=x", 3: "?igsh=MzRl&amp;mtm_campaign=a#top"}
    entries = [(f"https://www.example.org/en/item-{n}/{way}", f"A note {n}", "2021-03-05") for n, way in shared.items()]
    entries += [("https://elsewhere.example.org/a", "Elsewhere", "2021-04-01")]
    items = "".join(
        f"<entry><id>{link}</id><title>{title}</title><link href='{link}'/><updated>{day}T10:00:00Z</updated></entry>"
        for link, title, day in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>S</title><id>s</id>{items}</feed>"


@pytest.fixture(scope="module")
def published_once(tmp_path_factory):
    made = {"site.xml": make_site(), "calendar.ics": make_calendar(), "feed.atom": make_feed()}
    return make_published(tmp_path_factory.mktemp("posts") / "c", {"register.csv": REGISTER, **made}, recipes={})


@pytest.fixture(scope="module")
def told(published_once):
    """Asks the snapshot of the whole campaign."""
    with open_published(published_once) as connection:
        yield lambda query: ask(connection, query)


def test_every_item_is_accounted_for(told):
    counts = "select named(source_file), rows_read, rows_accepted, rows_merged, rows_rejected from input_files"
    assert sorted(told(counts)) == [
        ("calendar.ics", 50, 40, 4, 6), ("feed.atom", 4, 1, 3, 0), ("register.csv", 4, 4, 0, 0),
        ("site.xml", 202, 190, 0, 12),
    ]  # fmt: skip
    assert told("select reason, count(*) from rejected_rows group by 1 order by 1") == [
        ("it is cancelled", 3),
        ("left out, as the recipe says: a draft", 6),
        ("left out, as the recipe says: a task or a note, no event", 2),
        ("left out, as the recipe says: not published yet", 1),
        ("left out, as the recipe says: private", 3),
        ("left out, as the recipe says: protected by a password", 1),
        ("no recipe reads this sheet", 2),
    ]
    assert told("select use, count(*) from input_columns where use = 'open' group by 1") == []


def test_language_versions_are_one_story(told):
    assert told("select count(*) from stories") == [(60 + 10 + 1,)]
    assert told(
        "select languages, count(*) from (select list(language order by language) as languages "
        "from post_texts where kind = 'story' group by id) group by 1 order by 1"
    ) == [(["en"], 11), (["en", "es", "fr"], 60)]
    # the first that was told stands for all
    first = told("select id, title, language, on_date::varchar from stories where id like '%-1009'")
    assert first == [("example.org-1009", "A story 3", "en", "2021-04-10")]
    assert "steal" not in str(told("select * from post_texts"))


def test_events_are_told_once_and_what_is_cancelled_is_none(told):
    assert told("select count(*) from events") == [(40,)]
    days = told("select title, on_date::varchar from events where id in ('e1', 'weekly') order by 1")
    assert days == [("Event 1, moved", "2021-07-01"), ("Weekly", "2021-06-01")]
    noted = told("select source_row, field, value from check_results where check_id = 'event_repeats'")
    assert noted == [(47, "repeats", "FREQ=WEEKLY;COUNT=9")]
    assert told("select count(*) from events where id in ('e3', 'off', 'secret')") == [(0,)]


def test_they_belong_to_actions_by_id_tag_address_and_stakeholder(told):
    linked = "select matched_by, list(distinct action_id order by action_id), count(distinct id) from post_actions "
    assert told(f"{linked} where kind = 'story' group by 1 order by 1") == [
        ("address", ["FORM-4"], 10),
        ("id", ["FORM-1", "FORM-2"], 20),
        ("stakeholder", ["FORM-1"], 10),
    ]
    assert told(f"{linked} where kind = 'event' group by 1") == [("id", ["FORM-4"], 1)]
    assert told("select count(*) from stories where action_id = 'FORM-1'") == [(20,)]
    # those whose stakeholder has two actions are suggested, each with both
    assert told("select count(*), count(distinct left_id), list(distinct right_id order by right_id) "
                "from suggested_duplicates where kind = 'story'") == [(20, 10, ["FORM-2", "FORM-3"])]  # fmt: skip


def test_authors_remarks_and_addresses_go_nowhere(told):
    tables = told("select table_name from duckdb_tables() where database_name = current_database()")
    whole = "".join(str(told(f"from {table}")) for (table,) in tables)
    for word in ("sample.person", "Sample Person 009", "A remark of somebody", "Hidden", "Kept private"):
        assert word not in whole, word


def decide(folder, *lines: str) -> None:
    text = "decision,subject,this,that\n" + "".join(f"{line}\n" for line in lines)
    folder.decisions_file.write_text(text, encoding="utf-8")


@pytest.mark.nightly
def test_what_staff_decide_goes_before_everything(folder):
    decide(
        folder,
        "assign,story,example.org-1000,FORM-3",  # by its id it belongs to two others
        "assign,story,example.org-1000,FORM-4",
        "assign,story,example.org-1004,none",  # a version of a story that the address links
        "assign,event,e9,FORM-1",
        "assign,story,example.org-1009,FORM-3",  # which is suggested besides another
        "assign,event,gone,FORM-1",
        "assign,story,example.org-1,FORM-99",
        "same,story,example.org-1,example.org-2",
        "different,story,example.org-1015,example.org-1016",
    )
    with built(folder) as connection:
        linked = "select kind, id, action_id, matched_by from post_actions where id in (?, ?, ?, ?) order by all"
        assert ask(connection, linked, ["example.org-1000", "example.org-1003", "example.org-1009", "e9"]) == [
            ("event", "e9", "FORM-1", "decision"),
            ("story", "example.org-1000", "FORM-3", "decision"),
            ("story", "example.org-1000", "FORM-4", "decision"),
            ("story", "example.org-1009", "FORM-3", "decision"),
        ]
        asked = "select count(*) from suggested_duplicates where kind = 'story' and left_id = 'example.org-1009'"
        assert ask(connection, asked) == [(0,)]
        texts = ask(
            connection,
            "select id, count(*) from post_texts where id in "
            "('example.org-1', 'example.org-2', 'example.org-1015', 'example.org-1016') group by 1 order by 1",
        )
        assert texts == [("example.org-1", 2), ("example.org-1015", 2), ("example.org-1016", 1)]
        assert ask(connection, "select line, is_applied, why_not from decisions order by line") == [
            *((line, True, None) for line in (2, 3, 4, 5, 6)),
            (7, False, 'what stands under "this" is not in the files'),
            (8, False, 'what stands under "that" is not in the files'),
            (9, True, None),
            (10, True, None),
        ]
    decide(folder, "assign,story,example.org-1000,FORM-3", "assign,story,example.org-1000,none")
    with pytest.raises(DecisionError, match="row 3: example.org-1000 is assigned a second time"), built(folder):
        pass


def test_the_command_settles_and_takes_back(folder):
    here = ("--campaign", folder.root)
    said = run_etl("decide", "assign", "story", "example.org-1009", "FORM-3", *here)
    assert said.returncode == 0, said.stderr
    assert "the story example.org-1009 belongs to FORM-3" in said.stdout
    assert run_etl("decide", "assign", "story", "example.org-1009", "FORM-2", *here).returncode == 0
    refused = run_etl("decide", "assign", "story", "example.org-1009", "none", *here)
    assert refused.returncode == 1
    assert "assigned a second time" in refused.stderr
    assert "No published event has the id" in run_etl("decide", "assign", "event", "nothing", "FORM-2", *here).stderr
    assert run_etl("decide", "assign", "story", "example.org-1009", "FORM-2", "--undo", *here).returncode == 0
    assert "FORM-2" not in folder.decisions_file.read_text(encoding="utf-8-sig")
    assert folder.decisions_file.read_text(encoding="utf-8-sig").count("assign,story,example.org-1009,FORM-3") == 1


LISTED = """Event;Start date;End date;Place;Action ID;Organised by;Cancelled;Link
March of the weavers;12/06/2021;;Sampleville;FORM-1, form-2;;;https://example.org/march
Fair of books;01/07/2021;03/07/2021;Accra;;Fictional Union;;
Looms;13/07/2021;;;FORM-77;;;
Off;14/07/2021;;;;;yes;
;15/07/2021;;;;;;
"""
STORIES = """Story ID,Story,Published on,Language,Text,Link,Translation of
A1,Ten classes open,2021-08-01,en,The Imaginary Weavers and a fund for school books: 250 families and 17 classes.,https://example.org/en/ten,
A2,Dix classes,2021-08-02,fr,"Un fonds : 250 familles, 17 classes.",https://example.org/fr/dix,
A3,Diez clases,2021-08-09,es,Otro texto.,,A2
A4,Another,2021-08-01,en,Nothing.,,
"""


@pytest.mark.nightly
def test_lists_kept_by_hand_and_what_is_only_suggested(tmp_path):
    files = {"register.csv": REGISTER, "calendar.csv": LISTED, "stories.csv": STORIES}
    folder = make_campaign(tmp_path / "c", files, {})
    with built(folder) as connection:
        told = "select title, on_date::varchar, ends_on::varchar, place from events order by on_date"
        assert ask(connection, told) == [
            ("March of the weavers", "2021-06-12", None, "Sampleville"),
            ("Fair of books", "2021-07-01", "2021-07-03", "Accra"),
            ("Looms", "2021-07-13", None, None),
        ]
        linked = (
            "select title, p.action_id, matched_by from post_actions as p inner join events using (id) order by all"
        )
        assert ask(connection, linked) == [
            ("Fair of books", "FORM-1", "stakeholder"), ("March of the weavers", "FORM-1", "id"),
            ("March of the weavers", "FORM-2", "id"),  # written another way
        ]  # fmt: skip
        unknown = "select source_row, value from check_results where check_id = 'post_names_unknown_action'"
        assert ask(connection, unknown) == [(4, "FORM-77")]
        reasons = ask(connection, "select reason from rejected_rows order by source_row")
        assert reasons == [("it is cancelled",), ("the row has no title",)]
        titles = ask(connection, "select id, title from stories order by id")
        assert titles == [("A1", "Ten classes open"), ("A2", "Dix classes"), ("A4", "Another")]
        pairs = "select kind, left_id, right_id, why from suggested_duplicates order by kind, score desc, left_id"
        assert ask(connection, pairs) == [
            ("story", "A1", "FORM-3", "its text names the stakeholder, and has words of the action's title"),
            ("story", "A1", "FORM-2", "its text names the stakeholder"),
            ("story_version", "A1", "A2", "may be the same in another language"),
        ]
