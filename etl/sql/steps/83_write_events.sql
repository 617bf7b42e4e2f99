-- The events shared on the way; one told twice (same id, else same day and title) is one.
-- Grain: one row an event.
create table events_rows as
select
    s.*,
    m.action_no,
    coalesce(s.id, 'e_' || left(md5(concat_ws('|', s.on_date::varchar, fold(s.title), s.url)), 16)) as known_as
from staged_events as s
left join matched as m on m.kind = 'events' and s.row_no = m.row_no;

insert into rejections
select 'events', sheet_no, source_row, 'title', null, 'the row has no title' from events_rows where title is null;

create table kept_events as
select max(row_no) as row_no, known_as from events_rows where title is not null group by known_as;

insert into merged_away
select 'events', s.sheet_no, s.source_row, a.action_id, 'told again further on: the last telling is kept'
from events_rows as s
inner join kept_events as k on s.known_as = k.known_as and s.row_no <> k.row_no
left join kept_actions as a on s.action_no = a.action_no
where s.title is not null;

insert into snapshot.events
select
    s.known_as, s.on_date, s.title, l.code, s.url, a.action_id, f.source_file, f.sheet, s.source_row,
    null, null, null, null
from events_rows as s
inner join kept_events as k on s.row_no = k.row_no
inner join sheets as f on s.sheet_no = f.sheet_no
left join kept_actions as a on s.action_no = a.action_no
left join cell_codes as l on l.field = 'language' and s.sheet_no = l.sheet_no and s.language = l.cell
order by s.on_date, s.known_as;
