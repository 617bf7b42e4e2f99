"""Errors that a reader is shown: one sentence on what is wrong and where, one on what to do."""


class UserError(Exception):
    """Something the person at the keyboard can put right.

    Attributes:
        what: What is wrong and where (file, sheet, row, parameter), one sentence.
        remedy: What to do about it, one sentence; may be empty.
        for_readers: Both sentences for those who are not to know of files and folders of the server; None where
            `what` and `remedy` are for them as well.
    """

    for_readers: tuple[str, str] | None = None

    def __init__(self, what: str, remedy: str = "", for_readers: tuple[str, str] | None = None) -> None:
        """Keep both sentences; `str(error)` joins them."""
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy
        if for_readers is not None:
            self.for_readers = for_readers


class CampaignError(UserError):
    """A campaign folder, its `campaign.toml` or one of its codelists cannot be used."""


class SnapshotError(UserError):
    """There is no published snapshot, or it cannot be read."""


class UnforeseenError(UserError):
    """Something went wrong that the program did not foresee; the log has an entry of it.

    Attributes:
        code: The number of that entry.
    """

    def __init__(self, what: str, remedy: str, code: str) -> None:
        """Keep both sentences and the number."""
        super().__init__(what, remedy)
        self.code = code


class BusyError(UserError):
    """Too much is asked for at once; what is asked for now can be had in a minute."""


class TooOftenError(UserError):
    """One client asks for more than it may; the others are answered.

    Attributes:
        seconds: After which it may ask again.
    """

    def __init__(self, what: str, remedy: str, seconds: float) -> None:
        """State what was asked too often, and for how long to wait."""
        super().__init__(what, remedy)
        self.seconds = seconds


class SelectionError(UserError):
    """A parameter of a link is unknown or has a value outside its codelist.

    Attributes:
        parameter: The parameter at fault.
        allowed: The values (or parameter names) that would be accepted.
        value: The value at fault; None where the parameter itself is unknown.
    """

    def __init__(self, what: str, parameter: str, allowed: tuple[str, ...], value: str | None = None) -> None:
        """State the fault and list what is allowed."""
        super().__init__(what, f"Allowed: {', '.join(allowed)}.")
        self.parameter = parameter
        self.allowed = allowed
        self.value = value
