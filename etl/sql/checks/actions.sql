-- What of actions contradicts itself, or seems not to be what the register says?

-- query: action_without_stakeholder
-- severity: warning
-- Which actions name no stakeholder?
-- Grain: one row an action.
select a.action_no, 'stakeholder' as field, null::varchar as value, null::varchar as expected
from snapshot.actions as a
where a.stakeholder is null;

-- query: action_without_title
-- severity: note
-- Which actions have an id but no title?
-- Grain: one row an action.
select a.action_no, 'title' as field, null::varchar as value, null::varchar as expected
from snapshot.actions as a
where a.title is null;

-- query: country_outside_region
-- severity: warning
-- Which actions name a country that does not lie in a region they state?
-- Grain: one row an action and country.
-- Nothing without: stated_parts.
with stated as (
    select action_no, list_sort(list(distinct region)) as regions
    from stated_parts
    where region is not null
    group by action_no
)

select
    a.action_id,
    coalesce(f.source_file, a.source_file) as source_file,
    if(f.source_file is null, a.source_sheet, f.sheet) as sheet,
    coalesce(d.source_row, a.source_row) as source_row,
    'countries' as field,
    c.iso3 || ' (' || c.region || ')' as value,
    array_to_string(s.regions, ', ') as expected
from stated as s
inner join snapshot.action_countries as c on s.action_no = c.action_no and not list_contains(s.regions, c.region)
inner join snapshot.actions as a on s.action_no = a.action_no
left join classified as k on s.action_no = k.action_no
left join staged_classification as d on k.places_row = d.row_no
left join sheets as f on d.sheet_no = f.sheet_no;

-- query: due_after_campaign
-- severity: note
-- Which actions are due after the campaign's end?
-- Grain: one row an action.
select a.action_no, 'due_on' as field, a.due_on::varchar as value, '≤ ' || c.ends_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.due_on > c.ends_on;

-- query: due_before_submitted
-- severity: warning
-- Which actions are due before they were submitted?
-- Grain: one row an action.
select a.action_no, 'due_on' as field, a.due_on::varchar as value, '≥ ' || a.submitted_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.due_on < a.submitted_on and a.due_on <> c.action_deadline_on;

-- query: group_differs
-- severity: note
-- Which actions of one stakeholder are in different stakeholder groups? Expected is the group of most of them.
-- Grain: one row an action in a group that most actions of its stakeholder are not in.
-- Nothing without: snapshot.actions where stakeholder_group is not null.
with counted as (
    select stakeholder_id, stakeholder_group, count(*) as actions
    from snapshot.actions
    where stakeholder_id is not null and stakeholder_group is not null
    group by stakeholder_id, stakeholder_group
),

usual as (
    select stakeholder_id, arg_max(stakeholder_group, (actions, stakeholder_group)) as stakeholder_group
    from counted
    group by stakeholder_id
    having count(*) > 1
)

select a.action_no, 'stakeholder_group' as field, a.stakeholder_group as value, u.stakeholder_group as expected
from snapshot.actions as a
inner join usual as u on a.stakeholder_id = u.stakeholder_id and a.stakeholder_group <> u.stakeholder_group;

-- query: numbers_disagree
-- severity: warning
-- Which actions promise another number of the same things in their title than in their description or impact?
-- Grain: one row an action and thing counted.
-- Grouped thousands (1,500 or 1 500) are one number; years and numbers without a word behind them are left out.
-- Nothing without: snapshot.actions where regexp_matches(title, '[0-9][0-9., ]*\s?\p{L}{4}')
--     and (description is not null or impact is not null).
with titles as (
    select action_no, title, concat_ws(' | ', description, impact) as texts
    from snapshot.actions
    where regexp_matches(title, '[0-9][0-9., ]*\s?\p{L}{4}') and (description is not null or impact is not null)
),

told as (
    select action_no, title as words, true as in_title from titles
    union all
    select action_no, texts, false from titles
),

counts as (
    select action_no, in_title, unnest(regexp_extract_all(words, '[0-9][0-9., ]*[0-9]?\s?\p{L}{4,}')) as written
    from told
),

counted as (
    select
        action_no,
        in_title,
        left(fold(regexp_extract(written, '\p{L}+')), 6) as thing,
        try_cast(regexp_replace(regexp_extract(written, '^[0-9., ]+'), '[^0-9]', '', 'g') as bigint) as number
    from counts
),

grouped as (
    select
        action_no,
        thing,
        list_sort(list(distinct number) filter (where in_title)) as title_numbers,
        list_sort(list(distinct number) filter (where not in_title)) as text_numbers
    from counted
    where number is not null and number not between 1900 and 2100
    group by action_no, thing
)

select
    a.action_no, 'title' as field, array_to_string(g.title_numbers, ', ') || ' ' || g.thing || '…' as value,
    array_to_string(g.text_numbers, ', ') || ' ' || g.thing || '…' as expected
from grouped as g
inner join snapshot.actions as a on g.action_no = a.action_no
where len(g.title_numbers) > 0 and len(g.text_numbers) > 0 and not list_has_any(g.title_numbers, g.text_numbers);

-- query: submitted_after_deadline
-- severity: note
-- Which actions were submitted after the submission deadline, before the campaign's end?
-- Grain: one row an action.
select
    a.action_no, 'submitted_at' as field, a.submitted_on::varchar as value,
    '≤ ' || c.submission_deadline_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.submitted_on > c.submission_deadline_on and a.submitted_on <= c.ends_on;

-- query: submitted_outside_campaign
-- severity: warning
-- Which actions were submitted more than a year before the campaign, or after its end?
-- Grain: one row an action.
select
    a.action_no, 'submitted_at' as field, a.submitted_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || c.ends_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.submitted_on not between (c.starts_on - interval 1 year)::date and c.ends_on;

-- query: text_over_limit
-- severity: note
-- Which texts are longer than the form allows (campaign.toml, [limits])?
-- Grain: one row an action and text.
with texts as (
    select action_no, 'title' as field, title as written from snapshot.actions
    union all
    select action_no, 'description', description from snapshot.actions
    union all
    select action_no, 'impact', impact from snapshot.actions
    union all
    select action_no, 'communication', communication from snapshot.actions
),

-- Counting words takes long: only texts with so many blanks, line breaks and tabs that they may be too long are counted
-- (a case, so that the rest is not).
counted as (
    select
        t.action_no,
        t.field,
        l.words,
        case
            when strlen(t.written) > 2 * l.words then case
                when
                    strlen(t.written) - strlen(replace(t.written, ' ', ''))
                    + if(contains(t.written, chr(10)), strlen(t.written) - strlen(replace(t.written, chr(10), '')), 0)
                    + if(contains(t.written, chr(9)), strlen(t.written) - strlen(replace(t.written, chr(9), '')), 0)
                    >= l.words
                    then len(string_split(trim(regexp_replace(t.written, '\s+', ' ', 'g')), ' '))
            end
        end as found
    from texts as t
    inner join text_limits as l on t.field = l.field and l.words > 0
)

select a.action_no, c.field, c.found::varchar as value, '≤ ' || c.words as expected
from counted as c
inner join snapshot.actions as a on c.action_no = a.action_no
where c.found > c.words;
