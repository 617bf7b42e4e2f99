-- Which day and which moment do the texts mean that are not written the ISO way?
-- Grain: one row a text and order of day and month.
insert into written_dates
select w.words, w.date_order, read_day(w.words, w.date_order), read_time(w.words, w.date_order)
from (select distinct words, date_order from dates_to_read) as w
anti join written_dates as k on w.words = k.words and w.date_order = k.date_order;

delete from dates_to_read;
