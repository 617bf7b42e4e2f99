"""`python -m etl recipe`: its proposal loads, reads its export, and marks the doubts."""

import csv
import io
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.errors import UserError
from etl.commands.recipe import join_texts
from etl.readers.sheets import ReadError
from etl.recipes.fields import Kind
from etl.recipes.propose.day_words import Day, find_day
from etl.recipes.propose.propose import Proposal
from tests.cases import of_which
from tests.etl.campaigns import built, look_at, make_campaign, read_recipe_file
from tests.etl.files import EXPORTS, write_workbook, write_zip
from tests.etl.intake import ask_intake, read_inbox
from tests.etl.post_files import post, wxr
from tests.etl.program import last_json, run_etl
from tests.etl.tool_exports import ACTIONS, PROGRESS, ToolExport

Rows = Sequence[Sequence[object]]


def as_csv(rows: Rows) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def save(folder: CampaignFolder, proposals: list[Proposal]) -> None:
    for one in proposals:
        path = folder.root / "recipes" / f"{one.recipe_id}.toml"
        path.write_text(one.text, encoding="utf-8")
        assert read_recipe_file(path).id == one.recipe_id


def propose_all(folder: CampaignFolder, files: Mapping[str, str | bytes]) -> dict[str, Proposal]:
    """Propose recipes for some files, by name; put the recipes into the campaign."""
    recipes = look_at(folder, write_zip(folder.root / "all.zip", files)).recipes
    save(folder, recipes)
    return {one.file.removeprefix("all.zip/"): one for one in recipes}


def check_fields(proposal: Proposal, export: ToolExport) -> None:
    recipe = tomllib.loads(proposal.text)
    headers = {name: mapping.get("headers", [None])[0] for name, mapping in recipe["fields"].items()}
    assert {name: headers.get(name) for name in export.fields} == export.fields
    for name, choices in export.choices.items():
        assert recipe["fields"][name]["choices"] == {code: [header] for code, header in choices.items()}


ASKED = {tool: {"survey.csv": PROGRESS[tool], "form.csv": form} for tool, form in ACTIONS.items()}
ASKED["SurveyMonkey, one header row"] = {"survey.csv": PROGRESS["SurveyMonkey, one header row"]}
ASKED["Qualtrics, form"] = {"form.csv": ASKED["Qualtrics"].pop("form.csv")}  # whose headers are those of the survey


