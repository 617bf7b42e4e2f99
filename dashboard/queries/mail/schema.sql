-- What does the store of mails hold? Asked of private/mail.sqlite (SQLite) at every opening.
-- Grain: deliveries have one row a mail to one recipient.
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
