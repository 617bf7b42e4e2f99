-- What the criteria of a good commitment look at (`dashboard/queries/commitments.sql`): each action as it was promised.
-- A deadline is its own where the submission or staff state one.
-- Grain: one row an action that is not stated to be in a language without patterns.
create table commitments as
select
    a.action_no as commitment_no,
    concat_ws(chr(10), a.title, a.description, a.impact) as text,
    case when names_somebody(a.partners) then a.partners end as partners,
    coalesce(c.due_on, s.due_on) as due_on,
    a.action_no in (
        select p.action_no from action_places as p where p.code not in ('global', 'unclassified')
    ) as has_place,
    a.action_no in (select t.action_no from snapshot.action_themes as t) as has_theme,
    a.action_no in (select m.action_no from snapshot.milestones as m) as has_milestones,
    a.action_no in (select r.action_no from snapshot.results as r where r.target is not null) as has_target
from snapshot.actions as a
inner join kept_actions as k on a.action_no = k.action_no
inner join staged_actions as s on k.row_no = s.row_no
left join classified as d on a.action_no = d.action_no
left join staged_classification as c on d.due_on_row = c.row_no
where a.language is null or list_contains($readable_languages, a.language);