@pytest.mark.parametrize("tool", of_which(ASKED, lambda _, tool: tool == "SurveyMonkey"))
def test_the_form_and_its_survey_are_recognised_and_read_in_every_tool(tmp_path, tool):
    exports = ASKED[tool]
    contents = {name: export.content() for name, export in exports.items()}
    folder = make_campaign(tmp_path, contents, {})
    proposals = propose_all(folder, contents)
    for name, export in exports.items():
        check_fields(proposals[name], export)
    with built(folder) as connection:

        def ask(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        read = ask("select named(source_file), recipe, rows_accepted from input_files order by 1")
        assert read == [(name, proposals[name].recipe_id, 2) for name in sorted(exports)]
        if "survey.csv" in exports:
            reports = ask("select status, percent, completed_on::varchar from progress_reports order by 1")
            assert reports == [("completed", 100.0, "2021-03-28"), ("in_progress", 40.0, None)]
        if "form.csv" in exports:
            themes = ask("select theme from action_themes order by 1")
            assert themes == [("agriculture",), ("education",), ("education",)]
            assert ask("select submitted_on::varchar from actions order by 1") == [("2021-03-29",), ("2021-04-02",)]


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


STATUSES = ("Completed", "In progress")
HEAD_OF_DAYS = ["Organisation", "Title", "Status", "Date of achievement of target"]


def days_of(filled: int) -> Rows:
    """Write a register in which every so manieth action has a day that may be its deadline or its completion."""
    return [HEAD_OF_DAYS] + [
        [
            f"Union of Example {n}",
            f"Build the school number {n}",
            STATUSES[n % 2],
            "" if n % filled else f"2021-11-{n + 1:02}",
        ]
        for n in range(12)
    ]


BODIES = ("Ministry of Examples", "Union of Example Teachers", "Imaginary Statistics Office")
TIMES = ("By December 2021", "Third quarter of 2021", "Within two years of adoption", "Spring 2022", "Continuous")
STATED = ("Completed", "In progress", "Not started")


TABLES: dict[str, Rows] = {
    "plan.csv": [
        ["Lead Institution", "Timeline of the step", "Priority", "Legal status", "Date Committed / Target published"],
        *([BODIES[n % 3], f"{TIMES[n % 5]}, step {n}", f"Inspect farm {n % 9}", ("Public", "Private")[n % 2],
           f"2021-0{n % 9 + 1}-01"] for n in range(12)),
    ],
    "grades.csv": [
        ["Organisation", "Title", "Status", "Implementation", "State of play"],
        *([BODIES[n % 3], f"Inspect farm {n}", f"Tier {n % 3}", STATED[n % 3], STATED[n % 2]] for n in range(12)),
    ],
    "in_charge.csv": [
        ["Title", "Responsable", "Status"],
        *([f"Inspect farm {n}", ("Ann Example", "Bo Example")[n % 2], STATED[n % 3]] for n in range(12)),
    ],
    "promises.csv": REGISTER,
    "agenda.csv": [
        ["Activity", "When", "Until", "Venue", "Organiser"],
        ["School fair", "25/06/2021", "27/06/2021", "Accra", "Sample Union"],
        ["Open day", "13/07/2021", "", "Sampleville", "Sample Guild"],
    ],
    "rounds.csv": [
        ["Organisation", "Title", "Progress", "Mid-term status", "End-of-term status", "Country", "End date"],
        *(
            ["Sample Union", f"Mend nets {n % 2}", str(n % 2), STATUSES[n % 2], STATUSES[n % 3 == 0],
             "Ghana" if n % 5 else "Qwx", f"2021-03-{n % 28 + 1:02} 10:1{n % 10}:00"]
            for n in range(40)
        ),
    ],
    "liste.csv": [
        ["Verein", "Vorhaben", "Land", "Wie weit", "Eingegangen", "Bis", "Erledigt", "Zuständig", "Bemerkung"],
        *(
            [f"Union of Example {n}", f"Build the school number {n} beside the harbour",
             ("Ghana", "Togo", "Mali")[n % 3], STATUSES[n % 2], f"2021-03-{n + 1:02}", "2021-12-15",
             "" if n % 2 else f"2021-11-{n + 1:02}", "Ann Example", "Looks fine"]
            for n in range(12)
        ),
    ],
    "names.csv": [
        ["Organisation", "Commitment name", "Contact", "Name of visitor"],
        *([f"Sample Club {n}", f"Close the pit number {n}", f"c{n}@example.org", f"visit {n}"] for n in range(9)),
    ],
    "dates.csv": [
        ["Organisation", "Title", "Deadline"],
        *(["Sample Club", f"Mend the nets of boat {n}", f"0{n}/0{n + 1}/2021"] for n in range(1, 6)),
    ],
    "marks.csv": [
        ["Title", "Africa", "Theme: Education", "Mood", "Region [Asie et Pacifique]"],
        ["Mend nets", "x", "yes", "1", "no"],
        ["Close the pit", "", "0", "", "oui"],
    ],
    "completed_on.csv": days_of(2),
    "due_on.csv": days_of(1),
}  # fmt: skip
TOOLS = ("Microsoft Forms", "Typeform")


@pytest.fixture(scope="module")
def proposals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Proposal]:
    """Propose recipes for tables of many kinds and for exports of two tools."""
    tables: dict[str, str | bytes] = {name: as_csv(rows) for name, rows in TABLES.items()}
    for tool in TOOLS:
        tables |= {f"{tool} form.csv": ACTIONS[tool].content(), f"{tool} survey.csv": PROGRESS[tool].content()}
    site = wxr([post(1, "A story"), post(2, "A fair", kind="fairs_and_events")])
    folder = make_campaign(tmp_path_factory.mktemp("proposed"), {}, {})
    return propose_all(folder, tables) | propose_posts(folder, site)


