-- The work database's own tables: the rows that were read, and the account of those that were not accepted.

-- `source_file` and `sheet` are handles (etl/inputs/handles.py) for `file_name` and `sheet_name`.
-- `container`: the export that a file belongs to; text files of one ZIP archive share it, as sheets share a workbook.
-- `saved_on`: the day of the last saving in a workbook.
create table files (source_file varchar, file_name varchar, sha256 varchar, container varchar, saved_on date);

-- `names_actions`: the ids of its rows name actions; else they number submissions (the response ids of a form tool).
-- `is_round`: by staff, its rows are reports about the actions of another sheet.
create table sheets (
    sheet_no integer,
    source_file varchar,
    file_name varchar,
    sheet varchar,
    sheet_name varchar,
    recipe varchar,
    kind varchar,
    rows_read bigint,
    header_row bigint,
    headers varchar[],
    personal_columns integer[],
    names_actions boolean,
    one_row_one_action boolean,
    is_round boolean
);

-- The columns of statuses: that of the rows themselves (round_no: null), and those of rounds beside it. is_round: by
-- staff, it is a round, or the whole sheet is.
create table status_columns (sheet_no integer, round_no integer, header varchar, is_round boolean);

-- The possible days of the statuses of a sheet (or a round of it) whose rows do not state it.
create table day_hints (
    sheet_no integer, round_no integer, in_name date, in_title date, in_header date, latest date
);

-- The use of each column, as in the snapshot's `input_columns`. `shown`: the public text of the header, and `proposed`,
-- of the question that an open column would be: handles, unless the column is public. `near`: the field or question
-- whose header its own nearly is.
create table column_uses (
    sheet_no integer, column_no integer, header varchar, shown varchar, use varchar, target varchar,
    decided_by varchar, proposed varchar, filled bigint, near varchar, may_be_persons boolean
);

-- The values of open columns and of columns of codes, in the first rows of each sheet: they show what the columns may
-- be.
create table open_values (sheet_no integer, column_no integer, value varchar, row_count bigint);

-- The fields of each kind, and the list that a field's codes come from.
create table kind_fields (kind varchar, field varchar, list varchar);

-- Questions that a recipe names, and choices of them (question/choice), for which a sheet has no column, not even one
-- whose header is nearly theirs; `header` is the first that the recipe knows.
create table questions_gone (sheet_no integer, question varchar, header varchar);

create table rejections (
    kind varchar, sheet_no integer, source_row bigint, field varchar, value varchar, reason varchar
);

-- The key of each row that rows of a repeat may belong to, and the key of the row that each row of a repeat belongs to.
-- rank: which of the tools' ways to write keys it is, the surest first. table_name: the sheet (or file) meant.
create table row_keys (
    sheet_no integer, source_row bigint, container varchar, rank integer, value varchar, table_name varchar,
    is_repeat boolean
);

create table row_parents (
    sheet_no integer, source_row bigint, container varchar, rank integer, value varchar, table_name varchar
);

create table merged_away (
    kind varchar, sheet_no integer, source_row bigint, kept_action_id varchar, why varchar
);

create table contacts (
    source_file varchar, sheet varchar, source_row bigint, header varchar, value varchar
);

create table private.contacts (
    source_file varchar, sheet varchar, source_row bigint, header varchar, value varchar
);

create table private.input_names (source_file varchar, sheet varchar, file_name varchar, sheet_name varchar);

-- The headers (and the questions made of them) for which the snapshot has handles.
create table private.input_headers (handle varchar, header varchar);

-- Persons without a public name, one row a spelling. own_id: the id of that spelling alone in decisions.csv.
create table private.people (stakeholder_id varchar, own_id varchar, name varchar, spelling varchar);

-- The campaign's codelists: codes, spellings, where countries and subregions lie, which countries a grouping
-- has, and which field looks where.

create table codelist_codes (
    codelist varchar, code varchar, labels map (varchar, varchar), sort_order integer,
    parent varchar, base_status varchar
);

create table codelist_aliases (codelist varchar, code varchar, spelling varchar);

-- The settled meanings of words (spellings.csv): a row a code; `unclassified` where a word means nothing. `key` is the
-- form of words for comparisons. recipe, file_name: null for all files.
create table staff_words (
    line bigint, codelist varchar, list varchar, word varchar, key varchar, code_list varchar, code varchar,
    based_on varchar, recipe varchar, file_name varchar, note varchar
);

create table codelist_indicators (code varchar, unit varchar, direction varchar, is_summable boolean);

create table codelist_countries (code varchar, iso2 varchar, subregion varchar, region varchar);

create table codelist_subregions (code varchar, region varchar);

create table codelist_groupings (code varchar, country varchar);

create table cell_lists (field varchar, list varchar);

