-- Which tables store the mails? Runs in private/mail.sqlite (SQLite) at every opening.
-- Grain: deliveries have one row a mail to one recipient, subscribers one a person who asked for the newsletter (those
-- who have left have no address), issues one an issue of the newsletter.
-- Parameters: none.
create table if not exists deliveries (
    delivery_no integer primary key,
    kind text not null,
    batch_id text not null,
    key text not null unique,
    recipient text,
    message blob,
    message_id text,
    state text not null default 'waiting',
    attempts integer not null default 0,
    codes text not null default '',
    put_at text not null,
    next_at text not null,
    changed_at text not null
);

create index if not exists deliveries_by_state on deliveries (state, next_at);
create index if not exists deliveries_by_batch on deliveries (batch_id);
create index if not exists deliveries_by_message on deliveries (message_id);

create table if not exists subscribers (
    subscriber_id text primary key,
    address text unique,
    lang text not null,
    regions text not null,
    themes text not null,
    state text not null,
    asks integer not null,
    asked_at text not null,
    confirmed_at text,
    left_at text
);

create table if not exists issues (
    issue_id text primary key,
    made_at text not null,
    known_until text not null,
    build_id text not null,
    entries integer not null
);
