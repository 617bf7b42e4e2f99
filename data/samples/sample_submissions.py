"""The two submission forms and the staff's classification sheet, with the defects that real ones have."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sample_action import ACTION_DEADLINE, Action, Material

NBSP = "\u00a0"
Row = list[object]

MICROSOFT_HEADERS = [
    "ID",
    "Start time",
    "Completion time",
    "Email",
    "Name",
    "Language",
    f"Name of your organisation{NBSP}",
    "What is the name of your 2021 Action?\n(at most 20 words)",
    "How will it be implemented?",
    f"How does it contribute to ending child labour by 2025?{NBSP}(at most 100 words)",
    "How will you communicate your action?",
    "Which channels will you use?",
    "Other stakeholders responsible for implementation",
    "Focal point for coordination (telephone)",
]
GOOGLE_HEADERS = [
    "Horodateur",
    "Adresse e-mail",
    "Nom de votre organisation",
    "Intitulé de votre Action 2021 (20 mots au plus)",
    "Comment sera-t-elle mise en œuvre ?",
    "Comment contribue-t-elle à l'élimination du travail des enfants d'ici à 2025 ? (100 mots au plus)",
    "Par quels canaux ferez-vous connaître votre action ?",
    "Autres parties prenantes responsables de la mise en œuvre",
    "Date de fin prévue",
    "Personne de contact",
    "Téléphone",
]
CODING_HEADERS = [
    "Submission no.",
    "Stakeholder",
    "Title",
    "Stakeholder group",
    "Country or region",
    "Category",
    "Themes",
    "Language",
    "End date",
    "Remarks",
]
CHANNELS = {
    "en": ["Social media", "Local radio", "Press", "Newsletter", "Public events"],
    "fr": ["Réseaux sociaux", "Radio locale", "Presse", "Lettre d'information", "Événements publics"],
    "es": ["Redes sociales", "Radio local", "Prensa", "Boletín", "Actos públicos"],
}
FORM_LANGUAGES = {"en": "English (United States)", "es": "español (España)"}
LONG_TAIL = {
    "en": " with parents, teachers, growers, local authorities and the children themselves, in every season and beyond",
    "es": " con madres, padres, docentes, autoridades locales y los propios niños, en cada época del año y después",
}
# Typed by staff in a hurry; none of these is a code or its spelling.
SLIPS = [
    (3, "Civl socity"),
    (4, "Zambbia"),
    (4, "West Coast"),
    (5, "Awarness campaing"),
    (6, "Minning"),
    (6, "Rural childhoods"),
]


@dataclass(frozen=True)
class Submission:
    """One row of a form: an action as submitted at one moment; `is_last` is false where it was submitted again."""

    action: Action
    at: datetime
    stakeholder: str
    title: str
    description: str
    is_last: bool = True
    number: int = 0

    @property
    def reference(self) -> str:
        """The number by which staff and respondents know a Microsoft Forms submission; none for Google Forms."""
        return f"MSF-{self.number}" if self.number else ""


def draw_submissions(actions: list[Action], rng: Random) -> tuple[list[Submission], list[Submission]]:
    """What the English and Spanish form and the French form received, in order of arrival."""
    first = [a for a in actions if a.lang != "fr"]
    second = [a for a in actions if a.lang == "fr"]
    microsoft = _with_defects([_submit(a) for a in first], rng, again=7, nameless=6, overlong=4)
    google = _with_defects([_submit(a) for a in second], rng, again=3, nameless=0, overlong=0)
    numbered = [replace(s, number=i) for i, s in enumerate(microsoft, start=1)]
    return numbered, google


def _submit(action: Action) -> Submission:
    return Submission(action, action.submitted_at, action.stakeholder, action.title, action.description)


def _with_defects(
    submissions: list[Submission], rng: Random, *, again: int, nameless: int, overlong: int
) -> list[Submission]:
    places = rng.sample(range(len(submissions)), again + nameless + overlong + 4)
    changed = list(submissions)
    earlier = []
    for place in places[:again]:
        last = submissions[place]
        title = rng.choice((last.title.upper(), last.title.lower(), last.title + " "))
        at = last.at - timedelta(days=rng.randrange(1, 9), minutes=rng.randrange(60))
        earlier.append(replace(last, at=at, title=title, description=last.description.split(". ")[0], is_last=False))
    for place in places[again : again + nameless]:
        changed[place] = replace(changed[place], stakeholder=rng.choice(("", NBSP, "  ")))
    for place in places[again + nameless : again + nameless + overlong]:
        title = changed[place].title + LONG_TAIL[changed[place].action.lang]
        changed[place] = replace(changed[place], title=title)
    signs, pasted = places[-4:-2], places[-2:]
    for place, sign in zip(signs, ("= ", "+ "), strict=True):
        changed[place] = replace(changed[place], title=sign + changed[place].title)
    for place in pasted:  # text pasted from somebody else's action
        changed[place] = replace(changed[place], description=submissions[place - 1].description)
    return sorted([*changed, *earlier], key=lambda s: s.at)


def _untidy(text: str, rng: Random) -> str:
    """The same text as people type it: now and then a blank too many, at times a no-break one."""
    chance = rng.random()
    if chance < 0.05:
        return f" {text}"
    if chance < 0.10:
        return f"{text}{NBSP}"
    return text.replace(" ", "  ", 1) if chance < 0.13 else text


def list_microsoft_rows(submissions: list[Submission], rng: Random) -> list[Row]:
    """The rows of the Microsoft Forms workbook."""
    rows: list[Row] = []
    for s in submissions:
        action = s.action
        channels = rng.sample(CHANNELS[action.lang], rng.choice((1, 2, 2, 3)))
        is_anonymous = rng.random() < 0.08
        rows.append(
            [
                s.number,
                s.at - timedelta(minutes=rng.randrange(6, 40), seconds=rng.randrange(60)),
                s.at,
                "anonymous" if is_anonymous else f"contact{action.contact:03d}@example.org",
                None if is_anonymous else f"Sample Person {action.contact:03d}",
                FORM_LANGUAGES[action.lang],
                _untidy(s.stakeholder, rng),
                _untidy(s.title, rng),
                s.description,
                action.impact,
                action.communication,
                "".join(f"{channel};" for channel in channels),
                action.partners or None,
                f"+000 000 0{action.contact:03d}",
            ]
        )
    return rows


def list_google_rows(submissions: list[Submission], rng: Random) -> list[Row]:
    """The rows of the French Google Forms sheet, every cell as text."""
    rows: list[Row] = []
    for s in submissions:
        action = s.action
        says_end = action.due_on != ACTION_DEADLINE or rng.random() < 0.2
        rows.append(
            [
                f"{s.at:%d/%m/%Y %H:%M:%S}",
                f"contact{action.contact:03d}@example.org",
                _untidy(s.stakeholder, rng),
                _untidy(s.title, rng),
                s.description,
                action.impact,
                ", ".join(rng.sample(CHANNELS["fr"], rng.choice((1, 2, 3)))),
                action.partners,
                f"{action.due_on:%d/%m/%Y}" if says_end else "",
                f"Personne Exemple {action.contact:03d}",
                f"+000 00 00 0{action.contact:03d}",
            ]
        )
    # A test of the form that nobody deleted: neither title nor id.
    rows.insert(4, ["02/02/2021 09:12:44", "contact999@example.org", "Essai fictif (exemple)", *[""] * 8])
    undated = next(row for row in rows if row[8])
    undated[8] = "fin d'année"
    return rows


def list_coding_rows(submissions: list[Submission], material: Material, rng: Random) -> list[Row]:
    """The staff's classification: by number where there is one, else by stakeholder and title."""
    last = [s for s in submissions if s.is_last]
    rows = [_code(s, material, rng) for s in last if rng.random() > 0.02]
    for row in rng.sample(rows, 8):  # received, not coded yet
        row[3:9] = [None] * 6
        row[9] = "to be coded"
    for row in rng.sample([r for r in rows if r[5]], 6):
        row[rng.choice((5, 6))] = None
    coded = [row for row in rows if row[3] and row[5] and row[6]]
    for row, (column, slip) in zip(rng.sample(coded, len(SLIPS)), SLIPS, strict=True):
        row[column] = f"{row[6]}; {slip}" if column == 6 else slip
        row[9] = "check"
    again = list(rng.choice(coded))
    again[9] = "second reading"
    unknown = [
        f"MSF-{len(last) + 600}",
        "Fictional Stakeholder Nobody Knows",
        None,
        "NGO",
        "Peru",
        "Training",
        "Education",
    ]
    note: Row = [None, None, None, None, None, None, None, None, None, "Ask the team about the two double entries"]
    return [*rows, again, [*unknown, "EN", None, "typing error?"], note]


