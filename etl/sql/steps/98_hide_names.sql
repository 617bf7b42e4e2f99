-- A rejected row with its stakeholder's name alone as its key: not with that of a person.
update rejections set value = '[…]' where value in (select spelling from hidden_names);
