"""What stands behind the statuses of the final wave: the survey's own question, and columns that staff filled in later.

Drawn by numbers of its own, so that nothing else of the sample changes with it.
"""

from datetime import date, timedelta
from random import Random

from sample_surveys import LABELLED_HEADERS, Answer, Row

LINK_HEADER = "Progress/Link or document that shows it"
STAFF_HEADERS = ["Reviewed by", "Reviewed on", "Verified by", "Verified on"]
HEADERS = [*LABELLED_HEADERS[:11], LINK_HEADER, *LABELLED_HEADERS[11:], *STAFF_HEADERS]
REVIEWERS, AUDITOR = ("Sample Person 901", "Sample Person 902"), "Sample Person 950"
LAST_DAY = date(2022, 1, 31)
DOCUMENTS = {
    "en": ("Annual report 2021 (fictional), page {page}", "Minutes of the last meeting (sample)"),
    "fr": ("Rapport annuel 2021 (fictif), page {page}", "Compte rendu de la dernière réunion (exemple)"),
    "es": ("Informe anual 2021 (ficticio), página {page}", "Acta de la última reunión (ejemplo)"),
}
SHARES = {"completed": (0.62, 0.62, 0.45), "in_progress": (0.14, 0.3, 0.0), "adapted": (0.14, 0.3, 0.0)}
"""By status: how many show something, how many of these were reviewed, and of those verified."""


def add_evidence(rows: list[Row], answers: list[Answer], rng: Random) -> list[Row]:
    """The rows of the final wave with what shows their status, and when it was reviewed and verified."""
    told = [_draw(answer, rng) for answer in answers]
    reviewed = [number for number, (_, *staff) in enumerate(told) if staff[1]]
    for number in reviewed[4:6]:
        told[number][0] = ""  # reviewed, but nothing shows it
    told[reviewed[8]][2] = (answers[reviewed[8]].at.date() - timedelta(days=40)).isoformat()  # before the report
    linked = [number for number, (link, *_) in enumerate(told) if link.startswith("https://")]
    told[linked[10]][0] = "htp:/example.org/no-address"
    told[7][0] = "https://example.org/actions/no-status"  # its status was left open
    return [[*row[:11], link, *row[11:], *staff] for row, (link, *staff) in zip(rows, told, strict=True)]


def _draw(answer: Answer, rng: Random) -> list[str]:
    """Link or document, who reviewed it and when, who verified it and when."""
    shown, reviewed, verified = SHARES.get(answer.status, (0.0, 0.0, 0.0))
    if rng.random() >= shown:
        return [""] * 5
    if rng.random() < 0.75:
        link = f"https://example.org/actions/{answer.reference.lower() or f'sample-{answer.kobo_id}'}"
    else:
        link = rng.choice(DOCUMENTS[answer.action.lang]).format(page=rng.randrange(4, 60))
    if rng.random() >= reviewed:
        return [link, *[""] * 4]
    looked_on = min(answer.at.date() + timedelta(days=rng.randrange(2, 25)), LAST_DAY)
    staff = [rng.choice(REVIEWERS), looked_on.isoformat()]
    if rng.random() >= verified:
        return [link, *staff, "", ""]
    return [link, *staff, AUDITOR, min(looked_on + timedelta(days=rng.randrange(3, 20)), LAST_DAY).isoformat()]
