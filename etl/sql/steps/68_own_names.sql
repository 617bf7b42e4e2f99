-- The texts of persons without their own names, as written beside them.
-- Grain: one row a row of `own_names`.
update staged_actions as s
set
    title = regexp_replace(s.title, o.pattern, '[…]', 'gi'),
    description = regexp_replace(s.description, o.pattern, '[…]', 'gi'),
    impact = regexp_replace(s.impact, o.pattern, '[…]', 'gi'),
    communication = regexp_replace(s.communication, o.pattern, '[…]', 'gi'),
    partners = regexp_replace(s.partners, o.pattern, '[…]', 'gi'),
    narrative = regexp_replace(s.narrative, o.pattern, '[…]', 'gi'),
    evidence = regexp_replace(s.evidence, o.pattern, '[…]', 'gi')
from own_names as o
where o.kind = 'actions' and s.row_no = o.row_no;

update action_keys as k
set title_key = fold(s.title)
from own_names as o
inner join staged_actions as s on o.kind = 'actions' and o.row_no = s.row_no
where k.row_no = o.row_no;

update staged_progress_reports as s
set
    title = regexp_replace(s.title, o.pattern, '[…]', 'gi'),
    narrative = regexp_replace(s.narrative, o.pattern, '[…]', 'gi'),
    evidence = regexp_replace(s.evidence, o.pattern, '[…]', 'gi')
from own_names as o
where o.kind = 'progress_reports' and s.row_no = o.row_no;
