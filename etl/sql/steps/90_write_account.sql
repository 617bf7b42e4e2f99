-- The account of every row of every file: accepted, merged or rejected.
-- Grain: one row a sheet.
create table accepted_rows as
select s.sheet_no, count(*) as row_count
from (
    select a.sheet_no from kept_actions as k inner join staged_actions as a on k.row_no = a.row_no
    union all
    select a.sheet_no
    from accepted_classification as k
    inner join staged_classification as a on k.row_no = a.row_no
    union all
    select sheet_no from kept_reports where kind = 'progress_reports' and round_no is null
    union all
    select sheet_no from kept_reports where round_no is not null and not in_register group by sheet_no, source_row
    union all
    select a.sheet_no from kept_milestones as k inner join staged_milestones as a on k.row_no = a.row_no
    union all
    select sheet_no from kept_results
    union all
    select sheet_no from kept_posts
    union all
    select sheet_no from kept_annotations
) as s
group by s.sheet_no;

insert into snapshot.merged_rows
select f.source_file, f.sheet, m.source_row, m.kept_action_id, m.why
from merged_away as m
inner join sheets as f on m.sheet_no = f.sheet_no
order by f.sheet_no, m.source_row;

insert into snapshot.input_files
with merged as (select sheet_no, count(*) as row_count from merged_away group by sheet_no),

rejected as (select sheet_no, count(*) as row_count from rejections group by sheet_no)

select
    i.source_file,
    i.sha256,
    coalesce(string_agg(distinct s.recipe, ', ' order by s.recipe), ''),
    coalesce(sum(s.rows_read), 0),
    coalesce(sum(a.row_count), 0),
    coalesce(sum(m.row_count), 0),
    coalesce(sum(r.row_count), 0)
from files as i
left join sheets as s on i.source_file = s.source_file
left join accepted_rows as a on s.sheet_no = a.sheet_no
left join merged as m on s.sheet_no = m.sheet_no
left join rejected as r on s.sheet_no = r.sheet_no
group by i.source_file, i.sha256
order by i.source_file;

insert into snapshot.input_sheets
with written as (
    select sheet_no, unnest(headers) as header, unnest(range(1, len(headers) + 1)) as column_no
    from sheets
),

public as (
    select w.sheet_no, list(coalesce(c.shown, w.header) order by w.column_no) as headers
    from written as w
    left join column_uses as c on w.sheet_no = c.sheet_no and w.column_no = c.column_no
    group by w.sheet_no
),

merged as (select sheet_no, count(*) as row_count from merged_away group by sheet_no),

rejected as (select sheet_no, count(*) as row_count from rejections group by sheet_no)

select
    s.source_file,
    s.sheet,
    s.recipe,
    s.kind,
    s.header_row,
    coalesce(p.headers, []),
    s.personal_columns,
    s.rows_read,
    coalesce(a.row_count, 0),
    coalesce(m.row_count, 0),
    coalesce(r.row_count, 0)
from sheets as s
left join public as p on s.sheet_no = p.sheet_no
left join accepted_rows as a on s.sheet_no = a.sheet_no
left join merged as m on s.sheet_no = m.sheet_no
left join rejected as r on s.sheet_no = r.sheet_no
order by s.sheet_no;
