"""`python -m etl recipe`: what it proposes loads, reads its export, and says what is to be checked."""

import csv
import io
import re
import tomllib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pytest
from _pytest.mark.structures import ParameterSet

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.commands.recipe import join_texts
from etl.pipeline.build import build
from etl.readers.sheets import ReadError
from etl.recipes.fields import Kind
from etl.recipes.propose.day_words import Day, find_day
from etl.recipes.propose.propose import Proposal, propose
from etl.recipes.recipe_file import load_recipe
from tests.cases import of_which, some
from tests.etl.files import EXPORTS
from tests.etl.post_files import post, wxr
from tests.etl.program import run_etl
from tests.etl.tool_exports import ACTIONS, PROGRESS, ToolExport


def campaign(folder: Path) -> CampaignFolder:
    for part in ("recipes", "inbox"):
        (folder / part).mkdir(parents=True)
    return CampaignFolder(folder)


def save(folder: CampaignFolder, proposals: list[Proposal]) -> None:
    for one in proposals:
        path = folder.root / "recipes" / f"{one.recipe_id}.toml"
        path.write_text(one.text, encoding="utf-8")
        assert load_recipe(path).id == one.recipe_id


def table(path: Path, rows: list[list[str]]) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


def proposed(folder: CampaignFolder, path: Path) -> dict:
    [one] = propose(folder, path).recipes
    save(folder, [one])
    return {**tomllib.loads(one.text), "text": one.text}


def check_fields(recipe: dict, export: ToolExport) -> None:
    found = {name: mapping.get("headers", [None])[0] for name, mapping in recipe["fields"].items()}
    assert {name: found.get(name) for name in export.fields} == export.fields
    for name, choices in export.choices.items():
        assert recipe["fields"][name]["choices"] == {code: [header] for code, header in choices.items()}


@pytest.mark.parametrize("tool", some(ACTIONS, 2))
def test_the_2021_form_is_recognised_in_every_tool(tmp_path, tool):
    path = tmp_path / "download.csv"
    path.write_bytes(ACTIONS[tool].content())
    recipe = proposed(campaign(tmp_path), path)
    assert recipe["holds"] == "actions"
    check_fields(recipe, ACTIONS[tool])


@pytest.mark.parametrize("tool", some(PROGRESS, 2))
def test_the_progress_survey_is_recognised_in_every_tool(tmp_path, tool):
    path = tmp_path / "download.csv"
    path.write_bytes(PROGRESS[tool].content())
    recipe = proposed(campaign(tmp_path), path)
    assert recipe["holds"] == "progress_reports"
    check_fields(recipe, PROGRESS[tool])


def some_built(tools: Collection[str]) -> pytest.MarkDecorator:
    """Builds what is proposed for one tool, and in `make test-nightly` for the others."""
    return pytest.mark.parametrize("tool", of_which(tools, lambda _, tool: tool == "SurveyMonkey"))


@some_built(ACTIONS)
def test_the_recipe_proposed_for_the_2021_form_reads_it(tmp_path, tool):
    folder = campaign(tmp_path)
    path = tmp_path / "inbox" / "download.csv"
    path.write_bytes(ACTIONS[tool].content())
    recipe = proposed(folder, path)
    with build(folder, folder.published) as built, duckdb.connect(built.snapshot, read_only=True) as connection:
        assert connection.execute("select recipe, rows_accepted from input_files").fetchall() == [(recipe["id"], 2)]
        themes = connection.execute("select theme from action_themes order by 1").fetchall()
        assert themes == [("agriculture",), ("education",), ("education",)]
        days = connection.execute("select submitted_on::varchar from actions order by 1").fetchall()
        assert days == [("2021-03-29",), ("2021-04-02",)]


@some_built(PROGRESS)
def test_the_recipe_proposed_for_the_progress_survey_reads_it(tmp_path, tool):
    folder = campaign(tmp_path)
    path = tmp_path / "inbox" / "download.csv"
    path.write_bytes(PROGRESS[tool].content())
    proposed(folder, path)
    with build(folder, folder.published) as built, duckdb.connect(built.snapshot, read_only=True) as connection:
        reports = connection.execute("select status, percent, completed_on::varchar from progress_reports order by 1")
        assert reports.fetchall() == [("completed", 100.0, "2021-03-28"), ("in_progress", 40.0, None)]


