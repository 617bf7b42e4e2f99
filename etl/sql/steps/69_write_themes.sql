-- The themes of each action: staff's, where any that they coded is known, else the submission's.
-- Grain: one row an action and theme.
-- Nothing without: cell_codes.
insert into snapshot.action_themes
with chosen as (
    select
        k.action_no,
        k.action_id,
        if(c.row_no is not null, c.sheet_no, s.sheet_no) as sheet_no,
        if(c.row_no is not null, c.themes, s.themes) as cell
    from kept_actions as k
    inner join staged_actions as s on k.row_no = s.row_no
    left join classified as d on k.action_no = d.action_no
    left join staged_classification as c on d.themes_row = c.row_no
)

select distinct h.action_no, h.action_id, r.code
from chosen as h
inner join resolved as r on r.field = 'themes' and h.sheet_no = r.sheet_no and h.cell = r.cell
where r.code is not null and r.code <> 'unclassified'
order by h.action_no, r.code;
