-- What becomes of the figures that staff know by each answer alone? Counted is what needs no other build.

-- Grain: one row a headline figure of the snapshot on its last day.
create table figures_before as
with in_force as (
    select s.status
    from snapshot.report_spells as s
    inner join snapshot.campaign as c on s.valid_from <= c.last_date and s.valid_to > c.last_date
),

actions as (select count(*) as number from snapshot.actions)

select 'actions' as figure, number
from actions
union all
select 'reported', count(*) from in_force
union all
select 'completed', count(*) from in_force where status = 'completed'
union all
select 'unknown', any_value(a.number) - count(f.status) from actions as a left join in_force as f on true
union all
select 'without_category', count(*) from snapshot.actions where category is null
union all
select 'without_place', count(*) from snapshot.actions where scope is null
union all
select 'without_theme', any_value(a.number) - count(distinct t.action_no)
from actions as a
left join snapshot.action_themes as t on true;

-- The day of a file: its statuses that have none count from it.
-- Nothing without: questions_found where kind = 'day'.
insert into answered_reports
with suggested as (
    select sheet_no, unnest(list_transform(candidates, lambda one: one['value'])) as answer
    from questions_found
    where kind = 'day'
)

select
    'day',
    d.sheet_no,
    d.answer,
    k.report_no,
    k.action_no,
    d.answer::date,
    true,
    k.submitted_at,
    k.status_code
from suggested as d
inner join kept_reports as k on d.sheet_no = k.sheet_no
where k.is_day_of_file;

-- One of two statuses: the others are not in force.
-- Nothing without: contested_statuses.
insert into answered_reports
with answers as (
    select *, 'upper' as answer, place = 1 as counts from contested_statuses
    union all
    select *, 'lower', place_from_below = 1 from contested_statuses
)

select
    'two_statuses',
    a.sheet_no,
    a.answer,
    a.row_no + if(a.kind = 'actions', (select coalesce(max(row_no), 0) from staged_progress_reports), 0),
    a.action_no,
    if(a.counts, a.counts_from, null),
    a.is_day_of_file,
    a.submitted_at,
    a.status_code
from answers as a
anti join report_repeats as p on a.kind = p.kind and a.row_no = p.row_no;

-- Of two sheets with the same actions one is left out: what stands on it alone is gone. Not counted where a row of it
-- says by its id, title or stakeholder what no other row of its action says, since others may hang on that.
-- Nothing without: snapshot.alike_sheets.
create table sheet_actions as
with sides as (
    select source_file, sheet from snapshot.alike_sheets
    union
    select source_file, other_sheet from snapshot.alike_sheets
),

left_out as (
    select s.sheet_no
    from sides as a
    inner join sheets as s on a.source_file = s.source_file and a.sheet = s.sheet
    anti join target_sheets as t on s.sheet_no = t.sheet_no
),

named as (
    select g.kept_row, k.sheet_no, k.submission_id, k.title_key, k.stakeholder_key
    from action_groups as g
    inner join action_keys as k on g.row_no = k.row_no
),

beside as (
    select distinct
        l.sheet_no,
        n.kept_row,
        o.kept_row is null as is_gone,
        o.kept_row is null or coalesce(
            n.title_key is not distinct from o.title_key
            and n.stakeholder_key is not distinct from o.stakeholder_key
            and coalesce(n.submission_id = o.submission_id, n.submission_id is null),
            false
        ) as is_doubled,
        n.submission_id,
        n.title_key,
        n.stakeholder_key
    from left_out as l
    inner join named as n on l.sheet_no = n.sheet_no
    left join named as o on n.kept_row = o.kept_row and l.sheet_no <> o.sheet_no
),

doubled as (
    select sheet_no, kept_row, is_gone, bool_or(is_doubled) as is_doubled
    from beside
    group by sheet_no, kept_row, is_gone, submission_id, title_key, stakeholder_key
)

select sheet_no, kept_row::integer as action_no, bool_or(is_gone) as is_gone
from doubled
where sheet_no not in (select d.sheet_no from doubled as d where not d.is_doubled)
group by sheet_no, kept_row;

-- Nothing without: sheet_actions.
insert into figure_changes
with gone as (select sheet_no, -count(*) filter (is_gone) as actions from sheet_actions group by sheet_no)

select 'sheet', sheet_no, null, 'nothing', unnest(['actions', 'unknown']), actions
from gone;

-- Every report of its actions, also those that are repeated on the sheet.
-- Nothing without: sheet_actions; report_rows.
insert into answered_reports
select
    'sheet',
    a.sheet_no,
    'nothing',
    r.row_no + if(r.kind = 'actions', (select coalesce(max(row_no), 0) from staged_progress_reports), 0),
    r.action_no,
    if(a.is_gone or r.sheet_no = a.sheet_no, null, r.counts_from),
    r.is_day_of_file,
    r.submitted_at,
    r.status_code
