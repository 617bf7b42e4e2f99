-- Which e-mail address does an action have in the exports? Runs in the private store, beside its snapshot.
-- Grain: one row an action with an address. It is that of the action's row, else of a report about it (the latest
-- first), of a row that was merged into it, or of another action of the same stakeholder (the latest first).
-- Parameters: none.
with stated as (
    select
        file_name,
        sheet_name,
        source_row,
        min(address) as address
    from (
        select
            source_file as file_name,
            sheet as sheet_name,
            source_row,
            unnest(regexp_extract_all(lower(value), '[^\s<>()\[\]{},;:"@|/\\&=?!'']+@[^\s<>()\[\]{},;:"@|/\\&=%?!'']+'))
                as address
        from private.contacts
        where contains(value, '@')
    ) as found
    group by all
),

placed as (
    select action_id, 1 as place, 0 as age, source_file, source_sheet, source_row
    from snapshot.actions
    union all
    select action_id, 2, -epoch(reported_on)::bigint, source_file, source_sheet, source_row
    from snapshot.progress_reports
    where action_no is not null
    union all
    select kept_action_id, 3, 0, source_file, sheet, source_row
    from snapshot.merged_rows
    where kept_action_id is not null
),

own as (
    select
        p.action_id,
        arg_min(rtrim(s.address, '.-'), (p.place, p.age, s.address)) as address
    from placed as p
    inner join private.input_names as n
        on p.source_file = n.source_file and p.source_sheet is not distinct from n.sheet
    inner join stated as s
        on
            n.file_name = s.file_name and n.sheet_name is not distinct from s.sheet_name
            and p.source_row = s.source_row
    group by p.action_id
),

of_stakeholder as (
    select
        a.stakeholder_id,
        arg_max(o.address, (a.submitted_on, a.action_no)) as address
    from own as o
    inner join snapshot.actions as a on o.action_id = a.action_id
    where a.stakeholder_id is not null
    group by a.stakeholder_id
)

select
    a.action_id,
    coalesce(o.address, s.address) as address
from snapshot.actions as a
left join own as o on a.action_id = o.action_id
left join of_stakeholder as s on a.stakeholder_id = s.stakeholder_id
where coalesce(o.address, s.address) is not null