REGISTER = [
    line.split("|")
    for line in (
        "No|Lead agency|Commitment|Target Status|Where|Subjects|Checked|Page|Contact person",
        "1|Imaginary Agency|Give a desk to every child|Mostly mended|Ghana; Togo|Education|"
        "25/11/2021|www.example.org/p1|Ann Example",
        "2|Fictional Council|Close the pits near schools|Not startd|Mali|Mining; Education|"
        "26/11/2021|www.example.org/p2|Bo Example",
        "3|Sample Harbour|Train the boat owners twice|Completed|Ghana; Mali|Agriculture|"
        "27/11/2021|www.example.org/p3|Cy Example",
        "4|Sample Harbour|Pay the families on time|Completed|Togo|Social protection|-|www.example.org/p4|Cy Example",
        "5|Sample Harbour|Tell the story on the radio|Qwxz|Togo|Education|28/11/2021|www.example.org/p5|Cy Example",
    )
]


def test_an_unknown_register_is_matched_by_its_cells_too(tmp_path):
    recipe = proposed(campaign(tmp_path), table(tmp_path / "inbox" / "promises.csv", REGISTER))
    headers = {name: mapping["headers"][0] for name, mapping in recipe["fields"].items()}
    assert recipe["holds"] == "actions"
    assert headers["title"] == "Commitment"
    assert headers["stakeholder"] == "Lead agency"
    assert headers["status"] == "Target Status"
    assert headers["countries"] == "Where"
    assert headers["themes"] == "Subjects"
    assert headers["url"] == "Page"
    assert recipe["read"]["separators"] == [";"]
    assert "date_order" not in recipe["text"]  # 25/11/2021 proves it
    assert recipe["personal"]["headers"] == ["Contact person"]


def test_an_unknown_calendar_and_files_of_items_are_events_and_stories(tmp_path):
    rows = [
        ["Activity", "When", "Until", "Venue", "Organiser"],
        ["School fair", "25/06/2021", "27/06/2021", "Accra", "Sample Union"],
        ["Open day", "13/07/2021", "", "Sampleville", "Sample Guild"],
    ]
    recipe = proposed(campaign(tmp_path), table(tmp_path / "agenda.csv", rows))
    assert recipe["holds"] == "events"
    assert {name: field["headers"] for name, field in recipe["fields"].items()} == {
        "title": ["Activity"], "on_date": ["When"], "ends_on": ["Until"], "place": ["Venue"],
        "stakeholder": ["Organiser"],
    }  # fmt: skip
    path = tmp_path / "site.xml"
    path.write_text(wxr([post(1, "A story"), post(2, "A fair", kind="fairs_and_events")]), encoding="utf-8")
    found = {one.sheet: tomllib.loads(one.text)["holds"] for one in propose(CampaignFolder(tmp_path), path).recipes}
    assert found == {"post": "stories", "fairs_and_events": "events"}


def test_words_that_are_no_code_are_given_the_nearest_to_check_and_never_completed_by_halves(tmp_path):
    recipe = proposed(campaign(tmp_path), table(tmp_path / "inbox" / "promises.csv", REGISTER))
    assert recipe["values"]["status"] == {"Mostly mended": "substantial", "Not startd": "not_started"}
    lines = recipe["text"].splitlines()
    assert next(line for line in lines if line.startswith('"Mostly mended"')).count("# CHECK:") == 1
    assert any(line.startswith("# CHECK: matches no code") and "Qwxz" in line for line in lines)


def test_what_is_unsure_is_marked_with_how_sure_it_is(tmp_path):
    folder = campaign(tmp_path)
    [one] = propose(folder, table(tmp_path / "inbox" / "promises.csv", REGISTER)).recipes
    assert one.doubts == one.text.count("CHECK:") - 1  # the head explains the mark
    assert re.search(r"^\[fields\.action_id\] # CHECK: \d+% sure, ", one.text, re.MULTILINE)


