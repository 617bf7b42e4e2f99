"""The program's logs: one form for all its processes, without personal data or search words.

`begin` sets a process up, `lines_home` brings other processes' lines to the server, `request_id` numbers requests,
`lines` formats lines and leaves out values, `days` is a file that begins anew daily.
"""
