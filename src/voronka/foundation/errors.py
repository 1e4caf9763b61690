"""A business "no": a stable code and its details; the sentence is `web`'s."""

from typing import ClassVar


class RefusalError(Exception):
    """A rule refuses, nothing was changed. `code` is stable, `details` fill the sentence."""

    code: ClassVar[str] = "refused"

    def __init__(self, **details: object) -> None:
        super().__init__()
        self.details: dict[str, object] = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class NotYoursError(RefusalError):
    """The asker sees the row but may not change it; a row he may not see is "missing"."""

    code = "not_yours"
