-- How many actions are fully classified, and how many lack each field?
-- Grain: one row.
-- Parameters: file (null: all), answered_group, answered_category, answered_themes, answered_places (ids of actions of
-- which staff have said that since the build).
with themed as (select distinct action_no from action_themes),

standing as (
    select
        a.stakeholder_group is null and not list_contains($answered_group::varchar[], a.action_id) as lacks_group,
        a.category is null and not list_contains($answered_category::varchar[], a.action_id) as lacks_category,
        t.action_no is null and not list_contains($answered_themes::varchar[], a.action_id) as lacks_themes,
        a.scope is null and not list_contains($answered_places::varchar[], a.action_id) as lacks_places
    from actions as a
    left join themed as t on a.action_no = t.action_no
    where $file is null or a.source_file = $file
)

select
    count(*) as actions,
    count(*) filter (where not (lacks_group or lacks_category or lacks_themes or lacks_places)) as classified,
    count(*) filter (where lacks_group) as stakeholder_group,
    count(*) filter (where lacks_category) as category,
    count(*) filter (where lacks_themes) as themes,
    count(*) filter (where lacks_places) as places
from standing
