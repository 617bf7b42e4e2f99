-- Which table stores the signed links? Runs in private/links.sqlite (SQLite) at every opening.
-- Grain: one row a link; of its token only the hash of the secret part, so that a reader of this file can open nothing.
-- Parameters: none.
create table if not exists links (
    handle text primary key,
    secret_hash text not null unique,
    label text not null,
    path text not null,
    query text not null,
    made_by text not null,
    made_as text not null,
    made_name text not null,
    made_on text not null,
    ends_on text not null,
    uses integer not null default 0,
    last_used_on text,
    revoked_on text
);
