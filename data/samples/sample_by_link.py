"""What stakeholders of the sample reported by a link of their own: a dozen reports, a reply, two documents.

They arrive between the two waves of the survey, from actions that were under way in the first and are completed in the
last. Drawn by numbers of its own, so that nothing else of the sample changes with it.
"""

import hashlib
import io
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

import pikepdf
from sample_surveys import Answer, Row

REPORTS = 12
REPORT_HEADERS = [
    "report_no", "action_id", "submitted_at", "status", "percent", "completed_on", "what_was_done", "evidence",
    "language", "wave",
]  # fmt: skip
ANNOTATION_HEADERS = [
    "annotation_no", "action_id", "post_id", "kind", "said_on", "words", "language", "file", "rights", "withdrawn_on",
]  # fmt: skip
WORDS = {
    "en": "Sample: {percent} per cent is done. The partners have agreed on what remains.",
    "es": "Ejemplo: se ha hecho el {percent} por ciento. Los socios han acordado lo que falta.",
}
REPLIES = {
    "en": "Sample reply: the title names what we planned. We reached more, and the report of the year will say so.",
    "es": "Respuesta de ejemplo: el título dice lo previsto. Hemos llegado a más, y el informe anual lo dirá.",
}
DOCUMENTS = {
    "en": (
        "Minutes of the partners' meeting (fictional sample)",
        "Document {number} of the sample. Nothing in it is real.",
    ),
    "es": ("Acta de la reunión de socios (ejemplo ficticio)", "Documento {number} del ejemplo. Nada de él es real."),
}
RIGHTS = {"en": "The stakeholder's own (fictional)", "es": "De la propia parte interesada (ficticia)"}


def list_reports(mid_year: list[Answer], final: list[Answer], rng: Random) -> list[Row]:
    """The rows of the reports, in order of arrival."""
    last = {answer.reference: answer for answer in final}
    chosen = []
    for answer in mid_year:
        later = last.get(answer.reference)
        completed_on = later.completed_on if later is not None and later.status == "completed" else None
        is_under_way = answer.status == "in_progress" and (answer.percent or 0) < 90
        if answer.reference and is_under_way and completed_on is not None and completed_on.month >= 9:
            chosen.append((answer, completed_on))
    rows: list[Row] = []
    for answer, completed_on in rng.sample(chosen, REPORTS):
        day = completed_on - timedelta(days=rng.randrange(5, 25))
        at = datetime.combine(day, time(rng.randrange(7, 18), rng.randrange(60)))
        percent = max(answer.percent or 0, rng.randrange(60, 95, 5))
        lang = answer.action.lang
        words, link = WORDS[lang].format(percent=percent), f"https://example.org/actions/{answer.reference.lower()}"
        rows.append(["", answer.reference, at, "in_progress", percent, "", words, link, lang, ""])
    rows.sort(key=lambda row: str(row[2]))
    return [
        [f"R-SAMPE-{number + 22222}", row[1], f"{row[2]:%Y-%m-%dT%H:%M:%S.000000Z}", *row[3:]]
        for number, row in enumerate(rows)
    ]


def list_annotations(reports: list[Row]) -> tuple[list[Row], dict[str, bytes]]:
    """The rows of a reply and of two documents, and the documents by the names of their files."""
    rows: list[Row] = []
    documents = {}
    with_document = [next(report for report in reports[1:] if report[8] == lang) for lang in DOCUMENTS]
    number, action_id, day, lang = _read(reports[0])
    rows.append([number, action_id, "", "reply", day, REPLIES[lang], lang, "", "", ""])
    for report in with_document:
        number, action_id, day, lang = _read(report)
        title, words = DOCUMENTS[lang]
        content = _draw_document(title, words.format(number=number))
        sha256 = hashlib.sha256(content).hexdigest()
        file = f"{sha256}.pdf"
        documents[file] = content
        rows.append([f"{number}-{sha256[:12]}", action_id, "", "document", day, title, lang, file, RIGHTS[lang], ""])
    return rows, documents


def _read(report: Row) -> tuple[str, str, str, str]:
    """The number, action, day and language of a report."""
    return str(report[0]), str(report[1]), str(report[2])[:10], str(report[8])


def save_documents(documents: dict[str, bytes], folder: Path) -> None:
    """Save the documents, by their names, into a new folder."""
    folder.mkdir(exist_ok=True)
    for name, content in documents.items():
        (folder / name).write_bytes(content)


def _draw_document(title: str, words: str) -> bytes:
    """Draw a document of one page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = f"BT /F1 16 Tf 60 760 Td ({_escape(title)}) Tj /F1 11 Tf 0 -30 Td ({_escape(words)}) Tj ET"
        pdf.pages[0].Contents = pdf.make_stream(lines.encode("cp1252"))
        content = io.BytesIO()
        pdf.save(content, deterministic_id=True, compress_streams=False)
    return content.getvalue()


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
