-- Which tables store the signed-in sessions?
-- Grain: two tables, and the index for ended sessions.
-- Parameters: none.
-- `session_hash` and `ticket_hash` are hashes of what the browser has, so that whoever reads this file opens nothing.
-- `vouched` is the provider's statement (JSON), from which every request reads the role anew; `secret` is the seal
-- of the password. A ticket is a link that signs in once, made on the server's own command line.
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
