"""The staff page Mailing: the newsletter's next issue, its sending, and the requests of its subscribers."""
