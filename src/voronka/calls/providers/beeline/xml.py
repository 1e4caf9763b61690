"""XML of strangers: no document types, no entities, nothing deep, nothing from outside."""

from dataclasses import dataclass, field
from xml.parsers import expat

TOP_DEPTH, TOP_NODES = 40, 2000


@dataclass(slots=True)
class Node:
    """One element; its names and those of its attributes are without the prefix."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: "list[Node]" = field(default_factory=list)

    def first(self, name: str) -> "Node | None":
        """Give the first element of this name inside, however deep."""
        for child in self.children:
            if child.name == name:
                return child
            if found := child.first(name):
                return found
        return None

    def word(self, *path: str) -> str:
        """Give the text of the first such element within the first such, "" for none."""
        node: Node | None = self
        for name in path:
            node = node.first(name) if node else None
        return node.text.strip() if node else ""


def tree_of(body: bytes) -> Node:
    """Read a document. Raises: ValueError when it is none, or is not to be trusted."""
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.begin
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.say
    # With no document type there are no entities: neither bombs nor files of this machine.
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError("no XML") from error
    return builder.whole


def _refuse(*_told: object) -> None:
    raise ValueError("a document type")


class _Builder:
    def __init__(self) -> None:
        self.whole = Node("", {})
        self._open = [self.whole]
        self._n = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._n += 1
        if len(self._open) > TOP_DEPTH or self._n > TOP_NODES:
            raise ValueError("too deep or too long")
        node = Node(_bare(name), {_bare(one): value for one, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def say(self, text: str) -> None:
        self._open[-1].text += text


def _bare(name: str) -> str:
    return name.rpartition(":")[2]
