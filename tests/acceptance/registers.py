"""Fictional registers as offices write them: thirty sets of headers in three languages over twenty actions."""

from typing import NamedTuple

HEADERS: dict[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "en": (
        ("Organisation", "Title of action", "Country/Region", "Theme(s)", "Status (Dec 2021)"),
        ("Stakeholder", "Action", "Where", "Subject", "Progress so far"),
        ("Name of organisation", "Pledge", "Place of implementation", "Focus area", "Done?"),
        ("Lead organisation", "Commitment", "Location", "Area of work", "Completed?"),
        ("Institution", "Promise", "Nation", "Sector", "State of play"),
        ("Pledge maker", "Pledge title", "Countries covered", "Topics addressed", "End-of-year status"),
        ("Actor", "Action name", "Territory", "Thematic focus", "Has it been implemented"),
        ("Entity", "2021 Action", "Ctry", "Thm", "Stat."),
        ("Organization", "Name of action", "Country (ies)", "Primary theme", "Result"),
        ("Stakeholder name", "Title", "Country of operation", "Issue", "Mid-year / final status"),
    ),
    "fr": (
        ("Organisation", "Intitulé", "Pays concerné", "Thème abordé", "Statut à la fin"),
        ("Partie prenante", "Titre de l'action", "Lieu", "Sujet", "Où en est-on ?"),
        ("Nom de l'organisation", "Promesse", "Pays d'intervention", "Domaine", "Réalisée ?"),
        ("Acteur", "Engagement", "Territoire", "Champ d'action", "Suivi décembre"),
        ("Entité", "Nom de l'action", "Zone", "Secteur", "État au 30/12"),
        ("Partie prenante", "Action 2021", "Pays / région", "Thématique(s)", "Niveau d'exécution"),
        ("Contributeur", "Intitulé de l'action", "Localisation", "Axe", "Avancée"),
        ("Organisation", "Promesse d'action", "Pays visés", "Thèmes principaux", "Résultat"),
        ("Nom de la partie prenante", "Titre", "Où", "Matière", "Bilan"),
        ("Partie prenante", "Intitulé", "Pays (plusieurs)", "Theme 1", "Situation finale"),
    ),
    "es": (
        ("Organización", "Título", "País de la acción", "Tema principal", "Estado final"),
        ("Parte interesada", "Acción", "Lugar", "Asunto", "¿Cómo va?"),
        ("Nombre de la organización", "Compromiso", "Países donde se realiza", "Ámbito", "¿Se cumplió?"),
        ("Participante", "Título de la acción", "Territorio", "Eje", "Seguimiento dic."),
        ("Entidad", "Nombre de la acción", "Zona", "Sector", "Grado de avance"),
        ("Institución", "Acción 2021", "Ubicación", "Área temática", "Resultado"),
        ("Organización", "Compromiso de acción", "País(es)", "Tema(s)", "Situación al cierre"),
        ("Parte interesada", "Título del compromiso", "Nación", "Materia", "Cumplimiento"),
        ("Entidad", "Título", "Donde", "Línea de trabajo", "Etapa"),
        ("Participante", "Acción", "País o territorio", "Enfoque", "Balance"),
    ),
}
"""By language: the headers of stakeholder, title, place, theme and status."""

KNOWN = {
    "en": ("Stakeholder", "Title", "Countries", "Themes", "Status"),
    "fr": ("Partie prenante", "Titre", "Pays", "Thèmes", "Statut"),
    "es": ("Parte interesada", "Título", "Países", "Temas", "Estado"),
}
"""The same with headers that the shipped recipe knows."""

YES_NO = {"en": ("Yes", "No"), "fr": ("Oui", "Non"), "es": ("Sí", "No")}

WORDS = {
    "en": (("Kenya", "Ghana", "Nepal", "Peru"), ("Agriculture", "Education", "Mining"), ("Completed", "In progress")),
    "fr": (("Kenya", "Ghana", "Népal", "Pérou"), ("Agriculture", "Éducation", "Mines"), ("Achevée", "En cours")),
    "es": (("Kenia", "Ghana", "Nepal", "Perú"), ("Agricultura", "Educación", "Minería"), ("Completada", "En curso")),
}
"""By language: places, themes, the words for completed and for under way."""


class Figures(NamedTuple):
    """A snapshot's figures about its actions; counts by code."""

    actions: int
    completed: int
    regions: dict[str, int]
    themes: dict[str, int]


TRUTH = Figures(
    20, 15, {"africa": 10, "asia_and_the_pacific": 5, "americas": 5}, {"agriculture": 7, "education": 7, "mining": 6}
)


def write_rows(lang: str, status_words: tuple[str, str] | None = None) -> list[list[str]]:
    """Write the twenty rows, without their header; `status_words` stand for completed and under way."""
    places, themes, words = WORDS[lang]
    done, under_way = status_words or words
    return [
        [
            f"Fictional Union {number}",
            f"Fictional promise number {number}",
            places[number % 4],
            themes[number % 3],
            done if number % 4 else under_way,
        ]
        for number in range(20)
    ]
