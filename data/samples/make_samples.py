"""Makes the sample exports: a fictional campaign, written as real form and survey tools write.

    python data/samples/make_samples.py [--to FOLDER]

The same files come out on every run. data/README.md says what is in them.
"""

import argparse
from pathlib import Path
from random import Random

import sample_by_link as by_link
import sample_evidence as evidence
import sample_posts as posts
import sample_results as results
import sample_submissions as forms
import sample_surveys as surveys
from openpyxl import Workbook
from sample_action import load_material
from sample_campaign import FINAL, MID_YEAR, SEED, draw_campaign
from sample_files import add_sheet, save_csv, save_workbook

HERE = Path(__file__).resolve().parent
MICROSOFT = "2021 Action submissions (Microsoft Forms).xlsx"
GOOGLE = "Promesses d'action 2021 (Google Forms).csv"
CODING = "classification of submissions.xlsx"
KOBO_MID_YEAR = "Progress_of_the_2021_Actions_-_mid-year_-_2021-07-19.xlsx"
KOBO_FINAL = "Progress_of_the_2021_Actions_-_final_-_2022-01-17.csv"
SITE = "Sample stories (WordPress export) 2022-01-20.xml"
CALENDAR = "Sample events.ics"
RESULTS = "Sample results framework 2022-01-20.xlsx"
EVENTS = "Calendrier des événements d'exemple.csv"
REPORTS, ANNOTATIONS, DOCUMENTS = "reports_by_link.csv", "annotations_by_link.csv", "files"
RESULTS_TITLE = ("Results framework of the 2021 Actions (fictional sample)", "")
CODING_TITLE = ("Classification of the 2021 Actions (working copy, fictional sample)", "")


def make_samples(folder: Path) -> None:
    """Write the eleven sample files into a folder, and the documents into one inside it."""
    material, rng = load_material(), Random(SEED)  # noqa: S311 - a fixed draw, not a secret
    microsoft, google = forms.draw_submissions(draw_campaign(material, rng), rng)
    survey = surveys.Survey(material, rng)
    mid_year = survey.draw_wave(microsoft + google, MID_YEAR)
    final = survey.draw_wave(microsoft + google, FINAL)

    workbook = _new_workbook()
    add_sheet(workbook, "Sheet1", forms.MICROSOFT_HEADERS, forms.list_microsoft_rows(microsoft, rng))
    save_workbook(workbook, folder / MICROSOFT)

    rows = forms.list_google_rows(google, rng)
    save_csv(folder / GOOGLE, forms.GOOGLE_HEADERS, rows, delimiter=",", encoding="utf-8", quote_all=False)

    workbook = _new_workbook()
    rows = forms.list_coding_rows(microsoft + google, material, rng)
    add_sheet(workbook, "Coding", forms.CODING_HEADERS, rows, above=CODING_TITLE)
    add_sheet(
        workbook, "Read me", ["One line a submission; several themes or countries: put a semicolon between them."], []
    )
    save_workbook(workbook, folder / CODING)

    workbook = _new_workbook()
    add_sheet(workbook, surveys.SURVEY_NAME, surveys.NAMED_HEADERS, surveys.list_named_rows(mid_year, rng))
    add_sheet(workbook, "milestones", surveys.MILESTONE_HEADERS, surveys.list_milestone_rows(mid_year, rng))
    save_workbook(workbook, folder / KOBO_MID_YEAR)

    rows = evidence.add_evidence(surveys.list_labelled_rows(final, rng), final, Random(SEED + 1))  # noqa: S311 - as above
    save_csv(folder / KOBO_FINAL, evidence.HEADERS, rows, delimiter=";", encoding="utf-8-sig", quote_all=True)

    rng = Random(SEED + 2)  # noqa: S311 - as above
    (folder / SITE).write_bytes(posts.list_site(microsoft + google, material, rng).encode())
    (folder / CALENDAR).write_bytes(posts.list_calendar(microsoft, rng).encode())
    rows = posts.list_events(microsoft + google, rng)
    save_csv(folder / EVENTS, posts.EVENT_HEADERS, rows, delimiter=";", encoding="utf-8", quote_all=False)

    reports = by_link.list_reports(mid_year, final, Random(SEED + 3))  # noqa: S311 - as above
    annotations, documents = by_link.list_annotations(reports)
    for name, headers, rows in (
        (REPORTS, by_link.REPORT_HEADERS, reports),
        (ANNOTATIONS, by_link.ANNOTATION_HEADERS, annotations),
    ):
        save_csv(folder / name, headers, rows, delimiter=",", encoding="utf-8", quote_all=False, blank_rows=0)
    by_link.save_documents(documents, folder / DOCUMENTS)

    workbook = _new_workbook()
    rows = results.list_result_rows(microsoft + google, Random(SEED + 4))  # noqa: S311 - as above
    add_sheet(workbook, "Results", results.HEADERS, rows, above=RESULTS_TITLE)
    save_workbook(workbook, folder / RESULTS)


def _new_workbook() -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the fictional sample exports.")
    parser.add_argument("--to", type=Path, default=HERE, help="the folder to write into (default: this script's)")
    make_samples(parser.parse_args().to)