def marks(recipe: dict) -> dict[str, tuple[str, str]]:
    """Each field's header, with what is to be checked about it."""
    found = {}
    for line in recipe["text"].splitlines():
        if match := re.match(r"\[fields\.(\w+)\](?: # CHECK: (.*))?$", line):
            found[match[1]] = (recipe["fields"][match[1]]["headers"][0], match[2] or "")
    return found


def test_what_its_values_do_not_bear_out_is_marked_although_the_header_is_known(tmp_path):
    head = ["Organisation", "Title", "Progress", "Mid-term status", "End-of-term status", "Country", "End date"]
    words = ("Completed", "In progress")
    rows = [
        ["Sample Union", "Mend nets", str(n % 2), words[n % 2], words[n % 3 == 0], "Ghana" if n % 5 else "Qwx", ""]
        for n in range(40)
    ]
    for n, row in enumerate(rows):
        row[1] = f"{row[1]} {n % 2}"
        row[6] = f"2021-03-{n % 28 + 1:02} 10:1{n % 10}:00"
    found = marks(proposed(campaign(tmp_path), table(tmp_path / "inbox" / "rounds.csv", [head, *rows])))
    assert found["percent"][1].startswith("63% sure, a known header, but its cells are something else")  # 0 and 1
    assert found["status"] == ("End-of-term status", "could also be “Mid-term status”")
    assert found["countries"] == ("Country", "its header says so, but only 80% of its values fit")
    assert found["title"][1]  # two titles in forty rows
    assert "due_on" not in found  # moments, such as an interview's end
    assert found["stakeholder"] == ("Organisation", "")


def test_headers_that_nobody_knows_are_matched_by_their_values_and_marked(tmp_path):
    head = ["Verein", "Vorhaben", "Land", "Wie weit", "Eingegangen", "Bis", "Erledigt", "Zuständig", "Bemerkung"]
    statuses = ("Completed", "In progress")
    rows = [
        [f"Union of Example {n}", f"Build the school number {n} beside the harbour", ("Ghana", "Togo", "Mali")[n % 3],
         statuses[n % 2], f"2021-03-{n + 1:02}", "2021-12-15", "" if n % 2 else f"2021-11-{n + 1:02}", "Ann Example",
         "Looks fine"]
        for n in range(12)
    ]  # fmt: skip
    [one] = propose(campaign(tmp_path), table(tmp_path / "inbox" / "liste.csv", [head, *rows])).recipes
    found = marks({**tomllib.loads(one.text), "text": one.text})
    assert {name: header for name, (header, _) in found.items()} == {
        "stakeholder": "Verein", "title": "Vorhaben", "countries": "Land", "status": "Wie weit",
        "submitted_at": "Eingegangen", "due_on": "Bis", "completed_on": "Erledigt",
    }  # fmt: skip
    assert [name for name, (_, mark) in found.items() if not mark] == ["countries"]  # every value is a country
    assert one.left_open == ("Zuständig", "Bemerkung")
    assert "Ann Example" not in one.text


