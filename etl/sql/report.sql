-- The reports on a snapshot for commands and pages of staff.

-- query: account
-- How many rows of each file were accepted, merged or rejected?
-- Grain: one row a file.
select source_file, recipe, rows_read, rows_accepted, rows_merged, rows_rejected
from snapshot.input_files
order by source_file;

-- query: action_classes
-- What are the names of these actions in the published snapshot, and their classes? Regions that follow from countries
-- are not stated: they are left out.
-- Grain: one row an action.
with asked as (
    select * from snapshot.actions where list_contains($action_ids::varchar[], action_id)
),

parts as (
    select action_no, subregion as code from snapshot.action_subregions
    union all
    select r.action_no, r.region
    from snapshot.action_regions as r
    anti join snapshot.action_subregions as s on r.action_no = s.action_no
),

themed as (select action_no, list(theme) as themes from snapshot.action_themes group by action_no),

placed as (select action_no, list(iso3) as countries from snapshot.action_countries group by action_no),

parted as (select action_no, list(code) as regions from parts group by action_no)

select
    a.action_id,
    a.stakeholder,
    a.title,
    [a.stakeholder_group] as stakeholder_group,
    [a.category] as category,
    t.themes,
    p.countries,
    case when a.scope <> 'countries' then r.regions end as regions
from asked as a
left join themed as t on a.action_no = t.action_no
left join placed as p on a.action_no = p.action_no
left join parted as r on a.action_no = r.action_no;

-- query: alike_sheets
-- Which two sheets of one workbook hold the same actions, so that publishing waits until staff choose one?
-- Grain: one row a pair of sheets.
select
    source_file, sheet, actions, other_sheet, other_actions, same,
    coalesce(effects, []) as effects, coalesce(other_effects, []) as other_effects
from snapshot.alike_sheets
order by source_file, sheet, other_sheet;

-- query: asked_columns
-- Which open columns look like a field, so that publishing waits until staff state their use? And which other column of
-- the sheet is read as that field? may_be_round: whether it may be a stage of a status.
-- Grain: one row a column, those that would be understood best first.
select
    c.source_file,
    c.sheet,
    c.header,
    c.looks_like,
    c.understood,
    c.column_no,
    bool_or(c.looks_like = 'status' and s.kind = 'actions') as may_be_round,
    min_by(o.header, o.column_no) as read_as
from snapshot.input_columns as c
inner join snapshot.input_sheets as s on c.source_file = s.source_file and c.sheet is not distinct from s.sheet
left join snapshot.input_columns as o
    on c.source_file = o.source_file and c.sheet is not distinct from o.sheet
    and c.column_no <> o.column_no and o.use = 'field' and c.looks_like = o.target
where c.is_asked
group by c.source_file, c.sheet, c.header, c.looks_like, c.understood, c.column_no
order by c.understood desc nulls last, c.source_file, c.sheet, c.column_no;

-- query: campaign
-- Which build is a snapshot of, which days does it cover, and what is the hash of its content?
-- Grain: one row.
-- Parameters: none.
select
    build_id,
    is_sample,
    first_date::varchar,
    last_date::varchar,
    content_id
from snapshot.campaign;

-- query: columns
-- What are the columns of each file used for?
-- Grain: one row a file; columns = fields + questions + staff + personal + set_aside + open.
select
    source_file,
    count(*) as columns,
    count(*) filter (use = 'field') as fields,
    count(*) filter (use = 'question') as questions,
    count(*) filter (use = 'staff') as staff,
    count(*) filter (use = 'personal') as personal,
    count(*) filter (use = 'set_aside') as set_aside,
    count(*) filter (use = 'open') as open
from snapshot.input_columns
group by source_file
order by source_file;

-- query: columns_to_answer
-- Which open columns with a header look like a field, so that publishing waits until staff state their use? And which
-- other column of the sheet is read as that field? may_be_round: whether it may be a stage of a status.
-- Grain: one row a recipe and header, those that would be understood best first.
select
    min(c.source_file) as source_file,
    min(c.sheet) as sheet,
    c.header,
    any_value(c.looks_like) as looks_like,
    max(c.understood) as understood,
    c.recipe,
    bool_or(c.looks_like = 'status' and s.kind = 'actions') as may_be_round,
    min_by(o.header, o.column_no) as read_as
from snapshot.input_columns as c
inner join snapshot.input_sheets as s on c.source_file = s.source_file and c.sheet is not distinct from s.sheet
left join snapshot.input_columns as o
    on c.source_file = o.source_file and c.sheet is not distinct from o.sheet
    and c.column_no <> o.column_no and o.use = 'field' and c.looks_like = o.target
where c.is_asked and c.header is not null
group by c.recipe, c.header
order by understood desc nulls last, source_file, sheet, c.header;

-- query: figures
-- Which headline figures does the snapshot show on its last day (as `headline.sql` counts them)? Its other figures come
-- after those that a history keeps.
-- Grain: one row.
with in_force as (
    select s.action_no, s.status
    from snapshot.report_spells as s
    cross join snapshot.campaign as c
    where s.valid_from <= c.last_date and c.last_date < s.valid_to
)

