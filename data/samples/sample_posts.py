"""What was shared on the way: the export of a fictional website, its calendar, and a list of events kept by hand.

Drawn by numbers of its own, so that nothing else of the sample changes with it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from random import Random

from sample_action import Material
from sample_submissions import Submission

SITE = "https://stories.example.org"
STORIES, IN_THREE_LANGUAGES = 20, 12
LANGUAGES = ("en", "fr", "es")
FIRST_DAY = date(2021, 2, 15)
EVENT_HEADERS = ["Titre de l'événement", "Date de début", "Date de fin", "Lieu", "Organisé par", "Langue", "Lien"]

TITLES = (
    {
        "en": "Back in class after years {sector} (sample story)",
        "fr": "De retour en classe après des années {sector} (récit d'exemple)",
        "es": "De vuelta a clase tras años {sector} (historia de ejemplo)",
    },
    {
        "en": "What {some} families did together {place} (sample story)",
        "fr": "Ce que {some} familles ont fait ensemble {place} (récit d'exemple)",
        "es": "Lo que {some} familias hicieron juntas {place} (historia de ejemplo)",
    },
    {
        "en": "A street play in {town} (sample story)",
        "fr": "Une pièce de rue à {town} (récit d'exemple)",
        "es": "Teatro en la calle en {town} (historia de ejemplo)",
    },
    {
        "en": "{few} villages, one promise (sample story)",
        "fr": "{few} villages, une promesse (récit d'exemple)",
        "es": "{few} pueblos, una promesa (historia de ejemplo)",
    },
    {
        "en": "The evening school of {town} opens (sample story)",
        "fr": "L'école du soir de {town} ouvre (récit d'exemple)",
        "es": "Abre la escuela nocturna de {town} (historia de ejemplo)",
    },
)
PARAGRAPHS = (
    {
        "en": "Nobody in this story is real. It tells what might have happened {place}.",
        "fr": "Personne dans ce récit n'existe. Il raconte ce qui aurait pu se passer {place}.",
        "es": "Nadie en esta historia existe. Cuenta lo que podría haber pasado {place}.",
    },
    {
        "en": "In {town}, {few} groups spoke for {some} evenings about children at work {sector}.",
        "fr": "À {town}, {few} groupes ont parlé pendant {some} soirées des enfants au travail {sector}.",
        "es": "En {town}, {few} grupos hablaron durante {some} tardes de los niños que trabajan {sector}.",
    },
    {
        "en": "By the end, {many} people had heard of it, and {some} children were in class again.",
        "fr": "À la fin, {many} personnes en avaient entendu parler et {some} enfants étaient de nouveau en classe.",
        "es": "Al final, {many} personas habían oído hablar de ello y {some} niños estaban de nuevo en clase.",
    },
)
MORE = {"en": "More about this action", "fr": "En savoir plus sur cette action", "es": "Más sobre esta acción"}
TOLD_BY = {"en": "Told by {name}.", "fr": "Raconté par {name}.", "es": "Contado por {name}."}
EVENTS = (
    ("Fair of sample schools", "2021-03-20", 0, "Sampleville"),
    ("Walk for the World Day Against Child Labour (sample)", "2021-06-12", 0, "Example Square"),
    ("Exchange between fictional cooperatives", "2021-07-06", 2, "Sample Hall, Exampleton"),
    ("Training for made-up inspectors", "2021-08-24", 1, "Room 4, Sample House"),
    ("Radio evening with invented guests", "2021-09-17", 0, ""),
    ("Meeting of the fictional network", "2021-10-05", 0, "Online"),
    ("Exhibition: drawings of a classroom (sample)", "2021-11-20", 9, "Sampleville Library"),
    ("What comes after 2021? A sample talk", "2022-02-10", 0, "Online"),
    ("Closing day of the sample campaign", "2022-03-18", 0, "Sample Hall, Exampleton"),
)
LISTED = (
    ("Journée portes ouvertes de l'école d'exemple", "2021-04-17", "", "Exempleville", "fr"),
    ("Atelier fictif sur les chaînes d'approvisionnement", "2021-05-26", "2021-05-28", "Salle d'exemple", "fr"),
    ("Marcha de ejemplo por el Día Mundial", "2021-06-12", "", "Plaza de Ejemplo", "es"),
    ("Taller ficticio para docentes", "2021-08-03", "2021-08-04", "Villa Ejemplo", "es"),
    ("Rencontre annuelle fictive des coopératives", "2021-10-21", "", "Exempleville", "fr"),
    ("Feria de ejemplo de las escuelas nocturnas", "2021-12-02", "", "Villa Ejemplo", "es"),
)

WXR_HEAD = f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file of a site that does not exist: all of it is fictional. -->
<!-- generator="WordPress/5.8.3" created="2022-01-20 09:00" -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
\t<title>Sample stories</title>
\t<link>{SITE}</link>
\t<description>Fictional stories of a fictional campaign</description>
\t<language>en-US</language>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:base_site_url>{SITE}</wp:base_site_url>
\t<wp:base_blog_url>{SITE}</wp:base_blog_url>
\t<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[sample-person-951]]></wp:author_login>\
<wp:author_email><![CDATA[sample.person.951@example.org]]></wp:author_email>\
<wp:author_display_name><![CDATA[Sample Person 951]]></wp:author_display_name></wp:author>
"""