SPOKEN = {
    Day.DUE: (
        "Due date", "Due by", "Target completion date", "Expected completion", "To be done before", "Complete by",
        "Completion deadline", "By when?", "When will it be completed?", "No later than", "Planned end",
        "À réaliser avant le", "À terminer d’ici le", "Date limite de réalisation", "Date d’achèvement prévue",
        "Au plus tard le", "Délai", "Date cible", "Date de fin prévisionnelle", "A realizar antes del", "Fecha tope",
        "A más tardar el", "Fecha objetivo", "Para cuándo", "Vence el", "Fecha límite",
        "Fecha estimada de cumplimiento", "Completion date (planned)", "Planned completion", "To be completed by",
        "Fecha prevista de logro de la meta", "Fecha límite de cumplimiento del objetivo", "Plazo", "Plazo actual",
        "Target achievement date", "Complete it by",
    ),
    Day.DONE: (
        "Target completed on", "Actual completion date (target 2021)", "Objectif réalisé le", "Meta completada el",
        "Échéance tenue le", "Deadline met on", "Target achieved on", "Objectif atteint le", "Plazo cumplido el",
        "Achevée le", "Actual end date", "Date de fin réelle", "Fecha real de finalización",
        "Fecha en que se cumplió la meta", "Date the goal was achieved",
    ),
    Day.EITHER: (
        "Date of achievement of target", "Fecha de logro de la meta", "Fecha de cumplimiento del objetivo",
        "Date d’atteinte de l’objectif", "Completed by", "Target date met", "Planned activity completed on",
        "Actividad prevista realizada el", "Planned and actual completion date",
    ),
    Day.SENT: (
        "Received on", "Date of submission", "Reçu le", "Date de soumission", "Recibido el", "Fecha de envío",
        "Signed on",
    ),
    Day.OTHER: (
        "Submission deadline", "Next report due", "Date de début prévue", "Fecha prevista de inicio", "Start date",
    ),
    None: (
        "Date", "Eingegangen", "Completion date", "Fecha de finalización", "End date", "Start time",
        "Dernière mise à jour", "Reported on", "Deadline missed on", "Target not reached", "Se termine le",
        "Pago realizado el", "Form completed on",
    ),
}  # fmt: skip


def test_headers_speak_of_the_day_that_is_due_or_was_done_in_three_languages():
    assert {
        day: tuple(header for header in headers if find_day(header) is day) for day, headers in SPOKEN.items()
    } == SPOKEN


LONE = {
    "À réaliser avant le": "due_on", "Target completion date": "due_on", "Fecha límite": "due_on",
    "Date": "submitted_at?", "Date of submission": "submitted_at?", "Eingegangen": "submitted_at?",
    "Achevée le": "completed_on", "Submission deadline": "", "Fecha prevista de inicio": "",
    "Target completed on": "completed_on", "Actual completion date (target 2021)": "completed_on",
    "Objectif réalisé le": "completed_on", "Meta completada el": "completed_on", "Échéance tenue le": "completed_on",
    "Actual end date": "completed_on", "Date of achievement of target": "completed_on?",
    "Fecha de logro de la meta": "completed_on?", "Fecha de cumplimiento del objetivo": "completed_on?",
    "Target date met": "completed_on?", "Due by": "due_on", "Completion date (planned)": "due_on",
    "Date d’achèvement prévue": "due_on", "Plazo": "due_on",
}  # fmt: skip