def propose_posts(folder: CampaignFolder, site: str) -> dict[str, Proposal]:
    path = folder.root / "site.xml"
    path.write_text(site, encoding="utf-8")
    return {f"site.xml/{one.sheet}": one for one in look_at(folder, path).recipes}


def read_recipe(proposal: Proposal) -> dict[str, Any]:
    return tomllib.loads(proposal.text)


def read_headers(proposal: Proposal) -> dict[str, str]:
    return {name: mapping["headers"][0] for name, mapping in read_recipe(proposal)["fields"].items()}


def read_marks(proposal: Proposal) -> dict[str, tuple[str, str]]:
    """Return each field's header, with its mark to check."""
    marked = re.findall(r"^\[fields\.(\w+)\](?: # CHECK: (.*))?$", proposal.text, re.MULTILINE)
    headers = read_headers(proposal)
    return {name: (headers[name], mark) for name, mark in marked}


def test_the_form_and_its_survey_are_recognised_among_other_files(proposals):
    for tool in TOOLS:
        for name, export in (("form", ACTIONS[tool]), ("survey", PROGRESS[tool])):
            proposal = proposals[f"{tool} {name}.csv"]
            assert read_recipe(proposal)["holds"] == ("actions" if name == "form" else "progress_reports")
            check_fields(proposal, export)


def test_an_unknown_register_is_matched_by_its_cells_too(proposals):
    proposal = proposals["promises.csv"]
    recipe, headers, lines = read_recipe(proposal), read_headers(proposal), proposal.text.splitlines()
    assert recipe["holds"] == "actions"
    expected = {"title": "Commitment", "stakeholder": "Lead agency", "status": "Target Status", "countries": "Where",
                "themes": "Subjects", "url": "Page"}  # fmt: skip
    assert expected.items() <= headers.items()
    assert recipe["read"]["separators"] == [";"]
    assert "date_order" not in proposal.text  # 25/11/2021 proves it
    assert recipe["personal"]["headers"] == ["Contact person"]
    # Of words without a code only typing errors get one, to check.
    assert recipe["values"]["status"] == {"Not startd": "not_started"}
    assert next(line for line in lines if line.startswith('"Not startd"')).count("# CHECK:") == 1
    remarks = [line for line in lines if line.startswith("# CHECK: matches no code")]
    assert all(any(word in line for line in remarks) for word in ("Mostly mended", "Qwxz"))
    assert proposal.doubts == proposal.text.count("CHECK:") - 1  # the head explains the mark
    assert re.search(r"^\[fields\.action_id\] # CHECK: \d+% sure, ", proposal.text, re.MULTILINE)
    # No cell of texts or persons is printed.
    for word in ("Ann Example", "Cy Example", "Imaginary Agency", "Give a desk to every child", "www.example.org/p1"):
        assert word not in proposal.text


def test_an_unknown_calendar_and_files_of_items_are_events_and_stories(proposals):
    assert read_recipe(proposals["agenda.csv"])["holds"] == "events"
    assert read_headers(proposals["agenda.csv"]) == {
        "title": "Activity", "on_date": "When", "ends_on": "Until", "place": "Venue", "stakeholder": "Organiser",
    }  # fmt: skip
    holds = {name: read_recipe(proposals[f"site.xml/{name}"])["holds"] for name in ("post", "fairs_and_events")}
    assert holds == {"post": "stories", "fairs_and_events": "events"}


def test_what_its_values_do_not_bear_out_is_marked_although_the_header_is_known(proposals):
    marks = read_marks(proposals["rounds.csv"])
    assert marks["percent"][1].startswith("63% sure, a known header, but its cells are something else")  # 0 and 1
    assert marks["status"] == ("End-of-term status", "could also be “Mid-term status”")
    assert marks["countries"] == ("Country", "its header says so, but only 80% of its values fit")
    assert marks["title"][1]  # two titles in forty rows
    assert "due_on" not in marks  # moments, such as an interview's end
    assert marks["stakeholder"] == ("Organisation", "")


