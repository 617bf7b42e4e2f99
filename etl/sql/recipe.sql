-- The content of the columns of a file that no recipe reads.

-- query: asked_words
-- The words of a column to look up a code for, in the place of those of a build (`84_missed_words.sql`).
-- Parameters: field, words.
-- Grain: one row a word.
create or replace table asked_words as
select $field::varchar as field, unnest($words::varchar[]) as value;

-- query: few_cells
-- The distinct cells of the columns that have few (`$most`) and short ones (`$longest`), the most frequent first.
-- Grain: one row a column and cell.
select c.column_no, c.cell, c.row_count
from column_cells as c
inner join column_profiles as p on c.column_no = p.column_no
where p.kinds <= $most and p.letters <= $longest
order by c.column_no, c.row_count desc, c.first_row;

-- query: profile
-- Whether a cell is written as persons' names are, one or several: `Amara de la Exemplar`; `EXEMPLAR, Amara`; `Ms A.
-- Exemplar (focal point)`; `Amara Exemplar / Benoît Exemplar`.
create macro if not exists person_pattern() as
    '(\p{Lu}[\p{L}\p{M}''’.-]*,?\s+((de|del|da|di|do|dos|du|la|las|los|le|van|von|der|den|bin|ibn|al|el|y|e)\s+)*){1,3}'
    || '\p{Lu}[\p{L}\p{M}''’.-]*';
create macro if not exists is_persons(words) as regexp_matches(
    words,
    '^' || person_pattern() || '(\s*([/;&]|\s(and|et|und|y|e)\s)\s*' || person_pattern() || ')*(\s*\([^)]*\))?$'
);

-- What do the columns of a sheet hold? Each distinct cell is read once.
-- Grain: one row a column that is filled somewhere.
create or replace table column_profiles as
with dated as (
    select *, if(length(cell) <= 40, read_day(cell, 'dmy'), null) as day from column_cells
),

read as (
    select
        *,
        day is not null and not regexp_full_match(cell, '[\d.,]+') as is_day,
        regexp_matches(cell, '\b\d?\d:\d\d') and not regexp_matches(cell, '\b0?0:00(:00)?') as has_clock,
        pair_proves(cell) as proves,
        read_number(cell) as number,
        is_persons(cell) as is_name,
        length(cell) <= 120 and regexp_matches(
            lower(strip_accents(cell)),
            '\b(minist|universi|union|syndica|sindica|federa|confedera|foundation|fondation|fundac|stiftung|verband'
            || '|verein|gewerkschaft|associa|asociac|organi[sz]a|network|reseau|council|consejo|conseil|institut|agenc'
            || '|chamber|chambre|camara|compan|societ|sociedad|cooperativ|committee|comite|commission|comision|govern'
            || '|gouvern|gobierno|authorit|trust\b|bank\b|banque|banco\b|ltd\b|limited\b|inc\b|llc\b|plc\b|gmbh\b'
            || '|ngo\b|ong\b|group\b|groupe\b|grupo\b|club\b|centre\b|center\b|centro\b)'
        ) as is_organisation,
        regexp_matches(cell, '(?i)^(https?://|www\.)\S+$') as is_link,
        regexp_matches(cell, '^\S+@\S+\.\S+$') as is_mail,
        regexp_matches(cell, '^\+[\d ().\-/]{8,}$') as is_phone
    from dated
)

select
    column_no,
    sum(row_count)::bigint as filled,
    count(*) as kinds,
    max(row_count) as most,
    sum(row_count * length(cell)) / sum(row_count) as letters,
    sum(if(is_day, row_count, 0)) / sum(row_count) as days,
    sum(if(is_day and has_clock, row_count, 0)) / sum(row_count) as clocks,
    coalesce(sum(row_count) filter (proves = 'day_first'), 0)::bigint as day_first,
    coalesce(sum(row_count) filter (proves = 'month_first'), 0)::bigint as month_first,
    coalesce(sum(row_count) filter (proves = 'either'), 0)::bigint as ambiguous,
    median(day) filter (is_day) as middle_day,
    sum(if(number is not null, row_count, 0)) / sum(row_count) as numbers,
    max(number) as greatest,
    sum(if(number = floor(number), row_count, 0)) / sum(row_count) as wholes,
    sum(if(number between 0 and 100, row_count, 0)) / sum(row_count) as percents,
    sum(if(contains(cell, '%'), row_count, 0)) / sum(row_count) as percent_signs,
    sum(if(is_link, row_count, 0)) / sum(row_count) as links,
    sum(if(is_mail, row_count, 0)) / sum(row_count) as mails,
    sum(if(is_phone, row_count, 0)) / sum(row_count) as phones,
    sum(if(is_name, row_count, 0)) / sum(row_count) as names,
    sum(if(is_organisation, row_count, 0)) / sum(row_count) as organisations,
    sum(if(contains(cell, ' '), row_count, 0)) / sum(row_count) as blanks
from read
group by column_no
order by column_no;

-- query: taken
-- Which of these cells mark a choice as taken?
-- Grain: one row a cell that does.
-- Parameters: cells.
select given.cell
from (select unnest($cells::varchar[]) as cell) as given
where is_chosen(given.cell);
