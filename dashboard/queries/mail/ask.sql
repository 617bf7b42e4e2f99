-- Who asks for the newsletter? Somebody who asked before asks again, with the new wish; a reader keeps the old wish,
-- because anybody may type an address.
-- Grain: one row a subscriber.
-- Parameters: subscriber_id (of one who is new), address, lang, regions, themes (lists as JSON), now, day_before.
insert into subscribers (subscriber_id, address, lang, regions, themes, state, asks, asked_at)
values ($subscriber_id, $address, $lang, $regions, $themes, 'asked', 1, $now)
on conflict (address) do update set
    lang = case when state = 'asked' then excluded.lang else lang end,
    regions = case when state = 'asked' then excluded.regions else regions end,
    themes = case when state = 'asked' then excluded.themes else themes end,
    asks = case when asked_at < $day_before then 1 else asks + 1 end,
    asked_at = case when asked_at < $day_before then $now else asked_at end
