-- Which values matched no code (or were no date or percentage), in which file, in how many rows?
-- The nearest code is offered where a spelling is close enough (Jaro-Winkler 0.88 and more).
-- Grain: one row a file, field and value.
create view row_cells as
select sheet_no, recipe_no, 'stakeholder_group' as field, stakeholder_group as cell from staged_actions
union all
select sheet_no, recipe_no, 'category', category from staged_actions
union all
select sheet_no, recipe_no, 'themes', themes from staged_actions
union all
select sheet_no, recipe_no, 'countries', countries from staged_actions
union all
select sheet_no, recipe_no, 'regions', regions from staged_actions
union all
select sheet_no, recipe_no, 'language', language from staged_actions
union all
select sheet_no, recipe_no, 'status', status from staged_actions
union all
select sheet_no, recipe_no, 'stakeholder_group', stakeholder_group from staged_classification
union all
select sheet_no, recipe_no, 'category', category from staged_classification
union all
select sheet_no, recipe_no, 'themes', themes from staged_classification
union all
select sheet_no, recipe_no, 'countries', countries from staged_classification
union all
select sheet_no, recipe_no, 'regions', regions from staged_classification
union all
select sheet_no, recipe_no, 'language', language from staged_classification
union all
select sheet_no, recipe_no, 'status', status from staged_progress_reports
union all
select sheet_no, recipe_no, 'language', language from staged_progress_reports
union all
select sheet_no, recipe_no, 'language', language from staged_events
union all
select sheet_no, recipe_no, 'language', language from staged_stories;

create view unread_values as
select sheet_no, 'submitted_at' as field, submitted_at_unread as value from staged_actions
union all
select sheet_no, 'due_on', due_on_unread from staged_actions
union all
select sheet_no, 'reported_on', reported_on_unread from staged_actions
union all
select sheet_no, 'completed_on', completed_on_unread from staged_actions
union all
select sheet_no, 'due_on', due_on_unread from staged_classification
union all
select sheet_no, 'submitted_at', submitted_at_unread from staged_progress_reports
union all
select sheet_no, 'reported_on', reported_on_unread from staged_progress_reports
union all
select sheet_no, 'completed_on', completed_on_unread from staged_progress_reports
union all
select sheet_no, 'due_on', due_on_unread from staged_milestones
union all
select sheet_no, 'reached_on', reached_on_unread from staged_milestones
union all
select sheet_no, 'on_date', on_date_unread from staged_events
union all
select sheet_no, 'on_date', on_date_unread from staged_stories
union all
select sheet_no, 'percent', percent_written
from report_rows
where percent_written is not null and coalesce(percent not between 0 and 100, true);

insert into snapshot.unmatched_values
with missed as (
    select recipe_no, field, cell, piece from resolved where code is null and field <> 'stakeholder'
),

counted as (
    select f.source_file, m.field, m.piece as value, count(*) as row_count
    from missed as m
    inner join row_cells as c on m.recipe_no = c.recipe_no and m.field = c.field and m.cell = c.cell
    inner join sheets as f on c.sheet_no = f.sheet_no
    group by all
    union all
    select f.source_file, u.field, u.value, count(*)
    from unread_values as u
    inner join sheets as f on u.sheet_no = f.sheet_no
    where u.value is not null
    group by all
),

asked as (
    select field, value, fold(value) as folded, sum(row_count) as row_count
    from counted
    group by all
    order by row_count desc, field, value
    limit 2000
),

near as (
    select
        a.field,
        a.value,
        arg_max(s.code, (jaro_winkler_similarity(a.folded, s.folded), s.code)) as nearest_code
    from asked as a
    inner join cell_lists as l on a.field = l.field
    inner join spellings as s on l.list = s.list
    where jaro_winkler_similarity(a.folded, s.folded) >= 0.88 and s.code <> 'unclassified'
    group by all
)

select c.source_file, c.field, c.value, sum(c.row_count), any_value(n.nearest_code)
from counted as c
left join near as n on c.field = n.field and c.value = n.value
group by all
order by c.source_file, c.field, sum(c.row_count) desc, c.value;
