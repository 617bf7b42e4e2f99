-- The published snapshot: every table the pages, charts and extracts read.
-- Unknown is null. Codes are lower_snake_case (countries: ISO 3166 alpha-3). Dates are DATE,
-- times are TIMESTAMPTZ in UTC. source_row is the row number a spreadsheet shows: the header is row 1.
-- source_file and sheet are handles, which do not reveal the names; those stand in the private store. So are headers of
-- columns that are neither fields nor public questions.
-- action_no is a small integer that stands for action_id inside this snapshot only; joins use it.

create table campaign (
    build_id varchar not null,
    titles map (varchar, varchar) not null,  -- by language, from campaign.toml
    languages varchar[] not null,  -- in which it is offered
    starts_on date not null,
    submission_deadline_on date not null,
    action_deadline_on date not null,
    ends_on date not null,
    first_date date not null,
    last_date date not null,
    default_language varchar not null,
    is_sample boolean not null,
    publisher varchar,
    content_id varchar  -- hash of all rows of all tables, without names of files
);

-- The hash of the statements of this file that made the tables (`dashboard/campaign/snapshot_schema.py`): a program
-- reads snapshots of its own schema alone. A column whose meaning changes gets another name.
create table snapshot_schema (schema_mark varchar not null);

-- labels: by language, from the codelist (of countries else from CLDR). label_en, label_fr, label_es: the same for
-- programs that know these alone; a missing one is the English one, else any.
create table codes (
    codelist varchar not null,
    code varchar not null,
    label_en varchar not null,
    label_fr varchar not null,
    label_es varchar not null,
    sort_order integer not null,
    parent varchar,
    base_status varchar,
    labels map (varchar, varchar) not null
);

create table actions (
    action_no integer not null,
    action_id varchar not null,
    submission_id varchar,
    title varchar,
    stakeholder_id varchar,
    stakeholder varchar,
    stakeholder_group varchar,
    category varchar,
    scope varchar,
    submitted_on date,
    submitted_at timestamptz,
    due_on date not null,
    language varchar,
    description varchar,
    impact varchar,
    communication varchar,
    partners varchar,
    url varchar,
    search_text varchar not null,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null,
    classification_file varchar,
    classification_sheet varchar,
    classification_row bigint
);

-- The countries of a grouping: pathfinder countries, African Union …, from the codelist.
create table grouping_countries (grouping_code varchar not null, iso3 varchar not null);

create table action_themes (action_no integer not null, action_id varchar not null, theme varchar not null);

create table action_countries (
    action_no integer not null,
    action_id varchar not null,
    iso3 varchar not null,
    subregion varchar,
    region varchar
);

create table action_subregions (action_no integer not null, action_id varchar not null, subregion varchar not null);

create table action_regions (action_no integer not null, action_id varchar not null, region varchar not null);

-- Every dimension's members of every action in one place: region, subregion, grouping, country, category, theme,
-- group. An action that is not classified yet has the member 'unclassified'. A global or regional action that names
-- no country has no member in country (nor, when it names no subregion, in subregion). In grouping it has those that
-- one of its countries is in.
create table action_members (dimension varchar not null, action_no integer not null, member varchar not null);

-- The possible common traits of each action and others. kind: theme, category, country, subregion, region, word. trait:
-- the compared value, one of a kind (`theme:education`; a word folded and without its ending); written: the code, or
-- the word as the action has it. weight: how much it tells the action apart among its traits of that kind, whose
-- squares add up to at most 1.
create table action_traits (
    action_no integer not null,
    kind varchar not null,
    trait varchar not null,
    written varchar not null,
    weight float not null
);

