-- Which key identifies the stakeholder of each submission, before any decision that two are the same?
-- The name's key; an institution's also has the country, where it is known: the one in its name, else the only country
-- of the submission. A submission without any, or with several, belongs to the institution of the one country that has
-- this name and fits; where none or several do, nothing is guessed: it stays a maker of its own.
-- Grain: one row a submission of an institution; then one row a key and spelling.
-- Nothing without: stakeholder_names where is_institution.
create or replace table institution_rows as
with named as (
    select
        s.row_no,
        n.base_key,
        n.home,
        coalesce(list(distinct r.code) filter (where r.code is not null), []) as countries
    from staged_actions as s
    inner join stakeholder_names as n on s.stakeholder = n.spelling
    left join resolved as r
        on r.field = 'countries' and s.sheet_no = r.sheet_no and s.countries = r.cell and r.codelist = 'countries'
    where n.is_institution
    group by s.row_no, n.base_key, n.home
),

placed as (
    select *, coalesce(home, case when len(countries) = 1 then countries[1] end) as country from named
),

homes as (
    select base_key, list(distinct country) as homes from placed where country is not null group by base_key
)

select
    p.row_no,
    p.base_key,
    p.base_key || coalesce(
        '@' || coalesce(
            p.country,
            case
                when countries = [] and len(h.homes) = 1 then h.homes[1]
                when len(list_intersect(p.countries, h.homes)) = 1 then list_intersect(p.countries, h.homes)[1]
            end
        ),
        ''
    ) as key
from placed as p
left join homes as h on p.base_key = h.base_key;

-- A name that no submission bears, only a report or a classification.
create or replace view keys_elsewhere as
with alone as (
    select base_key, min(key) as key from institution_rows group by base_key having count(distinct key) = 1
)

select coalesce(n.base_key || '@' || n.home, a.key, n.base_key) as key, n.spelling, n.base_key
from stakeholder_names as n
left join alone as a on n.is_institution and n.base_key = a.base_key
where n.action_rows = 0;

create or replace table written_keys as
select coalesce(i.key, n.base_key) as key, n.spelling, n.base_key, count(*) as action_rows
from staged_actions as s
inner join stakeholder_names as n on s.stakeholder = n.spelling
left join institution_rows as i on n.is_institution and s.row_no = i.row_no
group by all
union all
select e.key, e.spelling, e.base_key, 0
from keys_elsewhere as e
inner join stakeholder_names as n on e.spelling = n.spelling
where n.is_written;

-- The public key of a stakeholder that is not named, and the time of its first submission.
-- Grain: one row a key that a submission bears.
create or replace view nameless_makers as
with firsts as (
    select
        coalesce(i.key, n.base_key) as key,
        arg_min(s.row_no, (coalesce(s.submitted_at, timestamptz '9999-01-01'), s.row_no)) as first_row
    from staged_actions as s
    inner join stakeholder_names as n on s.stakeholder = n.spelling
    left join institution_rows as i on n.is_institution and s.row_no = i.row_no
    group by all
)

select f.key, f.first_row, s.submitted_at as first_at, hidden_id(stakeholder_id(f.key)) as stakeholder_id
from firsts as f
inner join staged_actions as s on f.first_row = s.row_no;