def test_a_lone_column_of_days_is_what_its_header_speaks_of(tmp_path):
    """One sheet a header: what is due is neither when an action was submitted nor when it was completed.

    A field with `?` is marked to be checked.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, header in enumerate(LONE):
        sheet = book.create_sheet(f"S{number}")
        sheet.append(["Title", "Organisation", header])
        for n in range(4):
            sheet.append([f"Build the school number {n}", f"Union of Example {n}", f"2021-03-0{n + 1}"])
    path = tmp_path / "days.xlsx"
    book.save(path)
    found = {}
    for one in propose(campaign(tmp_path / "campaign"), path, kind=Kind.ACTIONS).recipes:
        told = marks({**tomllib.loads(one.text), "text": one.text})
        fields = {header: name + "?" * bool(mark) for name, (header, mark) in told.items()}
        header = one.columns[2].headers[0]
        found[header] = fields.get(header, "")
        assert one.columns[2].is_other_day == (header not in fields)
        assert ("its header speaks of a deadline" in one.text) == (header not in fields)
    assert found == LONE


def test_statuses_decide_what_a_header_of_deadline_and_completion_holds(tmp_path):
    head = ["Organisation", "Title", "Status", "Date of achievement of target"]
    statuses = ("Completed", "In progress")
    for name, filled in (("completed_on", 2), ("due_on", 1)):
        rows = [
            [f"Union of Example {n}", f"Build the school number {n}", statuses[n % 2],
             "" if n % filled else f"2021-11-{n + 1:02}"]
            for n in range(12)
        ]  # fmt: skip
        [one] = propose(campaign(tmp_path / name), table(tmp_path / f"{name}.csv", [head, *rows])).recipes
        header, mark = marks({**tomllib.loads(one.text), "text": one.text})[name]
        assert header == head[3]
        assert "% sure, its header may speak of the deadline or of completion; filled " in mark


def test_a_day_to_come_is_no_day_of_a_report(tmp_path):
    rows = [["Title", "Status", "À réaliser avant le"], ["Mend nets", "Completed", "2021-03-01"]]
    [one] = propose(campaign(tmp_path), table(tmp_path / "reports.csv", rows), kind=Kind.PROGRESS_REPORTS).recipes
    assert set(tomllib.loads(one.text)["fields"]) == {"title", "status"}
    assert one.left_open == ("À réaliser avant le",)


def test_what_a_column_would_mean_as_a_choice_is_told_by_its_header(tmp_path):
    head = ["Title", "Africa", "Theme: Education", "Mood", "Region [Asie et Pacifique]"]
    rows = [["Mend nets", "x", "yes", "1", "no"], ["Close the pit", "", "0", "", "oui"]]
    [one] = propose(campaign(tmp_path), table(tmp_path / "marks.csv", [head, *rows]), kind=Kind.ACTIONS).recipes
    told = {choice.header: choice for seen in one.columns for choice in seen.choices}
    assert told["Africa"].means["regions"] == "africa"
    assert told["Theme: Education"].means["themes"] == "education"
    assert told["Region [Asie et Pacifique]"].means["regions"] == "asia_and_the_pacific"
    assert told["Mood"].means == {} and told["Mood"].values == ("1",)
    assert [told[header].taken for header in head[1:3]] == [(True, False)] * 2
    assert told["Region [Asie et Pacifique]"].taken == (False, True)


def test_the_name_of_a_commitment_is_not_private_and_what_a_header_alone_makes_private_is_marked(tmp_path):
    head = ["Organisation", "Commitment name", "Contact", "Name of visitor"]
    rows = [[f"Sample Club {n}", f"Close the pit number {n}", f"c{n}@example.org", f"visit {n}"] for n in range(9)]
    recipe = proposed(campaign(tmp_path), table(tmp_path / "inbox" / "names.csv", [head, *rows]))
    assert recipe["fields"]["title"]["headers"] == ["Commitment name"]
    assert recipe["personal"]["headers"] == ["Contact", "Name of visitor"]
    assert "# CHECK: private by the header alone: “Name of visitor”\n" in recipe["text"]


def test_the_order_of_day_and_month_is_asked_where_nothing_tells_it(tmp_path):
    head = ["Organisation", "Title", "Deadline"]
    rows = [["Sample Club", f"Mend the nets of boat {n}", f"0{n}/0{n + 1}/2021"] for n in range(1, 6)]
    recipe = proposed(campaign(tmp_path), table(tmp_path / "inbox" / "dates.csv", [head, *rows]))
    assert "date_order" not in recipe.get("read", {})
    assert "# CHECK: nothing tells day from month in “Deadline”. Write what is true:\n# date_order = " in recipe["text"]


def test_no_cell_of_texts_or_persons_is_printed(tmp_path):
    [one] = propose(campaign(tmp_path), table(tmp_path / "inbox" / "promises.csv", REGISTER)).recipes
    for word in ("Ann Example", "Cy Example", "Imaginary Agency", "Give a desk to every child", "www.example.org/p1"):
        assert word not in one.text


def test_a_workbook_gives_one_recipe_a_sheet_and_says_which_sheets_hold_no_answers(tmp_path):
    book = openpyxl.Workbook()
    first = book.active
    first.title = "Submissions 2021"
    for row in REGISTER:
        first.append(row)
    steps = book.create_sheet("milestones")
    steps.append(["milestone", "reached on", "_index", "_parent_index"])
    steps.append(["First desk", "2021-06-01", 1, 1])
    book.create_sheet("empty")
    path = tmp_path / "book.xlsx"
    book.save(path)
    folder = campaign(tmp_path / "campaign")
    found = propose(folder, path)
    assert [(one.sheet, tomllib.loads(one.text)["holds"]) for one in found.recipes] == [
        ("Submissions 2021", "actions"),
        ("milestones", "milestones"),
    ]
    named = [one.recipe_id for one in found.recipes]
    assert named == ["export_actions", "export_milestones"]  # nothing of the file's name
    assert [why for _, why in found.left_out] == ["it is empty"]
    text = join_texts(found)
    for one in found.recipes:
        assert f"as {one.recipe_id}.toml" in text
    save(folder, found.recipes)
    (folder.inbox / "book.xlsx").write_bytes(path.read_bytes())
    with build(folder, folder.published) as built, duckdb.connect(built.snapshot, read_only=True) as connection:
        assert connection.execute("select sheet, rows_accepted from input_sheets order by 1").fetchall()[:1] == [
            ("1", 5)
        ]


def test_one_sheet_may_be_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Title", "Stakeholder"])
    book.active.append(["Mend nets", "Imaginary Club"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    folder = campaign(tmp_path / "campaign")
    assert [one.sheet for one in propose(folder, path, "Sheet").recipes] == ["Sheet"]
    with pytest.raises(UserError, match="has no sheet 'Nowhere'"):
        propose(folder, path, "Nowhere")


def test_the_command_prints_the_recipe_and_its_notes_apart(tmp_path):
    path = table(tmp_path / "register.csv", [["Title", "Stakeholder", "Mood"], ["Mend nets", "Imaginary Club", "fair"]])
    done = run_etl("recipe", path)
    assert done.returncode == 0
    assert tomllib.loads(done.stdout)["fields"]["title"] == {"headers": ["Title"], "required": True}
    assert "The recipe actions_register reads it already." in done.stderr
    assert "Left open, so neither counted nor published: Mood." in done.stderr
    refused = run_etl("recipe", tmp_path / "none.csv")
    assert refused.returncode == 1
    assert refused.stdout == ""


def test_the_refusal_of_an_unknown_export_names_the_command(tmp_path):
    folder = campaign(tmp_path)
    table(folder.inbox / "unknown.csv", [["Qwx", "Zyx"], ["1", "2"]])
    with pytest.raises(UserError, match="python -m etl recipe"), build(folder, folder.published):
        pass


def real_exports() -> list[ParameterSet]:
    """A survey and a register, the smallest of each, and in `make test-nightly` the others too."""
    if not EXPORTS.is_dir():
        return []
    tables = (".csv", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")
    names = [path.relative_to(EXPORTS).as_posix() for path in sorted(EXPORTS.rglob("*")) if path.suffix in tables]
    by_size = sorted(names, key=lambda name: (EXPORTS / name).stat().st_size, reverse=True)
    smallest = {name.split("/")[0]: name for name in by_size}
    tried = [smallest.get(tool) for tool in ("kobotoolbox", "nz-promises")]
    return of_which(names, lambda _, name: name in tried)


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not on this machine")
@pytest.mark.parametrize("name", real_exports())
def test_a_proposal_for_a_real_export_loads_and_accounts_for_every_row(tmp_path, name):
    folder = campaign(tmp_path)
    path = EXPORTS / name
    try:
        found = propose(folder, path)
    except ReadError as error:
        assert error.remedy
        return
    except UserError as error:
        assert "holds no rows to read" in error.what
        return
    settled = [replace(one, text=one.text.replace("# date_order =", "date_order =")) for one in found.recipes]
    save(folder, settled)
    (folder.inbox / path.name).write_bytes(path.read_bytes())
    with build(folder, folder.published) as built, duckdb.connect(built.snapshot, read_only=True) as connection:
        account = "rows_read = rows_accepted + rows_merged + rows_rejected, rows_read > 0, recipe"
        [(adds_up, has_rows, recipe)] = connection.execute(f"select {account} from input_files").fetchall()  # noqa: S608
        assert adds_up
        assert has_rows
        assert set(recipe.split(", ")) <= {one.recipe_id for one in found.recipes}