-- evidence: the furthest step of evidence that is stated of this very report's status: claimed, evidenced
-- (evidence_source: by which document or address), reviewed, verified; each step is a row of evidence_steps.
-- report_key names a report in decisions.csv: the same in every build of the same answer. A status that stands in a
-- register has one (rs_...) made of action, status and wave.
-- reported_on: null where nobody stated its day; then it is in force on no day. is_day_of_file: staff or a recipe
-- stated the day of the whole file, so that nothing is known to have happened on it.
create table progress_reports (
    report_no integer not null,
    report_key varchar,
    report_id varchar,
    action_no integer,
    action_id varchar,
    stakeholder varchar,
    action_title varchar,
    reported_on date,
    is_day_of_file boolean not null,
    submitted_at timestamptz,
    status varchar,
    status_code varchar,
    percent double,
    completed_on date,
    wave varchar,
    language varchar,
    narrative varchar,
    matched_by varchar,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null,
    evidence varchar,
    evidence_source varchar,
    reviewed_on date,
    verified_on date
);

-- The report in force for each action from which day (inclusive) to which day (exclusive).
-- status_since: the day of the first of the reports in a row with this status; is_day_of_file: whether that was the day
-- of a whole file. completed_on of a completed action: from this report, else from the last in a row that has it.
create table report_spells (
    action_no integer not null,
    valid_from date not null,
    valid_to date not null,
    report_no integer not null,
    status varchar,
    status_code varchar,
    percent double,
    completed_on date,
    status_since date not null,
    is_day_of_file boolean not null,
    source_file varchar not null
);

-- The evidence for the status of a report, step by step: claimed, evidenced, reviewed, verified. Only stated steps: a
-- step implies those before it, whether they are stated or not. on_date: null where only the step is known, which then
-- counts from the report's day on. source: the document or address. decided_by is a role, never a name: stakeholder,
-- secretariat, independent, or staff, who wrote it into decisions.csv (line, decided_on).
create table evidence_steps (
    action_no integer not null,
    action_id varchar not null,
    report_no integer,
    step varchar not null,
    on_date date,
    source varchar,
    decided_by varchar not null,
    decided_on date,
    line bigint
);

-- The furthest step of each action (step_no from 1, claimed, to 4, verified) from which day (inclusive) to which day
-- (exclusive). A step lasts while the reports in force state the same base status. A step after the last day of the
-- figures counts on that day. report_no: the latest report with the step.
create table evidence_spells (
    action_no integer not null,
    valid_from date not null,
    valid_to date not null,
    step_no utinyint not null,
    report_no integer not null
);

create table milestones (
    milestone_no integer not null,
    action_no integer not null,
    action_id varchar not null,
    label varchar not null,
    due_on date,
    reached_on date,
    told_on date,  -- the day of the submission or report that it came with; null of a list without days
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null
);

-- What the codelist says about each indicator: its own unit; whether more of it is better (`up`) or less (`down`);
-- whether the numbers of several actions may be summed.
create table indicators (
    indicator varchar not null,
    unit varchar,
    direction varchar not null,
    is_summable boolean not null
);

-- The numbers that actions promise: the last telling of each action's indicator in one unit. baseline: the level before
-- the action; target: the level it is to have by target_on. promised: how far that is from the baseline, in the
-- indicator's direction (a rising indicator without a baseline starts from 0; null without a target, with one at the
-- baseline or behind it, or where a falling one has no baseline). A number that was reached and never promised has no
-- target. told_on: the day of the submission or report that it came with.
create table results (
    result_no integer not null,
    action_no integer not null,
    action_id varchar not null,
    indicator varchar not null,
    unit varchar not null,
    baseline double,
    baseline_on date,
    target double,
    target_on date,
    promised double,
    told_on date,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null
);

-- What was reached, telling by telling. actual: the level on actual_on; reached: how far that is from the baseline, in
-- the indicator's direction (null where a falling one has no baseline). told_on: the day of the report that tells it,
-- else actual_on; null where nobody stated a day, then it is in force on no day. how_known: how the stakeholder knows.
create table result_reports (
    result_no integer not null,
    action_no integer not null,
    action_id varchar not null,
    actual double not null,
    actual_on date,
    reached double,
    how_known varchar,
    told_on date,
    report_no integer,  -- the progress report that it came with
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null,
    telling_no integer not null
);

