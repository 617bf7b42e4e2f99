-- Which two sheets of one workbook hold the same actions, so that the later row of each would count in silence?
-- Actions are the same by stakeholder and title, or by an id with the same stakeholder or title; half of the smaller
-- sheet, and two actions, are enough. Staff may have counted one of them all the same.
-- Grain: one row a pair of sheets.
insert into snapshot.alike_sheets
with several as (
    select s.sheet_no, s.file_name, s.source_file, s.sheet
    from sheets as s
    where s.kind = 'actions' and s.sheet_name is not null
    qualify count(*) over (partition by s.file_name) > 1
),

rows_of as (
    select k.row_no, k.sheet_no, s.file_name, k.submission_id, k.title_key, k.base_key
    from action_keys as k
    inner join several as s on k.sheet_no = s.sheet_no
),

keys as (
    select file_name, sheet_no, row_no, concat_ws(chr(31), 'name', base_key, title_key) as key
    from rows_of
    where base_key <> '' and title_key <> ''
    union all
    select file_name, sheet_no, row_no, concat_ws(chr(31), 'id', submission_id, base_key)
    from rows_of
    where submission_id is not null and base_key <> ''
    union all
    select file_name, sheet_no, row_no, concat_ws(chr(31), 'title', submission_id, title_key)
    from rows_of
    where submission_id is not null and title_key <> ''
),

sizes as (
    select r.sheet_no, count(*) as row_count, count(*) filter (where c.base_status = 'completed') as completed
    from rows_of as r
    inner join staged_actions as s on r.row_no = s.row_no
    left join cell_codes as o on o.field = 'status' and s.sheet_no = o.sheet_no and s.status = o.cell
    left join codelist_codes as c on c.codelist = 'statuses' and o.code = c.code
    group by r.sheet_no
),

pairs as (
    select
        a.sheet_no,
        b.sheet_no as other_no,
        least(count(distinct a.row_no), count(distinct b.row_no)) as same
    from keys as a
    inner join keys as b on a.file_name = b.file_name and a.key = b.key and a.sheet_no < b.sheet_no
    group by a.sheet_no, b.sheet_no
)

select a.source_file, a.sheet, n.row_count, n.completed, b.sheet, m.row_count, m.completed, p.same, null, null
from pairs as p
inner join several as a on p.sheet_no = a.sheet_no
inner join several as b on p.other_no = b.sheet_no
inner join sizes as n on p.sheet_no = n.sheet_no
inner join sizes as m on p.other_no = m.sheet_no
where
    p.same >= 2
    and p.same * 2 > least(n.row_count, m.row_count)
    and p.sheet_no not in (select sheet_no from settled_sheets)
    and p.other_no not in (select sheet_no from settled_sheets)
order by p.sheet_no, p.other_no;