def list_site(submissions: Sequence[Submission], material: Material, rng: Random) -> str:
    """The export of the site: stories, most in three languages, linked to actions in each of the ways there are."""
    named = [one for one in submissions if one.is_last and one.stakeholder.strip()]
    told = rng.sample([one for one in named if one.action.countries], STORIES)
    items, number = [], 100
    for place, submission in enumerate(told):
        own = submission.action.lang
        others = [lang for lang in LANGUAGES if lang != own] if place < IN_THREE_LANGUAGES else []
        slots = _draw_slots(submission, material, rng)
        day = FIRST_DAY + timedelta(days=17 * place + rng.randrange(9))
        for later, lang in enumerate([own, *others]):
            number += 1
            title = TITLES[place % len(TITLES)][lang].format(**slots[lang])
            body = "".join(
                f"<!-- wp:paragraph --><p>{escape(part[lang].format(**slots[lang]))}</p>" for part in PARAGRAPHS
            )
            body += _name_action(submission, place, lang)
            group = f"pll_sample{place:02}" if others else ""
            when = day + timedelta(days=2 * later)
            items.append(_item(number, title, body, when, lang, group, _list_fields(submission, place)))
    items.append(_item(number + 1, "A sample draft", "<p>Not finished.</p>", date(2021, 12, 1), "en", status="draft"))
    items.append(_item(number + 2, "sample-picture", "", date(2021, 5, 2), "en", kind="attachment", status="inherit"))
    items.append(
        _item(number + 3, "About this sample site", "<p>It does not exist.</p>", date(2021, 1, 11), "en", kind="page")
    )
    return WXR_HEAD + "".join(items) + "</channel>\n</rss>\n"


def _draw_slots(submission: Submission, material: Material, rng: Random) -> dict[str, dict[str, object]]:
    """What stands in the slots of the texts, by language: the same numbers and towns in each."""
    action, country = submission.action, material["countries"][submission.action.countries[0]]
    numbers = {"few": rng.randrange(3, 12), "some": rng.randrange(21, 90), "many": rng.randrange(210, 2900)}
    town = rng.choice(material["names"]["towns_en"])
    in_english = f"in {'the ' if country.get('the') else ''}{country.get('short', country['en'])}"
    places = {"en": in_english, "fr": country["in_fr"], "es": country["in_es"]}
    return {
        lang: {
            **numbers,
            "town": town,
            "place": places[lang],
            "sector": material["sectors"][action.sector][f"in_{lang}"],
        }
        for lang in LANGUAGES
    }


def _name_action(submission: Submission, place: int, lang: str) -> str:
    """How the text speaks of its action: by the address of its page, by its maker's name, or not at all."""
    if place % 5 == 1 and submission.reference:
        address = f"https://actions.example.org/actions?action={submission.reference}&amp;lang={lang}"
        return f'<p><a href="{address}">{MORE[lang]}</a></p><script>count()</script>'
    if place % 5 in (2, 3):
        return f"<p>{escape(TOLD_BY[lang].format(name=submission.stakeholder.strip()))}</p>"
    return ""


def _list_fields(submission: Submission, place: int) -> dict[str, str]:
    """The custom fields of a story: its action's number, or whose story it is."""
    if place % 5 in (0, 4) and submission.reference:
        return {"action_id": submission.reference}
    if place % 5 in (0, 3, 4):
        return {"stakeholder": submission.stakeholder.strip()}
    return {}


