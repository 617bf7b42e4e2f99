-- A rejected row that is known by its stakeholder's name alone: not by that of a person.
update rejections set value = '[…]' where value in (select spelling from hidden_names);
