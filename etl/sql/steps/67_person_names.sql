-- Which words replace the names of persons in public? Their group and the only country they name, with a number where
-- several share both, in the order in which they first came. The names go to the private store.
-- Grain: one row a person. Parameters: individual (by language), languages, default_language.
-- The keys of submissions come first, once for all uses.
-- Nothing without: person_keys.
create table named_makers as
select * from nameless_makers where exists (select 1 from person_keys);

-- Nothing without: person_keys.
create table persons as
with members as (
    select key, root from stakeholder_roots
    union
    select key, key from person_keys
),

makers as (
    select
        p.key,
        min(n.first_at) as first_at,
        min(n.first_row) as first_row,
        arg_min(n.stakeholder_id, (n.key <> p.key, n.first_row)) as stakeholder_id
    from person_keys as p
    inner join members as m on p.key = m.root
    inner join named_makers as n on m.key = n.key
    group by p.key
),

homes as (
    select k.stakeholder_key as key, min(c.code) as iso3
    from action_places as c
    inner join action_keys as k on c.action_no = k.row_no
    semi join person_keys as p on k.stakeholder_key = p.key
    where c.codelist = 'countries'
    group by k.stakeholder_key
    having min(c.code) = max(c.code)
),

numbered as (
    select
        m.*,
        h.iso3,
        row_number() over (partition by h.iso3 order by m.first_at nulls last, m.first_row) as nth
    from makers as m
    left join homes as h on m.key = h.key
)

select
    n.key,
    n.stakeholder_id,
    l.language,
    concat(
        $individual[l.language],
        ', ' || coalesce(c.labels[l.language], c.labels['en'], map_values(c.labels)[1]),
        case when n.nth > 1 then concat(' (', n.nth, ')') end
    ) as name
from numbered as n
cross join unnest(map_keys($individual)) as l (language)
left join codelist_codes as c on c.codelist = 'countries' and n.iso3 = c.code;

-- Nothing without: persons.
insert into private.people
select
    p.stakeholder_id,
    coalesce(n.stakeholder_id, p.stakeholder_id),
    d.name,
    w.spelling
from persons as p
inner join stakeholder_display as d on p.key = d.key
inner join hidden_names as h on p.key = h.key
inner join written_keys as w on h.spelling = w.spelling
left join named_makers as n on w.key = n.key
where p.language = $default_language;

-- Nothing without: persons.
update stakeholder_display as d
set
    stakeholder_id = p.stakeholder_id,
    name = p.name,
    spellings = [p.name],
    folded = p.folded
from (
    select
        key,
        any_value(stakeholder_id) as stakeholder_id,
        any_value(name) filter (where language = $default_language) as name,
        string_agg(fold_text(name), ' ' order by name) as folded
    from persons
    group by key
) as p
where d.key = p.key;

-- Nothing without: persons.
insert into snapshot.person_names
select
    any_value(name) filter (where language = $default_language),
    map_from_entries(list((language, name) order by language))
from persons
group by key
order by 1;

-- The public words for every hidden name: of the person, else of any.
-- Nothing without: hidden_names.
create table shown_names as
select
    h.spelling,
    coalesce(d.name, $individual[$default_language]) as name
from hidden_names as h
left join stakeholder_display as d on h.key = d.key;

-- Nothing without: shown_names.
insert into snapshot.person_names
select distinct s.name, $individual
from shown_names as s
anti join snapshot.person_names as p on s.name = p.name;

-- Reports without an id of their own, whose key would be made of the name.
-- Nothing without: hidden_names.
create table shown_report_keys as
select n.row_no, n.report_key
from nameless_report_keys as n
inner join staged_progress_reports as r on n.row_no = r.row_no
semi join hidden_names as h on r.stakeholder = h.spelling;

-- A person's own name in the texts of its actions and reports, as written beside them; only the few texts that hold it
-- get the pattern, since each pattern would be made anew for each text.
-- Nothing without: hidden_names.
create table own_names as
with names as (
    select key, spelling
    from hidden_names
    where key is not null and length(spelling) > 3
),

patterns as (
    select
        key,
        '(' || string_agg(regexp_escape(spelling), '|' order by length(spelling) desc, spelling) || ')' as pattern
    from names
    group by key
),

holding as (
    select distinct 'actions' as kind, s.row_no, n.key
    from staged_actions as s
    inner join action_keys as k on s.row_no = k.row_no
    inner join names as n on k.stakeholder_key = n.key
    where contains(
        lower(
            concat_ws(
                ' ', s.title, s.description, s.impact, s.communication, s.partners, s.narrative, s.evidence
            )
        ),
        lower(n.spelling)
    )
    union all
    select distinct 'progress_reports', r.row_no, n.key
    from staged_progress_reports as r
    inner join hidden_names as h on r.stakeholder = h.spelling
    inner join names as n on h.key = n.key
    where contains(lower(concat_ws(' ', r.title, r.narrative, r.evidence)), lower(n.spelling))
)

select h.kind, h.row_no, p.pattern
from holding as h
inner join patterns as p on h.key = p.key;