from sheet_actions as a
inner join report_rows as r on a.action_no = r.action_no;

-- Of the reports of an action the last one is in force: ordered as in `80_write_reports`, days far beyond the campaign
-- aside.
-- Nothing without: answered_reports.
insert into figure_changes
with asked as (select distinct kind, sheet_no, answer, action_no from answered_reports where action_no is not null),

reports as (
    select kind, sheet_no, answer, report_no, action_no, counts_from, is_day_of_file, submitted_at, status_code
    from answered_reports
    union all
    select
        a.kind,
        a.sheet_no,
        a.answer,
        k.report_no,
        k.action_no,
        k.counts_from,
        k.is_day_of_file,
        k.submitted_at,
        k.status_code
    from asked as a
    inner join kept_reports as k on a.action_no = k.action_no
    anti join answered_reports as r
        on a.kind = r.kind and a.sheet_no = r.sheet_no and a.answer = r.answer and k.report_no = r.report_no
),

last_ones as (
    select
        r.kind,
        r.sheet_no,
        r.answer,
        r.action_no,
        arg_max(
            coalesce(o.base_status, ''),
            (r.counts_from, not r.is_day_of_file, coalesce(r.submitted_at, timestamptz '0001-01-01'), r.report_no)
        ) as status
    from reports as r
    cross join snapshot.campaign as c
    left join codelist_codes as o on o.codelist = 'statuses' and r.status_code = o.code
    where r.counts_from <= c.ends_on + 366
    group by r.kind, r.sheet_no, r.answer, r.action_no
),

in_force as (
    select s.action_no, s.status
    from snapshot.report_spells as s
    inner join snapshot.campaign as c on s.valid_from <= c.last_date and s.valid_to > c.last_date
),

changes as (
    select
        a.kind,
        a.sheet_no,
        a.answer,
        count(l.action_no) - count(i.action_no) as reported,
        count(*) filter (l.status = 'completed') - count(*) filter (i.status = 'completed') as completed,
        count(i.status) - count(nullif(l.status, '')) as unknown
    from asked as a
    left join last_ones as l
        on a.kind = l.kind and a.sheet_no = l.sheet_no and a.answer = l.answer and a.action_no = l.action_no
    left join in_force as i on a.action_no = i.action_no
    group by a.kind, a.sheet_no, a.answer
)

select
    kind,
    sheet_no,
    null,
    answer,
    unnest(['reported', 'completed', 'unknown']),
    unnest([reported, completed, unknown])
from changes;

-- Rows that are left out until staff say that they count: each is an action of its own where it does not share two of
-- id, title and stakeholder with another row, and its status counts on its day.
-- Nothing without: questions_found where kind in ('prepared_rows', 'struck_rows', 'test_rows').
insert into figure_changes
with named as (
    select
        s.*,
        fold_text(s.title) as title_key,
        coalesce(g.root, name_key(s.stakeholder)) as maker
    from asked_actions as s
    left join stakeholder_roots as g on name_key(s.stakeholder) = g.key
),

shared as (
    select n.row_no, n.sheet_no
    from named as n
    inner join action_keys as k
        on
            (
                n.submission_id = k.submission_id
                and (n.title_key = k.title_key or n.maker in (k.base_key, k.stakeholder_key))
            )
            or (n.title_key = k.title_key and n.maker in (k.base_key, k.stakeholder_key))
),

asked as (
    select
        r.sheet_no,
        r.what as kind,
        n.row_no is not null
        and count(*) over (partition by r.sheet_no, r.source_row) = 1
        and (n.sheet_no, n.row_no) not in (select (sheet_no, row_no) from shared)
        and (
            n.submission_id is null or n.title is null or count(*) over (partition by n.submission_id, n.title_key) = 1
        )
        and (n.submission_id is null or n.maker is null or count(*) over (partition by n.submission_id, n.maker) = 1)
        and (n.title is null or n.maker is null or count(*) over (partition by n.title_key, n.maker) = 1)
        and (
            r.what = 'prepared_rows'
            or len(list_filter([n.submission_id, n.title, n.stakeholder], lambda x: x is not null)) > 1
        )
        and not coalesce(is_total(n.title_key) or is_bare_note(n.title_key), false)
        and not coalesce(
            r.what = 'struck_rows'
            and (is_test(n.title, n.title_key) or is_test(n.stakeholder, fold_text(n.stakeholder))),
            false
        ) as is_new,
        coalesce(n.status, n.percent, n.completed_on::varchar) is not null as is_report,
        coalesce(n.reported_on, n.submitted_at_day) as on_day,
        coalesce(n.reported_on_unread, n.submitted_at_unread) is null
        and coalesce(
            on_day <= c.last_date, r.sheet_no not in (select sheet_no from staff_days where on_day is not null)
        )
        and (
            n.status is null or (r.sheet_no, n.status) in (select (sheet_no, cell) from resolved where field = 'status')
        )
            as is_known,
        o.base_status
    from asked_rows as r
    cross join snapshot.campaign as c
    left join named as n on r.sheet_no = n.sheet_no and r.source_row = n.source_row
    left join cell_codes as s on s.field = 'status' and n.sheet_no = s.sheet_no and n.status = s.cell
    left join codelist_codes as o on o.codelist = 'statuses' and s.code = o.code
),

