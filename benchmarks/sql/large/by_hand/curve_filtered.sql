-- The same of two regions and one stakeholder group.
-- Grain: one row a day.
-- Parameters: as_of.
with spells as (
    select s.valid_from, s.valid_to, s.status, count(*) as reports
    from report_spells as s
    where
        s.valid_from <= $as_of
        and s.action_no in (
            select a.action_no
            from actions as a
            where
                a.stakeholder_group = 'government'
                and a.action_no in (
                    select m.action_no
                    from action_members as m
                    where m.dimension = 'region' and m.member in ('africa', 'americas')
                )
        )
    group by all
)

select valid_from as on_date, sum(reports) as reported, sum(reports) filter (status = 'completed') as completed
from spells
group by all
union all
select valid_to, -sum(reports), -sum(reports) filter (status = 'completed')
from spells
where valid_to <= $as_of
group by all
