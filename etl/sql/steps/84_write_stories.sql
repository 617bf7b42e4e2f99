-- The stories shared on the way; one told twice (same id, else same day and title) is one.
-- Grain: one row a story.
create table stories_rows as
select
    s.*,
    m.action_no,
    coalesce(s.id, 's_' || left(md5(concat_ws('|', s.on_date::varchar, fold(s.title), s.url)), 16)) as known_as
from staged_stories as s
left join matched as m on m.kind = 'stories' and s.row_no = m.row_no;

insert into rejections
select 'stories', sheet_no, source_row, 'title', null, 'the row has no title' from stories_rows where title is null;

create table kept_stories as
select max(row_no) as row_no, known_as from stories_rows where title is not null group by known_as;

insert into merged_away
select 'stories', s.sheet_no, s.source_row, a.action_id, 'told again further on: the last telling is kept'
from stories_rows as s
inner join kept_stories as k on s.known_as = k.known_as and s.row_no <> k.row_no
left join kept_actions as a on s.action_no = a.action_no
where s.title is not null;

insert into snapshot.stories
select s.known_as, s.on_date, s.title, l.code, s.url, a.action_id, f.source_file, f.sheet, s.source_row
from stories_rows as s
inner join kept_stories as k on s.row_no = k.row_no
inner join sheets as f on s.sheet_no = f.sheet_no
left join kept_actions as a on s.action_no = a.action_no
left join cell_codes as l on l.field = 'language' and s.sheet_no = l.sheet_no and s.language = l.cell
order by s.on_date, s.known_as;