-- The number in force of each result from which day (inclusive) to which day (exclusive): the last one told,
-- which is the row `telling_no` of result_reports.
create table result_spells (
    result_no integer not null,
    action_no integer not null,
    valid_from date not null,
    valid_to date not null,
    actual double not null,
    reached double,
    telling_no integer not null
);

-- Whether each action, as it was promised, meets the criteria of a good commitment (`dashboard/campaign/commitments`):
-- specific, measurable, achievable, relevant, time_bound, a row each. reason: the rule that decided it. words: those of
-- the action that it rests on.
create table commitment_criteria (
    action_no integer not null,
    action_id varchar not null,
    criterion varchar not null,
    is_met boolean not null,
    reason varchar not null,
    words varchar
);

-- Figures about countries that stand beside completion and never change it, from the files of `context/`: the share of
-- children in child labour, the ratification of a convention. unit: `percent`, `year` (value: the year, 1 where
-- it is not stated, 0 for not), another one for a plain number. year: the one it is of. line: in its file.
create table context_figures (
    iso3 varchar not null,
    indicator varchar not null,
    unit varchar not null,
    year integer not null,
    value double not null,
    source varchar not null,
    address varchar,
    file varchar not null,
    line bigint not null
);

create table survey_answers (
    report_no integer not null,
    action_id varchar,
    wave varchar,
    question varchar not null,
    answer varchar not null
);

-- The events and stories shared on the way. on_date: the day of an event (its first), the day a story appeared. title,
-- language and url are those of one of its texts (`post_texts`), action_id the first of its actions (`post_actions`).
-- starts_at and ends_at: only where moments are stated; an event in whole days has none.
create table events (
    id varchar not null,
    on_date date,
    title varchar not null,
    language varchar,
    url varchar,
    action_id varchar,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null,
    ends_on date,
    starts_at timestamptz,
    ends_at timestamptz,
    place varchar
);

create table stories (
    id varchar not null,
    on_date date,
    title varchar not null,
    language varchar,
    url varchar,
    action_id varchar,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null
);

-- The texts of events and stories: a row a language version, the one that stands in `events` or `stories` among them.
create table post_texts (
    kind varchar not null,  -- event, story
    id varchar not null,
    language varchar,
    title varchar not null,
    summary varchar,
    body varchar,
    url varchar
);

-- The actions of each event and story. matched_by: decision, id, address (of the action, in its text), parent (the row
-- it belongs to in a repeat), stakeholder (whose only action it is).
create table post_actions (
    kind varchar not null,  -- event, story
    id varchar not null,
    action_no integer not null,
    action_id varchar not null,
    matched_by varchar not null
);

-- Replies, documents and pictures that stand beside an action, or beside an event or story (post_id) of it. action_no:
-- null where an event or story belongs to no single action. words: the reply, the document's title, or what the picture
-- shows. file: its name among the public files (hash and ending). rights: whose it is.
create table annotations (
    annotation_no varchar not null,
    kind varchar not null,  -- reply, document, picture
    action_no integer,
    action_id varchar,
    post_id varchar,
    said_on date,
    words varchar not null,
    language varchar,
    file varchar,
    media_type varchar,
    rights varchar,
    source_file varchar not null,
    source_sheet varchar,
    source_row bigint not null
);

create table rejected_rows (
    source_file varchar not null,
    sheet varchar,
    source_row bigint not null,
    field varchar,
    value varchar,
    reason varchar not null,
    row json not null
);

-- word_key: the form of words for comparisons; null where no code was looked for (dates, percentages).
create table unmatched_values (
    source_file varchar not null,
    field varchar not null,
    value varchar not null,
    rows bigint not null,
    nearest_code varchar,
    recipe varchar,
    word_key varchar
);

-- The actions (for a status: the reports, and their actions) that would take a code, if an unmatched word meant one.
create table unmatched_uses (
    field varchar not null,
    word_key varchar not null,
    recipe varchar,
    action_no integer,
    report_no integer,
    source_file varchar not null
);

