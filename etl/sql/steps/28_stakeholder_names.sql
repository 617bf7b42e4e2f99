-- Which spellings of stakeholders were written, and which of them are the same name?
-- An institution's name (a ministry, a government …) gives up the country at its beginning or end, as `home`. `$asked`
-- are the names in decisions.csv: read by the same rules.
-- Grain: one row a spelling.
create or replace table written_names as
with written as (
    select stakeholder as spelling, count(*) as action_rows from staged_actions group by all
    union all
    select distinct stakeholder, 0 from staged_classification
    union all
    select distinct stakeholder, 0 from staged_progress_reports
    union all
    select distinct stakeholder, 0 from staged_milestones
    union all
    select distinct stakeholder, 0 from staged_results
    union all
    select distinct stakeholder, 0 from staged_events
    union all
    select distinct stakeholder, 0 from staged_stories
),

named as (
    select spelling, sum(action_rows) as action_rows, true as is_written
    from written
    where spelling is not null
    group by spelling
    union all
    select unnest(list_distinct($asked::varchar[])), 0, false
)

select
    spelling,
    sum(action_rows)::bigint as action_rows,
    bool_or(is_written) as is_written
from named
group by spelling;

-- Few names are compared by other words than are written. The search for acronyms is planned where something stands in
-- brackets: it takes longer than all the rest.
-- Grain: one row such a name.
-- Nothing without: written_names where contains(spelling, '(') or contains(spelling, '[').
create or replace table reworded_names as
select spelling, words_of_name(spelling) as words, fold(spelling) as folded
from written_names
where contains(spelling, '(') or contains(spelling, '[');

-- Nothing without: written_names where regexp_matches(spelling, '&|-[2-9]$').
insert into reworded_names
select spelling, words_of_plain_name(spelling), fold(spelling)
from written_names
where regexp_matches(spelling, '&|-[2-9]$') and not contains(spelling, '(') and not contains(spelling, '[');

create or replace table stakeholder_names as
with worded as (
    select w.*, coalesce(b.words, w.spelling) as words, b.folded
    from written_names as w
    left join reworded_names as b on w.spelling = b.spelling
),

folded as (
    select *, fold_text(words) as folded_words from worded
),

keyed as (
    select
        spelling,
        action_rows,
        is_written,
        key_of_words(folded_words) as base_key,
        coalesce(folded, folded_words) as folded
    from folded
)

select
    spelling,
    action_rows,
    is_written,
    base_key,
    folded,
    null::varchar as home,
    is_institution(base_key) as is_institution
from keyed;

-- The country at the beginning or end of an institution's name, the longest known one, and the rest of the name.
-- Nothing without: stakeholder_names where is_institution.
create or replace table institution_homes as
with institutions as (
    select spelling, string_split(base_key, ' ') as words from stakeholder_names where is_institution
),

cut as (
    select i.spelling, 'end' as place, n.n, array_to_string(i.words[-n.n:], ' ') as country, i.words[:-n.n - 1] as rest
    from institutions as i
    cross join range(1, 9) as n (n)
    where n.n < len(i.words)
    union all
    select i.spelling, 'start', n.n, array_to_string(i.words[:n.n], ' '), i.words[n.n + 1:]
    from institutions as i
    cross join range(1, 9) as n (n)
    where n.n < len(i.words)
),

known as (
    select
        c.spelling,
        regexp_replace(
            array_to_string(c.rest, ' '), '( (of|the|de|du|des|d|del|la|le|l|los|el))+$', ''
        ) as base_key,
        s.code as home,
        c.n,
        c.place
    from cut as c
    inner join spellings as s on s.list = 'places' and s.codelist = 'countries' and c.country = s.folded
    where length(c.country) > 3
)

select
    spelling,
    arg_max(base_key, (n, place)) as base_key,
    arg_max(home, (n, place)) as home
from known
where base_key <> ''
group by spelling;

-- Nothing without: institution_homes.
update stakeholder_names
set base_key = h.base_key, home = h.home
from institution_homes as h
where stakeholder_names.spelling = h.spelling;
