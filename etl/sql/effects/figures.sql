-- What are the headline figures on the last day, before an answer?
-- Grain: one row a headline figure of the snapshot on its last day.
create or replace table figures_before as
with in_force as (
    select s.status
    from snapshot.report_spells as s
    inner join snapshot.campaign as c on s.valid_from <= c.last_date and s.valid_to > c.last_date
),

-- As `70_write_actions` writes them: staff's category, where it is known, else the submission's.
actions as (
    select
        k.action_no,
        p.scope,
        coalesce(dc.code, sc.code) as category
    from kept_actions as k
    inner join staged_actions as s on k.row_no = s.row_no
    left join cell_codes as sc on sc.field = 'category' and s.sheet_no = sc.sheet_no and s.category = sc.cell
    left join classified as d on k.action_no = d.action_no
    left join staged_classification as c on d.category_row = c.row_no
    left join cell_codes as dc on dc.field = 'category' and c.sheet_no = dc.sheet_no and c.category = dc.cell
    left join action_scopes as p on k.action_no = p.action_no
)

select 'actions' as figure, count(*) as number
from actions
union all
select 'reported', count(*) from in_force
union all
select 'completed', count(*) from in_force where status = 'completed'
union all
select 'unknown', (select count(*) from actions) - count(status) from in_force
union all
select 'without_category', count(*) from actions where category is null
union all
select 'without_place', count(*) from actions where scope is null
union all
select 'without_theme', count(*) from actions anti join snapshot.action_themes using (action_no);