-- The meanings of each value of each distinct cell of a column; one without code matched nothing. line: its line of
-- spellings.csv, if one settles it.
create table resolved (
    sheet_no integer, field varchar, cell varchar, piece_no integer, piece varchar, codelist varchar, code varchar,
    line bigint
);

-- decisions.csv, line by line; `why_not` says why a line changes nothing.
create table decided (
    line bigint, verb varchar, subject varchar, this varchar, that varchar, note varchar, why_not varchar
);

-- Its lines with evidence for a status, with their dates and sources.
create table decided_evidence (
    line bigint, report_key varchar, step varchar, on_date date, source varchar, decided_on varchar
);

-- The effects of the decisions. Stakeholders: keys and the key that stands for them, and new names. Actions: ids that
-- are told apart, submissions that are one, new titles. Reports: the submission they belong to (null: to none). Pairs:
-- settled ones, so that nobody is asked again.
create table stakeholder_roots (key varchar, root varchar);

create table renamed_stakeholders (key varchar, name varchar);

create table actions_apart (id varchar);

create table same_actions (row_no bigint, group_no bigint);

create table renamed_actions (row_no bigint, title varchar);

create table decided_assignments (report_key varchar, row_no bigint);

create table settled_pairs (left_key varchar, right_key varchar);

-- Which stakeholders each line of decisions.csv may mean, by their keys.
create table decided_keys (line bigint, side varchar, key varchar);

create table settled_actions (left_row bigint, right_row bigint);

-- Words of texts that suggest a code (keywords.csv); `-` in front: no sign of anything, `*` behind: a stem.
create table keywords (codelist varchar, code varchar, keyword varchar);

-- Rows that may not belong to their sheet: few cells of fields are filled, or they begin like a total or like the
-- headers. And those of them that count although they may not belong.
create table odd_rows (sheet_no integer, source_row bigint);

-- Their cells; folded, as numbers, and whether their words are those of a total, a test row or a line of help.
create table odd_words (sheet_no integer, source_row bigint, words varchar, column_no integer);

create table odd_texts (
    sheet_no integer,
    source_row bigint,
    words varchar,
    column_no integer,
    folded varchar,
    number double,
    is_total boolean,
    is_test boolean,
    is_help boolean
);

create table doubtful_rows (sheet_no integer, source_row bigint, words varchar);

-- Rows whose belonging to the sheet staff are asked about, by the question; `staged_actions` has none of them that is
-- left out, `asked_actions` those of registers.
create table asked_rows (sheet_no integer, what varchar, source_row bigint, words varchar, cells varchar[]);

-- The rows that repeat the headers in other columns, with the first header that has moved and the column it stands in.
create table moved_headers (sheet_no integer, source_row bigint, words varchar, column_no integer, last_row bigint);

-- The number of struck cells in a row of a workbook.
create table struck_cells (sheet_no integer, source_row bigint, cells bigint);

-- The number of fill colours of the rows of a register without a column of progress.
create table coloured_sheets (sheet_no integer, colours bigint);

-- The sheets without a recipe that seem to belong to a register of their workbook: the reason, and the number of cells
-- that show it; and those that are read by staff's order. is_round: whether it may be a round of reports about its
-- actions.
create table further_sheets (sheet_no integer, why varchar, cells bigint, is_round boolean);

-- Where a field's cells are merged over several rows: whether all are filled, and whether the recipe says that or not.
create table merged_cells (
    sheet_no integer,
    field varchar,
    column_no integer,
    first_row bigint,
    last_row bigint,
    is_filled boolean,
    is_stated boolean
);

-- The columns of codes whose blank cells seem to repeat those above them: the number of filled cells.
create table blank_repeats (
    sheet_no integer, column_no integer, field varchar, filled bigint, evidence struct(number bigint, words varchar)[]
);

-- The columns of workbooks in which cells hold errors such as #N/A, which are read as nothing.
create table error_cells (sheet_no integer, column_no integer, cells bigint, first_row bigint);

-- Ids that a spreadsheet has shortened (1.23E+11): rows are read without them, unless staff confirmed them.
create table shortened_ids (sheet_no integer, field varchar, source_row bigint, id varchar);

-- Rows that seem out of place: the rest of a `column` pasted a row too low; `apart`, another table below. column_no:
-- the column that is meant, if one is.
create table misplaced_rows (
    sheet_no integer, what varchar, first_row bigint, last_row bigint, column_no integer
);

-- The sheets that are not read although they hold cells: hidden, or left out by staff.
create table unread_sheets (file_name varchar, sheet varchar, sheet_name varchar, remark varchar);

-- The sheets that staff count, whatever another one holds.
create table settled_sheets (sheet_no integer);

-- The columns whose cells are read as the column as a whole decides, and the recipe's statement on it. The rounds of a
-- row have columns of numbers of their own.
create table columns_to_decide (
    sheet_no integer, field varchar, round_no integer, header varchar, field_order varchar, recipe_order varchar,
    percent_of integer, field_mark varchar, recipe_mark varchar, is_own boolean
);