def _item(
    number: int,
    title: str,
    body: str,
    day: date,
    lang: str,
    group: str = "",
    fields: dict[str, str] | None = None,
    *,
    kind: str = "post",
    status: str = "publish",
) -> str:
    terms = f'\t\t<category domain="language" nicename="{lang}"><![CDATA[{lang}]]></category>\n'
    if group:
        terms += f'\t\t<category domain="post_translations" nicename="{group}"><![CDATA[{group}]]></category>\n'
    metas = "".join(
        f"\t\t<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"
        for key, value in {"_edit_last": "1", **(fields or {})}.items()
    )
    return f"""\t<item>
\t\t<title><![CDATA[{title}]]></title>
\t\t<link>{SITE}/{lang}/{number}/</link>
\t\t<dc:creator><![CDATA[sample-person-951]]></dc:creator>
\t\t<guid isPermaLink="false">{SITE}/?p={number}</guid>
\t\t<content:encoded><![CDATA[{body}]]></content:encoded>
\t\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>
\t\t<wp:post_id>{number}</wp:post_id>
\t\t<wp:post_date><![CDATA[{day.isoformat()} 10:00:00]]></wp:post_date>
\t\t<wp:post_name><![CDATA[{number}]]></wp:post_name>
\t\t<wp:status><![CDATA[{status}]]></wp:status>
\t\t<wp:post_type><![CDATA[{kind}]]></wp:post_type>
\t\t<wp:post_password><![CDATA[]]></wp:post_password>
{terms}{metas}\t</item>
"""


def list_calendar(submissions: Sequence[Submission], rng: Random) -> str:
    """The calendar: events that name numbers of actions among their categories, one that repeats, one called off."""
    numbered = [one.reference for one in submissions if one.is_last and one.reference]
    lines = ["BEGIN:VCALENDAR", "PRODID:-//Sample//Sample Calendar//EN", "VERSION:2.0", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", "X-WR-CALNAME:Sample events", "X-WR-TIMEZONE:Europe/Paris"]
    for number, (title, day, more, place) in enumerate(EVENTS, start=1):
        first = date.fromisoformat(day)
        lines += ["BEGIN:VEVENT", f"UID:sample-event-{number:02}", f"SUMMARY;LANGUAGE=en:{_escape(title)}"]
        if more:
            lines += [
                f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
                f"DTEND;VALUE=DATE:{first + timedelta(days=more + 1):%Y%m%d}",
            ]
        else:
            lines += [f"DTSTART:{first:%Y%m%d}T{13 + number % 4}0000Z", f"DTEND:{first:%Y%m%d}T{15 + number % 4}3000Z"]
        lines += [f"LOCATION:{_escape(place)}"] if place else []
        lines += [f"CATEGORIES:{','.join(rng.sample(numbered, 1 + number % 2))}"] if number % 3 else []
        lines += ["DESCRIPTION:A fictional event\\, for everybody who is not real.", "STATUS:CONFIRMED", "SEQUENCE:1"]
        lines += ["ORGANIZER;CN=Sample Person 952:mailto:sample.person.952@example.org"] if number == 2 else []
        lines += ["RRULE:FREQ=MONTHLY;COUNT=3"] if number == 6 else []
        lines += ["END:VEVENT"]
    lines += ["BEGIN:VEVENT", "UID:sample-event-90", "SUMMARY:Picnic of the sample (called off)"]
    lines += ["DTSTART;VALUE=DATE:20210731", "STATUS:CANCELLED", "END:VEVENT", "END:VCALENDAR"]
    return "\r\n".join(lines) + "\r\n"


def _escape(text: str) -> str:
    return text.replace(",", "\\,").replace(";", "\\;")


def list_events(submissions: Sequence[Submission], rng: Random) -> list[list[object]]:
    """The rows of the list that somebody keeps by hand, in French and Spanish."""
    rows: list[list[object]] = []
    for number, (title, first, last, place, lang) in enumerate(LISTED, start=1):
        makers = [one.stakeholder.strip() for one in submissions if one.action.lang == lang and one.stakeholder.strip()]
        days = [".".join(reversed(day.split("-"))) for day in (first, last)]
        rows.append([title, *days, place, rng.choice(makers), lang, f"https://events.example.org/{number}"])
    return rows
