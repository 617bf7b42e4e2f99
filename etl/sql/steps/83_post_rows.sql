-- Which events and stories were told, and which of several tellings of one counts?
-- One is told twice by the same id, else by the same day, title and address; on two pages of one site or feed, by the
-- same address and title. The latest version is kept, else the one that was changed last, else the last in the files.
-- Grain: one row a telling; `kept_posts` has those that count.
create table post_rows as
with told as (
    select 'event' as kind, 'events' as staged_kind, * exclude (ends_at_day, updated_at_day)
    from staged_events
    union all by name
    select 'story' as kind, 'stories' as staged_kind, * exclude (updated_at_day)
    from staged_stories
),

dated as (
    select
        * exclude (on_date, ends_on),
        coalesce(on_date, starts_at_day) as on_date,
        coalesce(ends_on, starts_at_day + date_diff('day', starts_at, ends_at)::integer) as ends_on,
        nullif(regexp_replace(
            regexp_replace(
                regexp_replace(regexp_replace(url, '^https?://(www[.])?|#.*$', '', 'gi'), $tracking, '', 'gi'),
                '^([^?&]*)&', '\1?'
            ), '/+$', ''
        ), '') as address,
        fold(title) as title_key
    from told
)

select
    * exclude (ends_on),
    if(ends_on >= on_date, ends_on, null) as ends_on,
    coalesce(
        id, left(kind, 1) || '_' || left(md5(concat_ws('|', on_date::varchar, title_key, url)), 16)
    ) as known_as,
    coalesce(
        is_yes(cancelled)
        or regexp_matches(fold(cancelled), '^(event |evenement |evento )?(is )?(cancel|annul|supprim|abgesagt)'),
        false
    ) as is_cancelled
from dated;

insert into rejections
select staged_kind, sheet_no, source_row, 'title', null, 'the row has no title' from post_rows where title is null;

create table last_tellings as
select *
from post_rows
where title is not null
qualify row_number() over (
    partition by kind, known_as
    order by try_cast(version as double) desc nulls last, updated_at desc nulls last, row_no desc
) = 1;

-- A cancelled event is none any more, and neither are its earlier tellings.
insert into rejections
select p.staged_kind, p.sheet_no, p.source_row, 'cancelled', p.cancelled, 'it is cancelled'
from post_rows as p
inner join last_tellings as l on p.kind = l.kind and p.known_as = l.known_as
where l.is_cancelled and p.title is not null;

-- The same page in a site's export and in its feed: the fuller telling counts.
create or replace table kept_posts as
select *
from last_tellings
where not is_cancelled
qualify address is null or row_number() over (
    partition by kind, address, title_key, on_date
    order by body is not null desc, translation_group is not null desc, known_as
) = 1;

create table told_as as
select kind, known_as, known_as as kept_as, row_no from kept_posts
union all
select l.kind, l.known_as, k.known_as, k.row_no
from last_tellings as l
inner join kept_posts as k
    on l.kind = k.kind and l.address = k.address and l.title_key = k.title_key
    and l.on_date is not distinct from k.on_date
where not l.is_cancelled and l.known_as <> k.known_as;

create table merged_posts as
select p.kind, p.staged_kind, p.sheet_no, p.source_row, t.kept_as
from post_rows as p
inner join told_as as t on p.kind = t.kind and p.known_as = t.known_as
where p.row_no <> t.row_no and p.title is not null;
