-- Which classification row stands for each action (the last one written), and which rows fall away?
-- Grain: one row an action that staff have classified.
create table classified as
select m.action_no, max(c.row_no) as row_no
from staged_classification as c
inner join matched as m on m.kind = 'classification' and c.row_no = m.row_no
group by m.action_no;

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

insert into merged_away
select 'classification', c.sheet_no, c.source_row, a.action_id, 'classified again further down: the last row is kept'
from staged_classification as c
inner join matched as m on m.kind = 'classification' and c.row_no = m.row_no
inner join classified as k on m.action_no = k.action_no and c.row_no <> k.row_no
inner join kept_actions as a on m.action_no = a.action_no;
