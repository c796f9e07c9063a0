"""What ends a run: an error that the user reads, in Chinese."""


class RunError(RuntimeError):
    """A run that can't go on: what is wrong, and what to do. Nothing of the last report was touched."""

    def __init__(self, found: str, remedy: str = "") -> None:
        self.found, self.remedy = found, remedy
        super().__init__(f"{found}\n{remedy}".strip())


class BusyError(RunError):
    """Another run of the same town and period is on its way; this one has not begun."""
