"""Letters to those who have not answered: to whom, what they say, as files or sent, and who was asked when."""
