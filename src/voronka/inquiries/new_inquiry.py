"""What came in, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class UnreadError(Exception):
    """Nobody but a person can make sense of it; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoInquiryError(Exception):
    """It was read and is no inquiry; `code` says why. What was sent stays."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class NewInquiry:
    """What came in, as it came. A phone or mail that cannot be read stays as text.

    `arrived_at`: when it stood at our door, where that is earlier than its being written down;
    `number`: given at the door. `spam`: why a machine takes it for spam ("" when it does not):
    it is kept, marked, and given to nobody. `client_id`: known by other ways than the number.
    """

    channel: str
    name: str = ""
    phone: str = ""
    mail: str = ""
    text: str = ""
    source: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    raw: str = ""
    external_id: str = ""
    manager_id: int | None = None
    arrived_at: datetime | None = None
    number: int | None = None
    spam: str = ""
    consent: Mapping[str, str] = field(default_factory=dict)
    client_id: int | None = None
