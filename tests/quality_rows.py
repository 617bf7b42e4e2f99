"""The rows of the data-quality page, written by hand into a copy of the fixture snapshot."""

import json
from pathlib import Path

import duckdb

from dashboard.snapshot.database import Snapshot
from tests.snapshots import publish_fixture

ROWS = """
update campaign set is_sample = false;
delete from rejected_rows;
insert into rejected_rows values
('forms.xlsx', 'Sheet1', 36, 'title', null, 'neither title nor id: the row names no action',
 '{"Comments": "=1+1", "Place": "Nowhere"}'),
('survey_final.xlsx', 'Survey', 12, 'submission_id', null, 'names no action: neither id, stakeholder nor title', '{}'),
('survey_final.xlsx', 'Survey', 13, 'Test?', 'yes', 'left out, as the recipe says: a test', '{}');
delete from merged_rows;
insert into merged_rows values
('forms.xlsx', 'Sheet1', 37, 'FIX-002', 'submitted again with the same id: the latest submission is kept');
insert into merged_submissions values ('FIX-099', 'FIX-002', 'forms.xlsx', 'Sheet1', 37);
insert into unmatched_values values ('survey_final.xlsx', 'percent', '150', 3, null, 'office_reports', null);
insert into unmatched_uses
select 'countries', 'cote divoir', 'classification_sheet', action_no, null, 'forms.xlsx'
from actions where category is null;
insert into settled_words values
(2, 'statuses', 'Suspended', ['suspended'], 'discontinued', null, null, null, 3),
(3, 'themes', 'Tea', [], null, 'classification_sheet', null, null, 1),
(4, 'themes', 'Tea and coal', ['agriculture', 'mining'], null, null, 'forms.xlsx', null, 1);
insert into stakeholders
select stakeholder_id, any_value(stakeholder), list(distinct stakeholder), count(*)
from actions where stakeholder_id is not null group by stakeholder_id;
insert into suggested_duplicates
select 'stakeholder', min(stakeholder_id), min(name), max(stakeholder_id), max(name), 0.93, 'spelled almost alike'
from stakeholders;
insert into suggested_duplicates values
('action', 'FIX-001', 'One', 'FIX-002', 'Two', 0.8, 'similar titles from the same stakeholder'),
('report', 'R-21', 'A report', 'FIX-003', 'Three', 0.7, 'the only action of this stakeholder'),
('report', 'R-21', 'A report', 'FIX-004', 'Four', 0.5, 'the same stakeholder');
insert into decisions values
(2, 'different', 'action', 'FIX-005', 'FIX-006', 'asked them', true, null),
(3, 'same', 'stakeholder', 'A', 'B', null, false, 'what stands under "this" is not in the files');
insert into gone_actions values
('OLD-1', 'Mend nets', false, 'forms.xlsx', 'Sheet1', 38),
('OLD-2', 'Sing', true, 'forms.xlsx', 'Sheet1', 39);
insert into suggested_classes
select action_no, action_id, 'category',
(select min(code) from codes where codelist = 'categories' and code <> 'unclassified'),
['teachers', 'courses'], 0.8
from actions where category is null;
insert into check_results values
('completed_below_100', 'warning', 'FIX-001', 'survey_final.xlsx', 'Survey', 2, 'percent', '80', '100'),
('due_after_campaign', 'note', 'FIX-002', 'forms.xlsx', 'Sheet1', 3, 'due_on', '2022-03-01', '2021-12-30');
insert into check_totals values ('completed_below_100', 'warning', 1, 1), ('due_after_campaign', 'note', 1, 1),
('several_codes', 'warning', 0, 0);
insert into field_coverage values
('actions', 'all', 'all', 'title', 39, 40), ('actions', 'all', 'all', 'url', 0, 40),
('actions', 'region', 'africa', 'title', 9, 10), ('actions', 'region', 'unclassified', 'url', 0, 2),
('progress_reports', 'all', 'all', 'percent', 20, 40), ('progress_reports', 'wave', 'final', 'percent', 10, 20);
insert into input_sheets values
('forms.xlsx', 'Sheet1', 'microsoft_forms_actions', 'actions', 1, ['Title'], [], 36, 34, 1, 1),
('forms.xlsx', 'Notes', null, null, null, [], [], 0, 0, 0, 0);
insert into column_readings values
('forms.xlsx', 'Sheet1', 'Due', 'due_on', 'day_first', 'recipe', 20, 0, 12);
insert into input_columns values
('forms.xlsx', 'Sheet1', 1, 'Title', 'forms', 'field', 'title', 'recipe', 36, null, null, false, null, false),
('forms.xlsx', 'Sheet1', 2, 'Status (Dec 2021)', 'forms', 'open', null, null, 20, 'status', 0.75, true, null, false),
('forms.xlsx', 'Sheet1', 3, 'Which help came?', 'forms', 'open', null, null, 20, null, null, false,
'which_help_came', true);
"""

PERSONS = """;
insert into person_names values
('Individual, Kenya', map {'en': 'Individual, Kenya', 'fr': 'Particulier, Kenya', 'es': 'Particular, Kenia'});
update actions set stakeholder = 'Individual, Kenya';
update stakeholders set name = 'Individual, Kenya', spellings = ['Individual, Kenya', 'Fictional Club'];
update progress_reports set stakeholder = 'Individual, Kenya';
update suggested_duplicates set left_name = 'Individual, Kenya' where kind = 'stakeholder';
update suggested_duplicates set left_name = 'Individual, Kenya: ' || left_name,
right_name = 'Individual, Kenya: ' || right_name where kind = 'report';
"""
"""As if every stakeholder were the same person."""

NOTED = """
insert into evidence_steps
select
    action_no, action_id, report_no, 'verified', '2021-12-20',
    'https://example.org/audit?a=1&b=2', 'staff', '2021-12-31', 99
from progress_reports
where report_no = 2;
insert into decisions values (99, 'evidence', 'report', 'R-2', 'verified', 'By telephone', true, null);
"""
"""As if staff had noted the second report of the action FIX-001 as verified."""


POSTS = """
insert into stories values ('ST-2', '2021-10-02', 'One more school (made up)', 'en', null, null, 's.csv', null, 3);
insert into post_texts values ('story', 'ST-2', 'en', 'One more school (made up)', 'A school.', null, null);
insert into suggested_duplicates values
('story', 'ST-2', 'One more school (made up)', 'FIX-003', 'Three', 0.9, 'its text has the title of the action'),
('story', 'ST-2', 'One more school (made up)', 'FIX-004', 'Four', 0.5, 'its text names the stakeholder'),
('story_version', 'ST-1', 'Une école', 'ST-2', 'One more school', 0.6, 'may be the same in another language');
"""


def publish_quality(folder: Path, statements: str = "") -> Snapshot:
    """Publish the fixture with rows for every list in `folder`, as real data."""
    file = publish_fixture(folder)
    if statements not in _filled:
        with duckdb.connect(file) as connection:
            orphan = connection.execute(
                "select min(report_key) from progress_reports where action_no is null"
            ).fetchone()
            connection.execute(ROWS.replace("R-21", str(orphan[0])) + statements)
        _filled[statements] = file.read_bytes()
    file.write_bytes(_filled[statements])
    pointer = json.loads((folder / "published" / "current.json").read_text(encoding="utf-8"))
    return Snapshot(file, pointer["build_id"], pointer["built_at"], 8)


_filled: dict[str, bytes] = {}
"""Snapshots filled before, by the statements added to the rows."""
