-- Which order do the dates of two numbers and a year prove, each column by itself?
-- Grain: one row a column and text.
-- Nothing without: dates_to_read.
create table date_pairs as
select sheet_no, field, words, row_count, first_row, pair_proves(words) as proves
from dates_to_read
where proves is not null;

-- Grain: one row a column that has such dates; the numbers count cells.
-- Nothing without: date_pairs.
create table date_evidence as
select
    sheet_no,
    field,
    sum(row_count) as cells,
    coalesce(sum(row_count) filter (proves = 'day_first'), 0) as day_first,
    coalesce(sum(row_count) filter (proves = 'month_first'), 0) as month_first,
    coalesce(sum(row_count) filter (proves = 'either'), 0) as ambiguous
from date_pairs
group by sheet_no, field;