def test_headers_that_nobody_knows_are_matched_by_their_values_and_marked(proposals):
    proposal = proposals["liste.csv"]
    marks = read_marks(proposal)
    assert {name: header for name, (header, _) in marks.items()} == {
        "stakeholder": "Verein", "title": "Vorhaben", "countries": "Land", "status": "Wie weit",
        "submitted_at": "Eingegangen", "due_on": "Bis", "completed_on": "Erledigt",
    }  # fmt: skip
    assert [name for name, (_, mark) in marks.items() if not mark] == ["countries"]  # every value is a country
    assert proposal.left_open == ("Zuständig", "Bemerkung")
    assert "Ann Example" not in proposal.text


def test_what_the_cells_say_goes_before_a_word_of_a_header(proposals):
    marks = read_marks(proposals["plan.csv"])
    assert {name: header for name, (header, _) in marks.items()} == {
        "stakeholder": "Lead Institution", "title": "Priority", "submitted_at": "Date Committed / Target published",
    }  # fmt: skip
    assert proposals["plan.csv"].left_open == ("Timeline of the step", "Legal status")
    assert read_headers(proposals["in_charge.csv"]) == {"title": "Title", "status": "Status"}, "and no person"


def test_a_field_of_one_column_is_proposed_once_and_the_others_say_why_they_are_open(proposals):
    proposal = proposals["grades.csv"]
    status, mark = read_marks(proposal)["status"]
    assert (status, mark) == ("Implementation", "could also be “State of play”"), "not “Status”, which means nothing"
    assert proposal.left_open == ("Status", "State of play")
    assert "State of play: 2 different answers in 12 rows; could be status as well, for which “Impl" in proposal.text
    assert [seen.rival_of for seen in proposal.columns] == [None, None, None, None, "status"]


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
        "Signed on", "Date Committed / Target published", "Objectif publié le", "Compromiso publicado el",
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
    "À réaliser avant le": "due_on", "Target completion date": "due_on", "Date": "submitted_at?",
    "Date of submission": "submitted_at?", "Achevée le": "completed_on", "Submission deadline": "",
    "Actual completion date (target 2021)": "completed_on", "Date of achievement of target": "completed_on?",
}  # fmt: skip


@pytest.mark.nightly
def test_a_lone_column_of_days_is_what_its_header_speaks_of(tmp_path):
    """One sheet a header: a deadline is neither the day of submission nor that of completion.

    A field with `?` is marked to be checked.
    """
    lines = [[f"Build the school number {n}", f"Union of Example {n}", f"2021-03-0{n + 1}"] for n in range(4)]
    sheets: dict[str, Rows] = {f"S{n}": [["Title", "Organisation", header], *lines] for n, header in enumerate(LONE)}
    path = write_workbook(tmp_path / "days.xlsx", sheets)
    found = {}
    for one in look_at(CampaignFolder(tmp_path), path, kind=Kind.ACTIONS).recipes:
        field_of = {header: name + "?" * bool(mark) for name, (header, mark) in read_marks(one).items()}
        header = one.columns[2].headers[0]
        found[header] = field_of.get(header, "")
        assert one.columns[2].is_other_day == (header not in field_of)
        assert ("its header speaks of a deadline" in one.text) == (header not in field_of)
    assert found == LONE


def test_statuses_decide_what_a_header_of_deadline_and_completion_holds(proposals):
    for name in ("completed_on", "due_on"):
        header, mark = read_marks(proposals[f"{name}.csv"])[name]
        assert header == HEAD_OF_DAYS[3]
        assert "% sure, its header may speak of the deadline or of completion; filled " in mark


