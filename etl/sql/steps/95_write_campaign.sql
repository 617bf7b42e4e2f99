-- The campaign's dates and the last day of the figures: the latest submission, report or number reached (typing errors
-- more than a year beyond the campaign aside), or the campaign's first day where no row has a date, since no later one
-- is known. Its publisher, licence and citation stand there as JSON, from campaign.toml.
-- Grain: one row.
insert into snapshot.campaign
with dates as (
    select s.submitted_at_day as on_date
    from kept_actions as k
    inner join staged_actions as s on k.row_no = s.row_no
    union all
    select counts_from from kept_reports
    union all
    select told_on from snapshot.result_reports
),

stretch as (
    select min(on_date) as first_date, max(on_date) as last_date
    from dates
    where on_date between $starts_on - 366 and $ends_on + 366
)

select
    $build_id, $titles, $languages,
    $starts_on, $submission_deadline_on, $action_deadline_on, $ends_on,
    least($starts_on, coalesce(first_date, $starts_on)),
    coalesce(last_date, $starts_on),
    $default_language, $is_sample, $publisher,
    null  -- the content's hash is written last
from stretch;

insert into snapshot.codes
select
    codelist,
    code,
    coalesce(labels['en'], map_values(labels)[1], code),
    coalesce(labels['fr'], labels['en'], map_values(labels)[1], code),
    coalesce(labels['es'], labels['en'], map_values(labels)[1], code),
    sort_order,
    parent,
    base_status,
    labels
from codelist_codes
order by codelist, sort_order, code;

insert into snapshot.indicators
select
    code,
    unit,
    direction,
    is_summable
from codelist_indicators;

insert into snapshot.grouping_countries select code, country from codelist_groupings;