select
    (select count(*) from snapshot.actions) as actions,
    (select count(*) from in_force) as reported,
    (select count(*) from in_force where status = 'completed') as completed,
    (select count(*) from snapshot.progress_reports) as reports,
    (select count(*) from snapshot.progress_reports where action_no is null) as reports_without_action,
    (select count(*) from snapshot.rejected_rows) as rejected,
    (select count(*) from snapshot.actions where category is null) as without_category,
    (select count(*) from snapshot.actions where scope is null) as without_place,
    (select last_date::varchar from snapshot.campaign) as last_date;

-- query: files
-- How many rows of each file were accepted, merged or rejected?
-- Grain: one row a file.
select source_file, sha256, recipe, rows_read, rows_accepted, rows_merged, rows_rejected
from snapshot.input_files
order by source_file;

-- query: open_columns
-- Which columns have no use yet or are read as a field that they do not hold, and which may they be?
-- Grain: one row a column, those first that publishing waits for, then questions.
select source_file, sheet, header, looks_like, understood, proposed, filled
from snapshot.input_columns
where use = 'open' or is_asked
order by looks_like is null, understood desc nulls last, proposed is null, source_file, sheet, column_no;

-- query: public_files
-- Which copies of handed-in files does a build show?
-- Grain: one row a copy.
select distinct file from snapshot.annotations where file is not null;

-- query: readings
-- How were columns read whose cells could be read in several ways, where that was not plain?
-- Grain: one row a decision.
select source_file, sheet, field, reading, decided_by, cells, evidence, ambiguous
from snapshot.column_readings
where
    (
        reading in ('day_first', 'month_first', 'of_one', 'of_hundred')
        and (ambiguous > 0 or decided_by <> 'values' or reading = 'of_one')
    )
    or (reading in ('decimal_comma', 'decimal_point') and (ambiguous > 0 or decided_by <> 'values'))
    or (starts_with(reading, 'separated_by ') and decided_by = 'values')
    or starts_with(reading, 'part_of_values ')
order by source_file, sheet, field, reading;

-- query: reasons
-- Why were rows rejected or merged? The ten most frequent reasons.
-- Grain: one row a reason.
select reason, count(*) as row_count, min(source_file) as first_file, arg_min(source_row, source_file) as first_row
from (
    select reason, source_file, source_row from snapshot.rejected_rows
    union all
    select why, source_file, source_row from snapshot.merged_rows
) as fates
group by reason
order by row_count desc, reason
limit 10;

-- query: sheet_remarks
-- Which sheets are not read, and which parts of the others are hidden or merged?
-- Grain: one row a remark.
select source_file, sheet, remark, field, sum(number) as number
from snapshot.sheet_remarks
group by all
order by source_file, sheet, remark, field;

-- query: sheets
-- How did the build read the sheets of a file?
-- Grain: one row a sheet.
select sheet, recipe, headers, personal_columns from snapshot.input_sheets where source_file = $file;

-- query: suggested_answers
-- Which suggestions are there for some fields of the published actions, the likeliest first?
-- Grain: one row an action and field.
select
    s.action_id,
    s.field,
    list(s.code order by s.score desc, s.code) as codes
from snapshot.suggested_classes as s
where list_contains($fields::varchar[], s.field)
group by s.action_id, s.field
order by s.action_id, s.field;

-- query: unclassified
-- Which actions lack a group, a category, themes or a place, and what do their words suggest?
-- Grain: one row an action.
with labels as (
    select
        codelist,
        code,
        coalesce(labels[$language], labels['en'], map_values(labels)[1]) as label
    from snapshot.codes
),

suggested as (
    select
        s.action_no,
        string_agg(l.label, '; ') filter (where s.field = 'stakeholder_group') as stakeholder_group,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field = 'category') as category,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field = 'themes') as themes,
        string_agg(l.label, '; ' order by s.score desc, s.code) filter (where s.field in ('countries', 'regions'))
            as places,
        string_agg(array_to_string(s.words, ', '), '; ' order by s.field, s.score desc, s.code) as words
    from snapshot.suggested_classes as s
    left join labels as l
        on s.code = l.code
        and list_contains(
            case s.field
                when 'stakeholder_group' then ['stakeholder_groups']
                when 'category' then ['categories']
                when 'regions' then ['regions', 'subregions']
                else [s.field]
            end,
            l.codelist
        )
    group by s.action_no
),

themed as (select distinct action_no from snapshot.action_themes)

select
    a.action_id,
    a.stakeholder,
    a.title,
    a.description,
    a.stakeholder_group is null as lacks_group,
    a.category is null as lacks_category,
    t.action_no is null as lacks_themes,
    a.scope is null as lacks_places,
    s.stakeholder_group,
    s.category,
    s.themes,
    s.places,
    s.words
from snapshot.actions as a
left join themed as t on a.action_no = t.action_no
left join suggested as s on a.action_no = s.action_no
where a.stakeholder_group is null or a.category is null or t.action_no is null or a.scope is null
order by a.stakeholder nulls last, a.title nulls last, a.action_id;

-- query: unmatched
-- Which values matched no code, the most frequent first?
-- Grain: one row a file, field and value.
-- Parameters: most.
select u.source_file, u.field, u.value, u.rows, u.nearest_code, count(*) over () as values_in_all
from snapshot.unmatched_values as u
order by u.rows desc, source_file, field, value
limit $most;
