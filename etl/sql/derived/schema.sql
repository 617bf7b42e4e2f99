-- What a large snapshot holds a second time so that pages need not count or search all of it: the schema `derived`,
-- which says nothing that its other tables do not say, and which no figure depends on. Without it, every question is
-- answered from those alone. `last_day` is made by the dashboard's own query of that name.
create schema snapshot.derived;

-- Every word of what actions are searched in (`search_text`, cut at its blanks). word_no: from 1, the most frequent
-- first, so that what is rare stands together; uses: how often it stands in all of them together.
create table snapshot.derived.search_words (word_no integer not null, word varchar not null, uses bigint not null);

-- Which actions have a word; one that has it twice may stand there twice. In the order of word and action, for
-- portions of the actions one after the other.
create table snapshot.derived.search_uses (word_no integer not null, action_no integer not null);

-- For each member of each dimension, and for `all` with the member `all`: how its actions stand on the last day, and
-- which files that comes from, as `dashboard/queries/headline.sql` counts it.
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

-- For each two members, of one dimension or of two (or of `all`): how the actions stand on the last day that are of
-- both.
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

-- For each member of each dimension, and for `all`: by how many actions the numbers of those that are reported, of
-- those with a status that is understood and of completed ones changed on each day, as `dashboard/queries/changes.sql`
-- counts it. 9999-12-31 is the day on which the reports end that no other one replaces.
create table snapshot.derived.changes (
    dimension varchar not null,
    member varchar not null,
    on_date date not null,
    completed bigint not null,
    known bigint not null,
    reported bigint not null
);

-- Every entry of the journey, as `dashboard/queries/entries.sql` has it: kind by kind, the latest day first.
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

-- How many entries they are, each counted once.
create table snapshot.derived.journey_size (entries bigint not null);

-- How many rows of `journey` are alike in this. last_day: of events the day they end on, as far as that is known.
create table snapshot.derived.journey_counts (
    kind varchar not null,
    on_date date,
    valid_from date,
    valid_to date,
    last_day date,
    entries bigint not null
);

-- How many rows the extract of themes and countries of all actions has.
create table snapshot.derived.extract_sizes (themes_countries bigint not null);

-- How many reports there are of each day, those of no action among them, and how many answers to public questions these
-- hold.
create table snapshot.derived.extract_days (on_date date, reports bigint not null, answers bigint not null);
