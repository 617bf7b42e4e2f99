"""What the program writes about itself: one form for all its processes, without personal data or words searched for.

`begin` sets a process up, `lines_home` brings those of other processes home, `request_id` numbers requests,
`lines` has their forms and what they leave out, `days` is a file that begins anew daily.
"""
