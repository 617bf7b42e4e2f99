"""Mails: how one is made, who has still to get one, how they are sent, and the persons who asked for them.

`private/mail.sqlite` of the campaign holds what is underway. The room knows no data: what a mail says is its caller's.

    outbox = Outbox(campaign / "private")
    raw = make_mail(Mail(recipient, subject, text, html), settings.mail_sender)
    outbox.put("letters", batch_id, recipient, raw, key)   # False where this key has been put before
    outcome = send(outbox, settings, kind="letters", tell=print_progress)
"""
