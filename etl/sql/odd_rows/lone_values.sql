-- Which columns of codes, and of answers to closed questions, hold each of their values once, and are mostly blank?
-- Cells that a recipe leaves blank although they are merged are remarked on, not asked about.
-- Parameters: rows: how many rows of a sheet `open_values` holds at most.
-- Grain: one row a column.
select u.sheet_no, u.column_no, u.target
from open_values as v
inner join column_uses as u on v.sheet_no = u.sheet_no and v.column_no = u.column_no
inner join sheets as s on v.sheet_no = s.sheet_no
where
    u.use = 'field'
    and u.target in ('status', 'category', 'stakeholder_group', 'countries', 'regions', 'themes', 'language')
    and (u.sheet_no, u.column_no) not in (select (sheet_no, column_no) from merged_cells)
group by u.sheet_no, u.column_no, u.target
having
    max(v.row_count) = 1
    and count(*) * 3 <= least(any_value(s.rows_read), $rows)
    and (count(*) > 2 or (count(*) = 2 and (any_value(s.rows_read) <= 20 or u.target = 'status')))
union all
select q.sheet_no, any_value(q.first_column) + 1, q.question
from answer_texts as a
inner join questions_asked as q on a.sheet_no = q.sheet_no and a.question = q.question
inner join sheets as s on a.sheet_no = s.sheet_no
where
    q.is_named
    and not q.is_split
    and (q.sheet_no, q.first_column + 1) not in (select (sheet_no, column_no) from merged_cells)
group by q.sheet_no, q.question
having
    max(a.row_count) = 1
    and count(*) * 3 <= any_value(s.rows_read)
    and (count(*) > 1 or any_value(s.rows_read) > 20)
order by all
