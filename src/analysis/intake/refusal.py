"""Why a file can't be taken as a return."""


class Refusal(Exception):  # noqa: N818  it is an answer to the department, not a fault of the program
    """A file is not taken; `reason` and `remedy` are Chinese sentences for the department that sent it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{reason}。{remedy}。")