-- The lines of spellings.csv: the settled meanings of words, and the number of rows that each was read so in. A line of
-- a file that is not in the build is left out.
create table settled_words (
    line bigint not null,
    codelist varchar not null,
    word varchar not null,
    codes varchar[] not null,  -- none: it means nothing
    based_on varchar,  -- the base status of a status of staff's own
    recipe varchar,  -- null: whatever recipe reads a file
    source_file varchar,  -- null: for all files
    note varchar,
    rows bigint not null
);

create table merged_rows (
    source_file varchar not null,
    sheet varchar,
    source_row bigint not null,
    kept_action_id varchar,
    why varchar not null
);

create table input_files (
    source_file varchar not null,
    sha256 varchar not null,
    recipe varchar not null,
    rows_read bigint not null,
    rows_accepted bigint not null,
    rows_merged bigint not null,
    rows_rejected bigint not null
);

-- One row a stakeholder: every spelling under which it submitted, the most frequent one as its name.
create table stakeholders (
    stakeholder_id varchar not null,
    name varchar not null,
    spellings varchar[] not null,
    actions bigint not null
);

-- The public words in place of the names of persons (campaign.toml, [individuals]), by language. name: the one in other
-- tables.
create table person_names (
    name varchar not null,
    names map (varchar, varchar) not null
);

-- The ids of submissions merged into another one's action: `different` in decisions.csv can name them.
create table merged_submissions (
    submission_id varchar not null,
    action_id varchar not null,
    source_file varchar not null,
    sheet varchar,
    source_row bigint not null
);

-- Pairs that may be one: for staff to decide (decisions.csv), never merged by themselves.
create table suggested_duplicates (
    kind varchar not null,  -- stakeholder, action (of one stakeholder); report, event, story (and the action it may
    -- belong to); event_version, story_version (one event or story in two languages)
    left_id varchar not null,
    left_name varchar not null,
    right_id varchar not null,
    right_name varchar not null,
    score double not null,  -- 0 to 1
    why varchar not null
);

-- Actions of an older version of a register that its newest version no longer holds; they count nowhere unless staff
-- keep them. is_settled: staff confirmed that they are gone.
create table gone_actions (
    action_id varchar not null,
    title varchar,
    is_settled boolean not null,
    source_file varchar not null,
    sheet varchar,
    source_row bigint not null
);

-- The lines of decisions.csv and whether they found their subjects.
create table decisions (
    line bigint not null,
    decision varchar not null,
    subject varchar not null,
    this varchar not null,
    that varchar,
    note varchar,
    is_applied boolean not null,
    why_not varchar
);

-- The suggestions from the words of an unclassified action; staff accept or change them.
create table suggested_classes (
    action_no integer not null,
    action_id varchar not null,
    field varchar not null,  -- stakeholder_group, category, themes, countries, regions
    code varchar not null,
    words varchar[] not null,
    score double not null
);

-- The findings of checks that do not stop a build. severity: warning or note.
create table check_results (
    check_id varchar not null,
    severity varchar not null,
    action_id varchar,
    source_file varchar,
    sheet varchar,
    source_row bigint,
    field varchar,
    value varchar,
    expected varchar
);

-- Every check of the build, also those without findings; at most 10,000 rows of one are listed in check_results.
create table check_totals (
    check_id varchar not null,
    severity varchar not null,
    rows_found bigint not null,
    rows_listed bigint not null
);

-- The number of rows with each field filled: of all, by region, by wave.
create table field_coverage (
    kind varchar not null,  -- actions, progress_reports, milestones
    dimension varchar not null,  -- all, region, wave
    member varchar not null,
    field varchar not null,
    rows_filled bigint not null,
    rows_total bigint not null
);

-- The closed questions of the surveys, with their texts in the languages of the exports.
create table survey_questions (
    question varchar not null,
    texts map (varchar, varchar),
    takes_several boolean not null,
    sort_order integer not null
);

create table survey_choices (
    question varchar not null,
    answer varchar not null,
    labels map (varchar, varchar),
    sort_order integer not null
);

