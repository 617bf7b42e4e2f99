-- What is kept about those who have signed in?
-- Grain: two tables, and what finds the sessions that have ended.
-- Parameters: none.
-- `session_hash` and `ticket_hash` are hashes of what the browser has, so that whoever reads this file opens nothing.
-- `vouched` is what the provider said (JSON), from which the role is read anew at every request; `secret` is what a
-- password was known by. A ticket is a link that signs in once, made on the server's own command line.
create table if not exists sessions (
    session_hash text primary key,
    way text not null,
    vouched text not null,
    secret text not null,
    began_at real not null,
    seen_at real not null,
    ends_at real not null
);
create index if not exists sessions_by_end on sessions (ends_at);
create table if not exists tickets (
    ticket_hash text primary key,
    ends_at real not null
)
