-- Two stakeholders that staff told apart: nobody is asked about them again.
insert into settled_pairs values ($this, $that)