counted as (
    select
        kind,
        sheet_no,
        count(*) as actions,
        bool_and(is_known) as is_known,
        count(*) filter (is_report and on_day is not null) as reported,
        count(*) filter (is_report and on_day is not null and base_status = 'completed') as completed,
        count(*) - count(base_status) filter (is_report and on_day is not null) as unknown
    from asked
    anti join target_sheets using (sheet_no)
    group by kind, sheet_no
    having bool_and(is_new)
)

select
    kind,
    sheet_no,
    null,
    'count',
    unnest(['actions', 'reported', 'completed', 'unknown']),
    unnest([actions, if(is_known, reported, null), if(is_known, completed, null), if(is_known, unknown, null)])
from counted
union all
select kind, sheet_no, null, 'none', 'actions', 0 from counted;

-- A sheet that nothing is read from changes nothing.
-- Nothing without: questions_found where kind = 'further_sheet'.
insert into figure_changes
select kind, sheet_no, null, 'nothing', 'actions', 0 from questions_found where kind = 'further_sheet';

-- A classification has no actions of its own.
-- Nothing without: questions_found where kind = 'classes_as_register'.
insert into figure_changes
with own as (
    select g.kept_row, any_value(k.sheet_no) as sheet_no
    from action_groups as g
    inner join action_keys as k on g.row_no = k.row_no
    group by g.kept_row
    having count(distinct k.sheet_no) = 1
)

select q.kind, q.sheet_no, null, 'classes', 'actions', -count(o.kept_row)
from questions_found as q
left join own as o on q.sheet_no = o.sheet_no
where q.kind = 'classes_as_register'
group by q.kind, q.sheet_no;

-- Blank cells of registers that have a value by an answer. is_understood: null where that is not known.
-- Nothing without: questions_found where kind in ('headings', 'merged_cells', 'repeats_blank').
create table answered_cells as
with cells as (
    select q.kind, q.sheet_no, q.field, c.row_no, c.source_row, c.cell
    from questions_found as q
    inner join row_cells as c on c.kind = 'actions' and q.sheet_no = c.sheet_no and q.field = c.field
    where q.kind in ('headings', 'merged_cells', 'repeats_blank')
),

-- The last heading above, whatever it names: what is no value of the field ends the one before.
headings as (
    select
        sheet_no,
        source_row,
        case reason
            when 'it is a heading that names a place' then 'regions'
            when 'it is a heading that names a theme' then 'themes'
            when 'it is a heading that names a category' then 'category'
        end as field
    from rejections
    where starts_with(reason, 'it is a heading')
),

below as (
    select c.*, coalesce(c.field = h.field, false) as is_understood
    from cells as c
    asof inner join headings as h on c.sheet_no = h.sheet_no and c.source_row > h.source_row
    where c.kind = 'headings'
),

-- Of cells that are merged the first has the value; of those that repeat the last filled one above.
above as (
    select
        *,
        last_value(cell ignore nulls) over (
            partition by kind, sheet_no, field order by source_row rows unbounded preceding
        ) as words
    from cells
    where kind = 'repeats_blank'
    union all
    select c.*, f.cell
    from cells as c
    inner join merged_cells as m
        on
            c.sheet_no = m.sheet_no
            and c.field = m.field
            and c.source_row > m.first_row
            and c.source_row <= m.last_row
            and not m.is_filled
    left join
        cells as f
    on c.kind = f.kind and c.sheet_no = f.sheet_no and c.field = f.field and m.first_row = f.source_row
    where c.kind = 'merged_cells'
)

select kind, sheet_no, field, row_no, is_understood from below where cell is null
union all
select a.kind, a.sheet_no, a.field, a.row_no, if(a.words is null, null, c.cell is not null)
from above as a
left join cell_codes as c on a.field = c.field and a.sheet_no = c.sheet_no and a.words = c.cell
where a.cell is null;