@pytest.mark.nightly
def test_a_day_to_come_is_no_day_of_a_report(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(as_csv([["Title", "Status", "À réaliser avant le"], ["Mend nets", "Completed", "2021-03-01"]]))
    [one] = look_at(CampaignFolder(tmp_path), path, kind=Kind.PROGRESS_REPORTS).recipes
    assert set(read_headers(one)) == {"title", "status"}
    assert one.left_open == ("À réaliser avant le",)


def test_what_a_column_would_mean_as_a_choice_is_told_by_its_header(proposals):
    choices = {choice.header: choice for seen in proposals["marks.csv"].columns for choice in seen.choices}
    assert choices["Africa"].means["regions"] == "africa"
    assert choices["Theme: Education"].means["themes"] == "education"
    assert choices["Region [Asie et Pacifique]"].means["regions"] == "asia_and_the_pacific"
    assert choices["Mood"].means == {} and choices["Mood"].values == ("1",)
    assert [choices[header].taken for header in ("Africa", "Theme: Education")] == [(True, False)] * 2
    assert choices["Region [Asie et Pacifique]"].taken == (False, True)


def test_the_name_of_a_commitment_is_not_private_and_what_a_header_alone_makes_private_is_marked(proposals):
    proposal = proposals["names.csv"]
    assert read_headers(proposal)["title"] == "Commitment name"
    assert read_recipe(proposal)["personal"]["headers"] == ["Contact", "Name of visitor"]
    assert "# CHECK: private by the header alone: “Name of visitor”\n" in proposal.text


def test_the_order_of_day_and_month_is_asked_where_nothing_tells_it(proposals):
    text = proposals["dates.csv"].text
    assert "date_order" not in tomllib.loads(text).get("read", {})
    assert "# CHECK: nothing tells day from month in “Deadline”. Write what is true:\n# date_order = " in text


def test_a_workbook_gives_one_recipe_a_sheet_and_says_which_sheets_hold_no_answers(tmp_path):
    milestones: Rows = [["milestone", "reached on", "_index", "_parent_index"], ["First desk", "2021-06-01", 1, 1]]
    path = tmp_path / "book.xlsx"
    write_workbook(path, {"Submissions 2021": REGISTER, "milestones": milestones, "empty": []})
    folder = make_campaign(tmp_path / "campaign", {"book.xlsx": path.read_bytes()}, {})
    found = look_at(folder, path)
    holds = [(one.sheet, read_recipe(one)["holds"]) for one in found.recipes]
    assert holds == [("Submissions 2021", "actions"), ("milestones", "milestones")]
    named = [one.recipe_id for one in found.recipes]
    assert named == ["export_actions", "export_milestones"]  # nothing of the file's name
    assert [why for _, why in found.left_out] == ["it is empty"]
    text = join_texts(found)
    for one in found.recipes:
        assert f"as {one.recipe_id}.toml" in text
    save(folder, found.recipes)
    assert ask_intake(folder, "select recipe, rows_read from sheets order by 1") == [(named[0], 5), (named[1], 1)]
    assert [one.sheet for one in look_at(folder, path, "milestones").recipes] == ["milestones"]
    with pytest.raises(UserError, match="has no sheet 'Nowhere'"):
        look_at(folder, path, "Nowhere")


def test_the_command_prints_the_recipe_and_its_notes_apart(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("Title,Stakeholder,Mood\nMend nets,Imaginary Club,fair\n")
    done = run_etl("recipe", path)
    assert done.returncode == 0
    assert tomllib.loads(done.stdout)["fields"]["title"] == {"headers": ["Title"], "required": True}
    assert "The recipe actions_register reads it already." in done.stderr
    assert "Left open, so neither counted nor published: Mood." in done.stderr
    refused = run_etl("recipe", tmp_path / "none.csv")
    assert refused.returncode == 1
    assert refused.stdout == ""


@pytest.mark.nightly
def test_the_command_writes_recipes_into_files_and_none_over_another(tmp_path):
    folder = make_campaign(tmp_path / "c", {}, {})
    one, two = tmp_path / "survey.csv", tmp_path / "two.zip"
    one.write_text("Title,Stakeholder,Mood\nMend nets,Imaginary Club,fair\n")
    write_zip(two, {"a.csv": one.read_bytes(), "b.csv": "Titre,Organisation\nLire,Union imaginaire\n"})
    recipes = folder.root / "recipes"
    run = partial(run_etl, "recipe", "--campaign", folder.root)
    shutil.rmtree(recipes)  # as of a new campaign
    assert run(one, "--to", recipes).stdout == f"Written: {recipes / 'export_actions.toml'}\n"
    shutil.rmtree(recipes)
    to = recipes / "moods.toml"
    assert run(one, "--to", to).stdout == f"Written: {to}\n", "the file has no other lines than its recipe's"
    first = to.read_bytes()
    assert read_recipe_file(to).id == "moods"
    for file, place, said in (
        (one, to, "is there already; nothing was written. Choose another name, or add --replace."),
        (two, recipes / "both.toml", "gives several recipes (two.zip/a.csv, two.zip/b.csv), and a file holds one."),
        (one, recipes / "The moods.toml", "cannot be a recipe's file."),
        (one, tmp_path / "none" / "recipes" / "moods.toml", "There is no folder"),
    ):
        refused = run(file, "--to", place)
        assert refused.returncode == 1 and said in refused.stderr, place
    assert [path.name for path in recipes.iterdir()] == ["moods.toml"] and to.read_bytes() == first
    assert run(one, "--to", to, "--holds", "stories", "--replace").returncode == 0
    assert read_recipe_file(to).holds == Kind.STORIES
    written = last_json(run(two, "--to", recipes, "--json"))["written"]
    assert written == [str(recipes / f"export_actions{number}.toml") for number in ("", "_2")]
    one.write_text("ID,Organisation,Status\n" + "".join(f"{n},Union {n},Completed\n" for n in range(5)))
    told = "Its rows are taken for reports, and nothing is published yet that they could be about."
    assert told in run(one).stderr and told not in run(one, "--holds", "actions").stderr
    (recipes / "empty.toml").touch()
    empty = run(one)
    assert (empty.returncode, empty.stderr) == (
        1,
        "The recipe empty.toml is empty. Remove that file from recipes/; python -m etl recipe --campaign "
        f"{folder.root} FILE --to writes a new one.\n",
    )


def test_the_refusal_of_an_unknown_export_names_the_command(tmp_path):
    folder = make_campaign(tmp_path, {"unknown.csv": "Qwx,Zyx\n1,2\n"}, {})
    with pytest.raises(UserError, match="python -m etl recipe"):
        read_inbox(folder)


TRIED = ("kobotoolbox/rank_groups.xlsx", "oyu-tolgoi-scorecard/commitments_2020-05-29.csv")
TABLES_OF_OTHERS = [
    path.relative_to(EXPORTS).as_posix()
    for path in sorted(EXPORTS.rglob("*"))
    if path.suffix in (".csv", ".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")
]


@pytest.mark.parametrize("name", of_which(TABLES_OF_OTHERS, lambda _, name: name in TRIED))
def test_a_proposal_for_a_real_export_loads_and_accounts_for_every_row(tmp_path, name):
    folder = make_campaign(tmp_path, {}, {})
    path = EXPORTS / name
    try:
        found = look_at(folder, path)
    except ReadError as error:
        assert error.remedy
        return
    except UserError as error:
        assert "holds no rows to read" in error.what
        return
    settled = [replace(one, text=one.text.replace("# date_order =", "date_order =")) for one in found.recipes]
    save(folder, settled)
    (folder.inbox / path.name).write_bytes(path.read_bytes())
    with built(folder) as connection:
        account = "rows_read = rows_accepted + rows_merged + rows_rejected, rows_read > 0, recipe"
        [(adds_up, has_rows, recipe)] = connection.execute(f"select {account} from input_files").fetchall()  # noqa: S608
        assert adds_up
        assert has_rows
        assert set(recipe.split(", ")) <= {one.recipe_id for one in found.recipes}
