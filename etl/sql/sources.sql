-- Exports that were fetched again: their additions to the last one, and both as one.

-- query: account
-- How many rows of some files together were accepted, merged or rejected?
-- Grain: one row.
-- Parameters: files.
select
    coalesce(sum(rows_read), 0)::bigint,
    coalesce(sum(rows_accepted), 0)::bigint,
    coalesce(sum(rows_merged), 0)::bigint,
    coalesce(sum(rows_rejected), 0)::bigint
from snapshot.input_files
where list_contains($files::varchar[], source_file);

-- query: count_answers
-- How many answers came, how many of them are new, and how many earlier ones have changed?
-- Grain: one row.
-- Parameters: none.
with
came as (
    select distinct answer
    from arrived_rows
    where place > 0
),

known as (
    select distinct answer
    from known_rows
    where place > 0
),

lines as (
    select * exclude (place) from arrived_rows where place > 0
    except all
    select * exclude (place) from known_rows where place > 0
),

otherwise as (
    select distinct answer
    from lines
)

select
    (select count(*) from came) as came,
    (select count(*) from came anti join known using (answer)) as added,
    (select count(*) from otherwise semi join known using (answer)) as changed;

-- query: finished_since
-- Which answers were unfinished when they came last, and are not in the list of unfinished ones now?
-- Grain: one row an answer, by its number.
-- Parameters: none. known_rows holds the export, with the day of finishing in its second column; arrived_rows the
-- numbers of those that are unfinished now.
select distinct try_cast(answer as bigint) as number
from known_rows
where
    place > 0
    and coalesce(trim(c0001), '') = ''
    and answer not in (select answer from arrived_rows where place > 0)
    and try_cast(answer as bigint) is not null
order by number;

-- query: gone_answers
-- Which earlier answers did not come again with all others, so that they are gone?
-- Grain: one row an answer, in the order of the export.
-- Parameters: none.
select known_rows.answer
from known_rows
where known_rows.place > 0 and known_rows.answer not in (select answer from arrived_answers)
group by known_rows.answer
order by min(known_rows.place);

-- query: labels
-- What are the names of each code of a category, country or status, by language?
-- Grain: one row a code.
-- Parameters: none.
select code, any_value(labels)
from snapshot.codes
where codelist in ('categories', 'countries', 'statuses')
group by code;

-- query: look
-- How many answers does an export hold, and which value of the key is the last one: of numbers the largest, of others
-- the last in the order of the alphabet?
-- Grain: one row.
-- Parameters: none.
select
    count(distinct answer) as answers,
    coalesce(max(try_cast(answer as bigint))::varchar, max(answer)) as last_value
from arrived_rows
where place > 0;

-- query: merge_rows
-- Bring an export up to date: each answer that came again takes the place that it had; new ones stand together, before
-- the others or after them, as the tool has them. An answer that is not among those that came stays.
-- Parameters: $newest_first, whether the tool lists the newest answers first.
create or replace temp table merged_rows as
with
known as (
    select answer, min(place) as first_place
    from known_rows
    where place > 0
    group by answer
),

arrived as (
    select arrived_rows.*, known.first_place
    from arrived_rows
    left join known using (answer)
    where arrived_rows.place > 0
),

bounds as (
    select max(place) + 1 as behind
    from known_rows
)

select
    kept.place as first_place,
    0 as next_place,
    kept.*
from known_rows as kept
where kept.place = 0 or kept.answer not in (select came.answer from arrived_answers as came)
union all by name
select
    coalesce(arrived.first_place, if($newest_first, 0.5, bounds.behind)) as first_place,
    arrived.place as next_place,
    arrived.* exclude (first_place)
from arrived
cross join bounds;

-- query: note_answers
-- Note which answers came, by the table that has a row for each; rows of repeated groups go with their answer.
-- Parameters: none.
create or replace temp table arrived_answers as
select distinct answer
from arrived_rows
where place > 0;

-- query: take_rows
-- Take the rows of an export as they stand: which answer each belongs to, and where it stands; the line of names is 0.
-- A row of a repeated group belongs to the answer that its key begins with, as `uuid:…/visit[2]`.
-- Parameters: $path, $columns, $delimiter; $key, the column that names the answer. raw_rows stands for the table.
create or replace temp table raw_rows as
select
    row_number() over () - 1 as place,
    split_part(coalesce(columns(lambda name: name = $key), ''), '/', 1) as answer,
    *
from read_csv(
    $path,
    columns = $columns,
    auto_detect = false,
    header = false,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    allow_quoted_nulls = false,
    null_padding = true,
    strict_mode = false,
    parallel = false,
    max_line_size = 20000000
);

-- query: write_rows
-- What are the rows of an export, in their order, the line of names first?
-- Grain: one row a line.
-- Parameters: none.
select * exclude (first_place, next_place, place, answer)
from merged_rows
order by first_place, next_place;
