-- On which days did the number of reported, known and completed actions change, and by how much? In all, or member by
-- member of a dimension (`query_templates`). Actions with an understood status are known. The actions are those in the
-- selection on `as_of`; a completion or a status may be taken back later.
-- Grain: one row a day (and member) and direction (reports that come into force, reports that another one replaces).
-- Parameters: selection; dimension.
with spells as materialized (
    select
        -- member
        s.valid_from,
        s.valid_to,
        place_status(s.status) as status_no
    from report_spells as s
    -- members
    where
        s.valid_from <= $as_of
        -- selected
)

select
    -- code
    valid_from as on_date,
    count(*) filter (status_no = 1) as completed,
    count(*) filter (not is_unknown(status_no)) as known,
    count(*) as reported
from spells
group by all
union all
select
    -- code
    valid_to as on_date,
    -count(*) filter (status_no = 1) as completed,
    -count(*) filter (not is_unknown(status_no)) as known,
    -count(*) as reported
from spells
where valid_to <= $as_of
group by all
