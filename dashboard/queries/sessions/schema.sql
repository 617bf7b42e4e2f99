-- What is kept about those who have signed in?
-- Grain: one table, and what finds the sessions that have ended.
-- Parameters: none.
-- `session_hash` is a hash of what the browser has, so that whoever reads this file can open nothing. `vouched` is what
-- the provider said (JSON), from which the role is read anew at every request; `secret` what a password was known by.
create table if not exists sessions (
    session_hash text primary key,
    way text not null,
    vouched text not null,
    secret text not null,
    began_at real not null,
    seen_at real not null,
    ends_at real not null
);
create index if not exists sessions_by_end on sessions (ends_at)