-- Of how many actions the category, a theme or a place is known then. Not counted where the recipe leaves rows of the
-- sheet out or its headings name sums, where the field has several columns, and where a country in the maker's name
-- would no longer be seen.
-- Nothing without: answered_cells.
insert into figure_changes
with several as (
    select sheet_no, target as field from column_uses where use = 'field' group by all having count(*) > 1
),

odd as (
    select distinct sheet_no
    from rejections
    where starts_with(reason, 'left out, as the recipe says')
        or reason in ('it is a heading: the rows below have its value', 'its numbers are the sums of those below it')
),

placed as (
    select
        c.*,
        case c.field when 'category' then 'without_category' when 'themes' then 'without_theme' else 'without_place' end
            as figure,
        case figure
            when 'without_category' then a.category is null
            when 'without_theme' then a.action_no not in (select action_no from snapshot.action_themes)
            else a.scope is null
        end as is_without
    from answered_cells as c
    left join kept_actions as k on c.row_no = k.row_no
    left join snapshot.actions as a on k.action_no = a.action_no
    where c.field in ('category', 'themes', 'countries', 'regions')
)

select
    kind,
    sheet_no,
    field,
    case kind when 'headings' then 'below' when 'merged_cells' then 'all' else 'above' end,
    any_value(figure),
    -count(*) filter (is_without and is_understood)
from placed
anti join several using (sheet_no, field)
anti join odd using (sheet_no)
group by kind, sheet_no, field
having
    bool_and(is_understood is not null and (is_understood or figure <> 'without_place' or coalesce(is_without, true)));

-- Nothing without: answered_cells.
insert into figure_changes
select
    kind,
    sheet_no,
    field,
    case kind when 'headings' then 'nothing' when 'merged_cells' then 'first' else 'blank' end,
    figure,
    0
from figure_changes
where kind in ('headings', 'merged_cells', 'repeats_blank');

-- Dates that can be read in two ways are read in the one or the other; all others are read anyway.
-- Nothing without: questions_found where kind = 'date_order'.
insert into effects_found
select
    q.kind,
    q.sheet_no,
    q.field,
    unnest(['dmy', 'mdy']),
    'dates',
    o.cells - if(o.date_order = 'none', o.ambiguous, 0),
    o.cells
from questions_found as q
inner join date_orders as o on q.sheet_no = o.sheet_no and q.field = o.field
where q.kind = 'date_order';

-- Nothing without: questions_found where kind = 'dates_converted'.
insert into effects_found
select q.kind, q.sheet_no, q.field, unnest(['right', 'turned']), 'dates', 0, b.row_count
from questions_found as q
inner join dates_beside as b on q.sheet_no = b.sheet_no and q.field = b.field
where q.kind = 'dates_converted';

-- Numbers that are parts of 1 or of 100, each by its mark as it is read now. A percentage above 100 is none.
-- Nothing without: questions_found where kind = 'percent_of'.
insert into effects_found
with numbers as (
    select
        p.sheet_no,
        percent_of_round(p.round_no) as field,
        k.percent between 0 and 100 as is_read,
        c.is_signed,
        case
            when c.mark = 'either' and p.mark_question is not null and not c.is_cell_number then null
            when p.eithers > 0 and not (p.cell_numbers > 0 and contains(c.percent, '.'))
                then read_number_of(c.percent, p.mark)
            else c.number
        end as number
    from percent_columns as p
    inner join percent_cells as c on p.sheet_no = c.sheet_no and p.round_no is not distinct from c.round_no
    inner join kept_reports as k
        on c.sheet_no = k.sheet_no and c.source_row = k.source_row and c.round_no is not distinct from k.round_no
),

a as (select unnest(['1', '100']) as answer)

select
    'percent_of',
    n.sheet_no,
    n.field,
    a.answer,
    'percentages',
    count(*) filter (n.is_read),
    count(*) filter (n.number * if(a.answer = '1' and not n.is_signed, 100, 1) between 0 and 100)
from numbers as n
inner join questions_found as q on q.kind = 'percent_of' and n.sheet_no = q.sheet_no and n.field = q.field
cross join a
group by n.sheet_no, n.field, a.answer;

-- Nothing without: figure_changes.
insert into effects_found
select c.kind, c.sheet_no, q.field, c.answer, c.figure, b.number, b.number + sum(c.difference)
from figure_changes as c
left join questions_found as q
    on c.kind = q.kind and c.sheet_no = q.sheet_no and coalesce(c.field = q.field, true)
inner join figures_before as b on c.figure = b.figure
where c.difference is not null
group by c.kind, c.sheet_no, q.field, c.answer, c.figure, b.number;
