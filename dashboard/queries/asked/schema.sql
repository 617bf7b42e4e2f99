-- Which tables store the sent letters? Runs in private/asked.sqlite (SQLite) at every opening.
-- Grain: letters have one row a letter, asked_actions one row an action that a letter asks about. Neither addresses nor
-- names are stored. A letter that did not go out after all is taken back, and counts for nothing. own_words: staff's
-- paragraph in the letters of a batch, by language.
-- Parameters: none.
create table if not exists letters (
    letter_id text primary key,
    batch_id text not null,
    asked_on text not null,
    wave text not null,
    channel text not null,
    lang text not null,
    is_sample integer not null,
    noted_at text not null,
    taken_back_at text
);

create table if not exists asked_actions (
    letter_id text not null references letters (letter_id),
    action_id text not null,
    stakeholder_id text,
    primary key (letter_id, action_id)
);

create index if not exists letters_by_batch on letters (batch_id);
create index if not exists asked_by_action on asked_actions (action_id);

create table if not exists own_words (
    batch_id text not null,
    lang text not null,
    words text not null,
    primary key (batch_id, lang)
)
