"""The sample campaign itself: fictional stakeholders, their actions, and what became of them.

Nothing here knows about files; `sample_files.py` writes the campaign down as the tools would.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sample_action import ACTION_DEADLINE, Action, Fate, Material

SEED = 2021
BASE_ACTIONS = 325  # five more are the same action told twice: three in another language, two re-entered
LONGEST_TITLE = 20  # words; the form asks for it, and a few submissions go beyond
CAMPAIGN_START, SUBMISSION_DEADLINE = date(2021, 1, 11), date(2021, 5, 15)
MID_YEAR, FINAL = "mid_year", "final"
WAVES = {MID_YEAR: (date(2021, 6, 14), date(2021, 7, 16)), FINAL: (date(2021, 11, 22), date(2022, 1, 14))}
RESPONSE = {MID_YEAR: 0.68, FINAL: 0.74}
NEVER_REPORTS = 0.06
REGION_COMPLETION = {"africa": 1.0, "americas": 1.18, "arab_states": 0.72, "asia_and_the_pacific": 0.92}
REGION_COMPLETION |= {"europe_and_central_asia": 1.3, "global": 1.2}
REGION_RESPONSE = {"africa": 0.97, "americas": 1.06, "arab_states": 0.82, "asia_and_the_pacific": 0.96}
REGION_RESPONSE |= {"europe_and_central_asia": 1.1, "global": 1.1}
NUMBERS = {
    "few": (3, 4, 5, 6, 8, 10, 12),
    "some": (20, 25, 30, 40, 50, 60, 80, 100, 120),
    "many": (200, 300, 400, 500, 800, 1000, 1200, 1500, 2000, 3000),
}
WIDE_SCOPE = {"un_international_organisation": 0.6, "business": 0.25, "civil_society": 0.1, "academia": 0.2}
WIDE_SCOPE |= {"workers_organisation": 0.18, "employers_organisation": 0.15, "regional_initiative": 1.0}
AND = {"en": "and", "fr": "et", "es": "y"}


def draw_campaign(material: Material, rng: Random) -> list[Action]:
    """Draw all actions, in the order in which they were submitted."""
    drawing = _Drawing(material, rng)
    groups = [name for name, group in material["groups"].items() for _ in range(group["weight"])]
    rng.shuffle(groups)
    actions = [drawing.draw_action(name) for name in groups[:BASE_ACTIONS]]
    actions += [_in_another_language(drawing, action) for action in _told_twice(actions, rng)]
    actions += [_entered_again(action) for action in rng.sample([a for a in actions if a.lang == "en"], 2)]
    return sorted(actions, key=lambda action: action.submitted_at)


class _Drawing:
    """Draws actions one by one and keeps names and titles apart."""

    def __init__(self, material: Material, rng: Random) -> None:
        self.material, self.rng = material, rng
        self.names: set[str] = set()
        self.titles: set[str] = set()
        self.contacts = 0

    def draw_action(self, group: str) -> Action:
        rng = self.rng
        region, countries, sector = self._scope(group)
        lang = self._language(countries)
        category = self._weighted(self.material["groups"][group]["categories"])
        numbers = {name: rng.choice(choices) for name, choices in NUMBERS.items()}
        stakeholder = self._name(group, lang, countries, sector)
        slots = self.slots(lang, region, countries, sector, numbers)
        title, extra = self._title(category, lang, slots, bool(countries))
        fate = self._fate(category, group, region)
        self.contacts += 1
        return Action(
            stakeholder=stakeholder,
            group=group,
            lang=lang,
            region=region,
            countries=countries,
            sector=sector,
            category=category,
            themes=self._themes(category, sector, extra),
            title=title,
            **self.texts(category, lang, slots),
            submitted_at=self._submission_time(),
            contact=self.contacts,
            milestones=self._milestones(category, lang, slots),
            numbers=numbers,
            fate=fate,
            due_on=self._due_on(fate),
            answers=self._answers(group, region),
        )

    def slots(
        self, lang: str, region: str, countries: tuple[str, ...], sector: str, numbers: dict[str, int]
    ) -> dict[str, object]:
        """What the slots of the texts hold for one action, in its language."""
        names = self.material["names"]
        return {
            "place": self._place(lang, region, countries),
            "sector": self.material["sectors"][sector][f"in_{lang}"],
            "town": self.rng.choice(names[f"towns_{lang}"]),
            "nick": self.rng.choice(names[f"nicks_{lang}"]),
            **numbers,
        }

    def texts(self, category: str, lang: str, slots: dict[str, object]) -> dict[str, Any]:
        """Description, impact, communication and partners, each put together from the material."""
        texts = self.material["texts"]
        parts = [texts["opening"], self.material["categories"][category]["steps"], texts["closing"]]
        return {
            "description": " ".join(self.rng.choice(part)[lang] for part in parts).format(**slots),
            "impact": self.rng.choice(texts["impact"])[lang].format(**slots),
            "communication": self.rng.choice(texts["communication"])[lang],
            "partners": self.rng.choice(texts["partners"])[lang].format(**slots) if self.rng.random() < 0.5 else "",
        }

    def _scope(self, group: str) -> tuple[str, tuple[str, ...], str]:
        """Region, countries (none for a regional or global action) and sector."""
        rng, all_countries = self.rng, self.material["countries"]
        if rng.random() < WIDE_SCOPE.get(group, 0.0):
            weights = {name: region["weight"] for name, region in self.material["regions"].items()}
            if group == "regional_initiative":
                del weights["global"]
            region = self._weighted(weights)
            near = [country for country in all_countries.values() if country["region"] == region]
            return region, (), str(rng.choice(rng.choice(near)["sectors"])) if near else "imports"
        first = self._weighted({iso3: country["weight"] for iso3, country in all_countries.items()})
        region, sector = all_countries[first]["region"], rng.choice(all_countries[first]["sectors"])
        countries = [first]
        if group in ("civil_society", "business", "un_international_organisation") and rng.random() < 0.2:
            alike = [
                c for c, k in all_countries.items() if k["region"] == region and c != first and sector in k["sectors"]
            ]
            most = rng.choice((1, 1, 2)) if all_countries[first]["lang"] == "en" else 1  # else titles grow too long
            countries += rng.sample(alike, min(len(alike), most))
        return region, tuple(countries), sector

    def _language(self, countries: tuple[str, ...]) -> str:
        if countries:
            return str(self.material["countries"][countries[0]]["lang"])
        return self._weighted({"en": 6, "fr": 2, "es": 2})

    def _place(self, lang: str, region: str, countries: tuple[str, ...]) -> str:
        if not countries:
            return str(self.material["regions"][region][f"in_{lang}"])
        phrases = [self._in_country(lang, iso3) for iso3 in countries]
        if lang == "en":
            phrases[1:] = [phrase.removeprefix("in ") for phrase in phrases[1:]]
        head, last = ", ".join(phrases[:-1]), phrases[-1]
        return f"{head} {AND[lang]} {last}" if head else last

    def _in_country(self, lang: str, iso3: str) -> str:
        country = self.material["countries"][iso3]
        if lang != "en":
            return str(country[f"in_{lang}"])
        return f"in {'the ' if country.get('the') else ''}{country.get('short', country['en'])}"

    def _name(self, group: str, lang: str, countries: tuple[str, ...], sector: str) -> str:
        country = self.material["countries"][countries[0] if countries else "CHE"]
        for _ in range(400):
            template = self.rng.choice(self.material["groups"][group][lang])
            name = template.format(
                country=country[lang],
                nick=self.rng.choice(self.material["names"][f"nicks_{lang}"]),
                town=self.rng.choice(self.material["names"][f"towns_{lang}"]),
                makers=self.material["sectors"][sector][f"makers_{lang}"],
            )
            if name not in self.names:
                self.names.add(name)
                return str(name)
        raise RuntimeError(f"too few invented names for {group} in {lang}")

    def _title(self, category: str, lang: str, slots: dict[str, object], in_country: bool) -> tuple[str, list[str]]:
        """A title that no other action has, and the themes it brings along."""
        kinds = self.material["categories"][category]
        templates = kinds["any"] + (kinds["national"] * 2 if in_country else [])
        for attempt in range(400):
            template = self.rng.choice(templates)
            # With its own numbers there may be no free title; with others title and text disagree, as on real pages.
            other = {name: self.rng.choice(choices) for name, choices in NUMBERS.items()} if attempt > 20 else {}
            title = template[lang].format(**{**slots, **other})
            if title not in self.titles and len(title.split()) <= LONGEST_TITLE:
                self.titles.add(title)
                return title, template.get("themes", [])
        raise RuntimeError(f"too few titles for {category} in {lang}")

    def _themes(self, category: str, sector: str, extra: list[str]) -> tuple[str, ...]:
        own = self.material["categories"][category]["themes"]
        possible = list(dict.fromkeys([*extra, *self.material["sectors"][sector]["themes"], *own]))
        wanted = self.rng.choice((1, 2, 2, 3))
        return tuple(possible[:wanted])

    def _milestones(self, category: str, lang: str, slots: dict[str, object]) -> tuple[str, ...]:
        if self.rng.random() < 0.4:
            return ()
        labels = self.material["categories"][category]["milestones"]
        return tuple(label[lang].format(**slots) for label in labels)

    def _submission_time(self) -> datetime:
        days = (SUBMISSION_DEADLINE - CAMPAIGN_START).days
        # Few in January, a first wave before the first deadline of 30 March, most in the last two weeks.
        peak = 78 if self.rng.random() < 0.4 else days
        day = CAMPAIGN_START + timedelta(days=int(self.rng.triangular(0, days + 0.99, peak)))
        seconds = self.rng.randrange(6 * 3600, 20 * 3600)
        return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)

    def _fate(self, category: str, group: str, region: str) -> Fate:
        rng = self.rng
        chance = self.material["categories"][category]["completion"] * REGION_COMPLETION[region]
        chance *= 0.88 if group == "government" else 1.05
        started = date(2021, 2, 1) + timedelta(days=rng.randrange(200))
        if rng.random() < min(chance, 0.95):
            day = date(2021, 4, 1) + timedelta(days=int(rng.triangular(0, 273, 230)))
            return Fate("completed", day, min(started, day - timedelta(days=20)))
        status = self._weighted(
            {"in_progress": 46, "continuing": 20, "adapted": 10, "discontinued": 10, "not_started": 14}
        )
        return Fate(status, None, None if status == "not_started" else started)

    def _due_on(self, fate: Fate) -> date:
        """Most actions end with the year; some makers name an earlier day, some one beyond it."""
        if fate.status in ("continuing", "in_progress") and self.rng.random() < 0.12:
            return self.rng.choice((date(2022, 3, 31), date(2022, 6, 30), date(2023, 4, 30), date(2025, 12, 31)))
        if self.rng.random() < 0.1:
            return date(2021, self.rng.choice((6, 9, 10, 11)), 30)
        return ACTION_DEADLINE

    def _answers(self, group: str, region: str) -> tuple[str, ...]:
        if self.rng.random() < NEVER_REPORTS:
            return ()
        readiness = self.material["groups"][group]["response"] * REGION_RESPONSE[region] / (1 - NEVER_REPORTS)
        return tuple(wave for wave in WAVES if self.rng.random() < RESPONSE[wave] * readiness)

    def _weighted(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]


def _told_twice(actions: list[Action], rng: Random) -> list[Action]:
    return rng.sample([a for a in actions if a.lang == "en" and not a.countries and a.category != "research"], 3)


def _in_another_language(drawing: _Drawing, action: Action) -> Action:
    """The same action, submitted in a second language some days later under a title of its own."""
    lang = drawing.rng.choice(("fr", "es"))
    templates = drawing.material["categories"][action.category]["any"]
    template = next(t for t in templates if action.title.startswith(t["en"].split("{")[0]))
    slots = drawing.slots(lang, action.region, (), action.sector, action.numbers)
    return replace(
        action,
        lang=lang,
        title=template[lang].format(**slots),
        **drawing.texts(action.category, lang, slots),
        submitted_at=action.submitted_at + timedelta(days=2, minutes=17),
        milestones=(),
        answers=(),
    )


def _entered_again(action: Action) -> Action:
    """The same action, entered again by somebody who had no copy of the first entry."""
    return replace(
        action,
        title=f"{action.title} -2",
        submitted_at=action.submitted_at + timedelta(days=3, hours=1),
        milestones=(),
        answers=(),
    )
