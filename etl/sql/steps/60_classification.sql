-- One code a cell: the first piece that is a known code.
-- Grain: one row a sheet, field and cell.
create table cell_codes as
select sheet_no, field, cell, arg_min(code, piece_no) as code
from resolved
where code is not null and code <> 'unclassified'
group by all;

-- Which fields does each classification row fill? Places are one field, in two columns. A cell without a known value
-- fills nothing: the submission's own value stays, and the cell is listed among the unmatched values.
-- Grain: one row a classification row that was matched, and field.
-- Nothing without: staged_classification.
create table classification_fields as
with rows_matched as (
    select c.row_no, c.due_on, m.action_no, f.file_name = $accepted_file as is_accepted_by_staff
    from staged_classification as c
    inner join matched as m on m.kind = 'classification' and c.row_no = m.row_no
    inner join sheets as f on c.sheet_no = f.sheet_no
)

select distinct
    m.action_no,
    m.row_no,
    m.is_accepted_by_staff,
    if(f.field in ('countries', 'regions'), 'places', f.field) as field
from rows_matched as m
inner join row_cells as f on f.kind = 'classification' and m.row_no = f.row_no
inner join cell_codes as c on f.sheet_no = c.sheet_no and f.field = c.field and f.cell = c.cell
union all
select action_no, row_no, is_accepted_by_staff, 'due_on' from rows_matched where due_on is not null;

-- Which row decides each field: the last one that fills it, with the page's accepted suggestions after every sheet?
-- Grain: one row an action and field.
-- Nothing without: classification_fields.
create table classes_standing as
select action_no, field, arg_max(row_no, (is_accepted_by_staff, row_no)) as row_no
from classification_fields
group by action_no, field;

-- Grain: one row an action that staff have classified; row_no is the last row with a class for it.
-- Nothing without: staged_classification.
create table classified as
select
    m.action_no,
    coalesce(arg_max(s.row_no, (f.is_accepted_by_staff, s.row_no)), max(m.row_no)) as row_no,
    any_value(s.row_no) filter (where s.field = 'stakeholder_group') as stakeholder_group_row,
    any_value(s.row_no) filter (where s.field = 'category') as category_row,
    any_value(s.row_no) filter (where s.field = 'themes') as themes_row,
    any_value(s.row_no) filter (where s.field = 'places') as places_row,
    any_value(s.row_no) filter (where s.field = 'language') as language_row,
    any_value(s.row_no) filter (where s.field = 'due_on') as due_on_row
from matched as m
left join classification_fields as f on m.action_no = f.action_no and m.row_no = f.row_no
left join classes_standing as s on m.action_no = s.action_no and m.row_no = s.row_no and f.field = s.field
where m.kind = 'classification'
group by m.action_no;

-- A row is accepted where one of its fields counts, or where it fills none and comes last: it changes nothing then.
-- Grain: one row an accepted classification row.
-- Nothing without: staged_classification.
create table accepted_classification as
select distinct s.row_no, s.action_no from classes_standing as s
union
select max(m.row_no), m.action_no
from matched as m
where m.kind = 'classification'
group by m.action_no
having max(m.row_no) not in (select row_no from classification_fields);

-- Nothing without: staged_classification.
insert into rejections
select
    'classification',
    c.sheet_no,
    c.source_row,
    'submission_id',
    coalesce(c.submission_id, c.stakeholder),
    case
        when c.submission_id is null and (c.stakeholder is null or c.title is null)
            then 'names no action: neither id nor stakeholder and title'
        else 'matches no action by id or by stakeholder and title'
    end
from staged_classification as c
anti join matched as m on m.kind = 'classification' and c.row_no = m.row_no;

-- Nothing without: staged_classification.
insert into merged_away
select
    'classification', c.sheet_no, c.source_row, a.action_id,
    'classified again further down: the last row that fills a field is kept'
from staged_classification as c
inner join matched as m on m.kind = 'classification' and c.row_no = m.row_no
inner join kept_actions as a on m.action_no = a.action_no
anti join accepted_classification as k on c.row_no = k.row_no;
