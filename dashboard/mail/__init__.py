"""Mails: their audiences and texts, the outbox that keeps and sends them, and the ways to unsubscribe.

A kind of mail is an audience and its texts. Subscribers get issues of the newsletter (`issue`, `digest`) and
confirmations (`subscribers`); those without a report get letters (`asked`, `letter`, `letter_batch`, `reminders`),
those who report by link notices (`reports_mail`). Each becomes one message in bytes (`message`) and waits in one outbox
(`private/mail.sqlite` of the campaign), from which one sender at a time hands it over:

    outbox = Outbox(campaign / "private")
    raw = make_mail(Mail(recipient, subject, text, html), settings.mail_sender)
    outbox.put("letters", batch_id, recipient, raw, key)   # False where this key has been put before
    outcome = send(outbox, settings, kind="letters", tell=print_progress)
"""