-- The use of every column of every sheet: field, question, staff, personal, set_aside, or open, of which nothing is
-- counted or published. column_no counts from 1. header: of fields and public questions; of all others a handle, since
-- a header may name a person. target: the field, or the question's key. decided_by: recipe, staff, tool (the tool's own
-- columns), header (it is about a person), empty, unread (no recipe reads the sheet); null for an open one. For open
-- ones, `looks_like` is the field they may be, `understood` the share of their cells that this field would understand,
-- `is_asked` whether publishing waits for an answer; `proposed` is the question they would be, a handle too, and
-- `may_be_persons` whether its header or answers may name persons.
create table input_columns (
    source_file varchar not null,
    sheet varchar,
    column_no integer not null,
    header varchar,
    recipe varchar,
    use varchar not null,
    target varchar,
    decided_by varchar,
    filled bigint not null,
    looks_like varchar,
    understood double,
    is_asked boolean not null,
    proposed varchar,
    may_be_persons boolean not null
);

-- The plan of each sheet, to show an original row again. personal_columns: 0-based, never shown.
create table input_sheets (
    source_file varchar not null,
    sheet varchar,
    recipe varchar,
    kind varchar,
    header_row bigint,
    headers varchar[] not null,
    personal_columns integer[] not null,
    rows_read bigint not null,
    rows_accepted bigint not null,
    rows_merged bigint not null,
    rows_rejected bigint not null
);

-- Two sheets of one workbook that hold the same actions, so that publishing waits until staff choose one: the number of
-- actions of each, how many of them it marks as completed, and how many are the same. effects: the changes of figures
-- without the sheet (as in `questions`), other_effects: without the other one.
create table alike_sheets (
    source_file varchar not null,
    sheet varchar not null,
    actions bigint not null,
    completed bigint not null,
    other_sheet varchar not null,
    other_actions bigint not null,
    other_completed bigint not null,
    same bigint not null,
    effects struct(figure varchar, before bigint, after bigint)[],
    other_effects struct(figure varchar, before bigint, after bigint)[]
);

-- The remarks on sheets beside the account of their rows. remark: hidden, left_out (by staff): it is not read; counted:
-- by staff; hidden_rows, hidden_columns: their number, they are read like the others; merged_filled: the number of the
-- field's cells with the value of the merged cells that they are part of; merged_blank: the number of those that stay
-- blank.
create table sheet_remarks (
    source_file varchar not null,
    sheet varchar not null,
    remark varchar not null,
    field varchar,
    number bigint
);

-- The questions left open by the files, and the readings with an alternative. answer: by staff, or by another decision
-- (decided_by: staff, values, recipe, other_columns); null while it is open. Open and unknown answers (unknown) leave
-- their subjects empty in this build. kind and variant name the sentence, facts its facts. header: of fields and public
-- questions. evidence: rows of the file, with the cell that is meant; candidates: the possible answers, with these rows
-- as they would be read by each, and the changes of figures of the whole build by it alone, as far as that can be
-- counted without another one; effects: the same by any other day. `dashboard/campaign/answers` declares the kinds and
-- the figures.
create table questions (
    kind varchar not null,
    variant varchar not null,
    recipe varchar,
    source_file varchar not null,
    sheet varchar,
    field varchar,
    header varchar,
    facts map (varchar, varchar) not null,
    evidence struct(number bigint, words varchar)[] not null,
    candidates struct(
        value varchar, rows varchar[], effects struct(figure varchar, before bigint, after bigint)[]
    )[] not null,
    effects struct(figure varchar, before bigint, after bigint)[],
    answer varchar,
    decided_by varchar
);

-- The reading of the columns whose cells could be read in several ways. reading: day_first, month_first, of_one,
-- of_hundred, decimal_comma, decimal_point, yes_no, one_zero, filled, stated, `separated_by ;`, `part_of_values ,`.
-- decided_by: values, recipe, other_columns, staff. evidence: the cells that prove the reading; ambiguous: those that
-- could be read otherwise, too.
create table column_readings (
    source_file varchar not null,
    sheet varchar,
    header varchar,
    field varchar not null,
    reading varchar not null,
    decided_by varchar not null,
    cells bigint not null,
    evidence bigint not null,
    ambiguous bigint not null
);
