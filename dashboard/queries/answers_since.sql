-- How many actions in a day's letters have a report of that day or a later one?
-- Grain: one row a day of letters about the selection's actions, the earliest first.
-- Parameters: selection; asked (a list of texts: the day as YYYY-MM-DD, a blank, the action's id).
with asked as (
    select distinct
        line[1:10]::date as asked_on,
        line[12:] as action_id
    from (select unnest($asked::varchar[]) as line) as lines
)

select
    k.asked_on,
    count(*) as actions,
    count(*) filter (a.reported_on >= k.asked_on) as answered
from asked as k
inner join selected_actions($selection) as a on k.action_id = a.action_id
where k.asked_on <= $as_of::date
group by k.asked_on
order by k.asked_on
