-- How do files spell the codes of one codelist? One list of labels a language.
-- Grain: one row.
-- Parameters: file, the codelist.
select
    list(label_en order by sort_order::int, code) as en,
    list(label_fr order by sort_order::int, code) as fr,
    list(label_es order by sort_order::int, code) as es
from read_csv($file, header = true, all_varchar = true)
where code not in ('unclassified', 'not_reported', 'overdue')
