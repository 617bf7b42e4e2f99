-- Two stakeholders that staff told apart: nobody is asked about them again.
insert into settled_pairs values ('stakeholder', stakeholder_id($this), stakeholder_id($that))
