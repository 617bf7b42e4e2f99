-- The spellings of stakeholders from all buckets, each once.
-- Those that decisions.csv asks for came from every bucket.
-- Grain: one row a spelling (`given_rows` holds those of all buckets).
create or replace table stakeholder_names as
select
    spelling,
    sum(action_rows)::bigint as action_rows,
    bool_or(is_written) as is_written,
    any_value(base_key) as base_key,
    any_value(folded) as folded,
    any_value(home) as home,
    any_value(is_institution) as is_institution
from given_rows
group by spelling;