-- The answers of staff to the questions of builds (answers.csv), for each sheet; field: empty where the question is
-- about the sheet.
create table staff_answers (sheet_no integer, kind varchar, field varchar, answer varchar);

-- The questions of checks of severity `question`; the snapshot's `questions` has them with names of files.
create table questions_found (
    kind varchar, sheet_no integer, field varchar, header varchar, variant varchar, facts map (varchar, varchar),
    evidence struct(number bigint, words varchar)[], candidates struct(value varchar, rows varchar[])[],
    answer varchar, decided_by varchar
);

-- The changes of figures by an answer alone: the changes for the whole build (field: null where the question is about
-- the sheet), and the reports of actions under it (those that it takes out have no day).
create table effects_found (
    kind varchar, sheet_no integer, field varchar, answer varchar, figure varchar, before bigint, after bigint
);

-- The actions on a sheet that may be left out: whether they stand on it alone.
create table sheet_actions (sheet_no integer, action_no integer, is_gone boolean);

-- Blank cells that have a value by an answer; is_understood: null where unknown.
create table answered_cells (kind varchar, sheet_no integer, field varchar, row_no bigint, is_understood boolean);

create table figure_changes (
    kind varchar, sheet_no integer, field varchar, answer varchar, figure varchar, difference bigint
);

create table answered_reports (
    kind varchar, sheet_no integer, field varchar, answer varchar, report_no integer, action_no integer,
    counts_from date, is_day_of_file boolean, submitted_at timestamptz, status_code varchar
);

-- The number of numbers in columns without percentages that prove a decimal mark; filled where those cannot show it.
create table other_numbers (sheet_no integer, column_no integer, commas bigint, points bigint);

-- The values of the columns of choices of a field or question; is_label: the choice's own words, as some tools write.
create table choice_cells (
    sheet_no integer, field varchar, header varchar, is_stated boolean, words varchar, is_not_taken boolean,
    is_label boolean, row_count bigint, first_row bigint
);

-- The sign between the values of cells that hold several, or inside a value although the recipe names it as a
-- separator; and whether every value was understood.
create table cell_marks (
    sheet_no integer, field varchar, cell varchar, mark varchar, is_separator boolean, decided_by varchar,
    is_understood boolean
);

-- The number of dates in columns without a field that prove an order; filled where the fields cannot show it.
create table other_dates (sheet_no integer, column_no integer, day_first bigint, month_first bigint);

-- The real dates of columns whose written ones all prove one order: their number, their latest day of a month, their
-- rows.
create table dates_beside (
    sheet_no integer, field varchar, row_count bigint, latest_day integer,
    places struct(number bigint, words varchar)[]
);

-- The dates in texts outside the ISO form; each is taken apart once, because that is slow.
create table dates_to_read (sheet_no integer, field varchar, words varchar, row_count bigint, first_row bigint);

create table written_dates (words varchar, date_order varchar, on_day date, at_moment timestamptz);

-- The sheets whose rows are targets of commitments, and when a commitment is completed: any, all, latest.
create table target_sheets (sheet_no integer, completed varchar);

-- Files that are versions of one register, numbered from the oldest; only the content of the newest counts.
create table file_versions (file_name varchar, family integer, version_no integer, is_newest boolean);

-- The campaign data for the checks, the checks of this build, and their findings: by place, or by the number of the
-- action, report or milestone.
create table text_limits (field varchar, words integer);

-- is_offered: whether readers may choose it, since there is a catalogue.
create table campaign_languages (language varchar, is_offered boolean);

create table campaign_titles (language varchar);

create table checks_made (check_no integer, check_id varchar, severity varchar);

create table offences (
    check_no integer, action_no bigint, report_no bigint, milestone_no bigint, action_id varchar, source_file varchar,
    sheet varchar, source_row bigint, field varchar, value varchar, expected varchar
);

-- The events and stories that count; the step that finds them makes the table anew, with all their columns.
create table kept_posts (kind varchar, sheet_no integer);

-- The replies, documents and pictures that count, those that are withdrawn among them; made anew in the same way.
create table kept_annotations (sheet_no integer);

-- The ids of actions that events and stories name and that no action has.
create table unknown_refs (sheet_no integer, source_row bigint, ref varchar);

-- The possible duplicates, as in the snapshot's table of that name, until that is written; and comparisons that were
-- cut short: how many were made, of how many, if known.
create table suggested_duplicates (
    kind varchar, left_id varchar, left_name varchar, right_id varchar, right_name varchar, score double, why varchar
);

create table limited_comparisons (what varchar, compared varchar, existing varchar);

-- The likeness of two compared titles, or two descriptions: from 0 to 1.
create table title_scores (left_no bigint, right_no bigint, score double);

create table description_scores (left_no bigint, right_no bigint, score double);
