-- Which table stores the links by which stakeholders report? Runs in private/report_links.sqlite (SQLite) at every
-- opening.
-- Grain: one row a link; nothing of its token, so that a reader of this file can open nothing.
-- Parameters: none.
create table if not exists report_links (
    handle text primary key,
    origin text not null,
    action_ids text not null,
    wave text not null,
    made_on text not null,
    ends_on text not null,
    ended_on text
);
