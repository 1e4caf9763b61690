"""What stands at the end of a channel: the outside world, a person's telephone, or neither."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("trunk", "person", "ignore")
_COUNTER = re.compile(r"-[0-9a-f]{8,}(;[12])?$")
_BROWSER = re.compile(r"-WS$")


@dataclass(frozen=True)
class Endpoints:
    """The administrator's table of endpoints, by name; what is not in it follows its name.

    An endpoint named by two to six digits is a telephone, any other one a line outside.
    """

    table: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, str] = field(default_factory=dict)

    def role(self, channel: str) -> str:
        """Give client, person or between for a channel's name: "PJSIP/trunk-0000001d"."""
        if channel.startswith(("Local/", "Message/", "Surrogate/", "CBAnn/")):
            return "between"
        name = endpoint_of(channel)
        said = self.table.get(name)
        if said == "ignore":
            return "between"
        if said:
            return "client" if said == "trunk" else "person"
        return "person" if name.isdigit() and 2 <= len(name) <= 6 else "client"

    def extension(self, channel: str) -> str:
        """Give the extension of a person's telephone: its endpoint's name unless said."""
        name = endpoint_of(channel)
        return self.extensions.get(name, name)


def endpoint_of(channel: str) -> str:
    """Give "101" of "PJSIP/101-0000001e", of "PJSIP/101-WS-0000001e" (a browser) as well."""
    name = channel.partition("/")[2] or channel
    return _BROWSER.sub("", _COUNTER.sub("", name))
