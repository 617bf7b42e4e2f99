-- What is each code of a category, country or status called, by language?
-- Grain: one row a code.
-- Parameters: none.
select code, any_value(labels)
from snapshot.codes
where codelist in ('categories', 'countries', 'statuses')
group by code;