def _code(s: Submission, material: Material, rng: Random) -> Row:
    action = s.action
    group, category = material["groups"][action.group], material["categories"][action.category]
    separator = rng.choice(("; ", "; ", ";"))
    end: object = None
    if action.due_on != ACTION_DEADLINE and s.number:
        end = action.due_on if rng.random() < 0.6 else f"{action.due_on:%d/%m/%Y}"
    return [
        s.reference or None,
        s.stakeholder.strip() or None,
        None if s.reference else s.title.strip(),
        rng.choice(group["spellings"]),
        separator.join(_spell_places(action, material, rng)),
        rng.choice(category["spellings"]),
        separator.join(rng.choice(material["themes"][theme]) for theme in action.themes),
        rng.choice({"en": ("EN", "English"), "fr": ("FR", "Français"), "es": ("ES", "Español")}[action.lang]),
        end,
        None,
    ]


def _spell_places(action: Action, material: Material, rng: Random) -> list[str]:
    if not action.countries:
        return [rng.choice(material["regions"][action.region]["spellings"])]
    spelt = []
    for iso3 in action.countries:
        country = material["countries"][iso3]
        spelt.append(
            rng.choice(
                [country["en"], country["en"], country.get("short", country["en"]), country["fr"], country["es"], iso3]
            )
        )
    return spelt
