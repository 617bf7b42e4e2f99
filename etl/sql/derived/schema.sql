-- The second copy of some content of a large snapshot, so that pages need not count or search all of it: the schema
-- `derived`. It adds nothing to the other tables, and no figure depends on it: without it, every question is answered
-- from those alone. The dashboard's own query `last_day` makes the table of that name.
create schema snapshot.derived;

-- Every word of the searched texts of actions (`search_text`, cut at its blanks). word_no: from 1, the most frequent
-- first, so that rare ones stand together; uses: its number of occurrences in all texts.
create table snapshot.derived.search_words (word_no integer not null, word varchar not null, uses bigint not null);

-- The actions with each word; one that has it twice may stand there twice. Ordered by word and action, for portions of
-- the actions one after the other.
create table snapshot.derived.search_uses (word_no integer not null, action_no integer not null);

-- For each member of each dimension, and for `all` with the member `all`: the standing of its actions on the last day,
-- and the files behind it, counted as in `dashboard/queries/headline.sql`.
create table snapshot.derived.standings (
    dimension varchar not null,
    member varchar not null,
    status_no utinyint not null,
    is_overdue boolean not null,
    is_on_time boolean,
    source_file varchar not null,
    classification_file varchar,
    report_file varchar,
    actions bigint not null,
    milestones_due bigint not null,
    milestones_reached bigint not null
);

-- For each two members, of one dimension or of two (or of `all`): the standing on the last day of the actions of both.
create table snapshot.derived.pairs (
    dimension varchar not null,
    member varchar not null,
    other_dimension varchar not null,
    other_member varchar not null,
    status_no utinyint not null,
    is_overdue boolean not null,
    is_on_time boolean,
    actions bigint not null
);

-- For each member of each dimension, and for `all`: the daily changes in the numbers of reported actions, of those with
-- an understood status and of completed ones, counted as in `dashboard/queries/changes.sql`. 9999-12-31 is the end of
-- the reports that no other one replaces.
create table snapshot.derived.changes (
    dimension varchar not null,
    member varchar not null,
    on_date date not null,
    completed bigint not null,
    known bigint not null,
    reported bigint not null
);

-- Every entry of the journey, as in `dashboard/queries/entries.sql`: kind by kind, the latest day first.
create table snapshot.derived.journey (
    entry_id uuid not null,
    kind varchar not null,
    action_no integer,
    part_no integer,
    item_id varchar,
    on_date date,
    valid_from date,
    valid_to date,
    before varchar,
    status varchar,
    kind_no utinyint not null
);

-- The number of its entries, each counted once.
create table snapshot.derived.journey_size (entries bigint not null);

-- The number of rows of `journey` that are alike in this. last_day: the last day of events, where known.
create table snapshot.derived.journey_counts (
    kind varchar not null,
    on_date date,
    valid_from date,
    valid_to date,
    last_day date,
    entries bigint not null
);

-- The number of rows in the extract of themes and countries of all actions.
create table snapshot.derived.extract_sizes (themes_countries bigint not null);

-- The number of reports of each day, including those of no action, and of their answers to public questions.
create table snapshot.derived.extract_days (on_date date, reports bigint not null, answers bigint not null);
