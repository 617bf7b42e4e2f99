"""What the program writes about itself: one form for all its processes, without personal data or words searched for.

`begin` sets a process up, `lines_home` brings those of other processes home, `request_id` numbers requests,
`lines` and `json_lines` are the forms, `discretion` is what they leave out, `days` a file that begins anew daily.
"""
