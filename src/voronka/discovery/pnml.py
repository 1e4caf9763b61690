"""A model as a Petri net in PNML, for tools that judge or draw one."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from voronka.discovery.model import Block

_GRAMMAR = "http://www.pnml.org/version-2009/grammar/pnmlcoremodel"
_HEAD = f'''<?xml version="1.0" encoding="UTF-8"?>
<pnml><net id="net" type="{_GRAMMAR}"><page id="page">
'''
_FOOT = (
    '</page><finalmarkings><marking><place idref="p1"><text>1</text></place></marking>'
    "</finalmarkings></net></pnml>\n"
)


class _Net:
    """Places 0 (begin) and 1 (end); transitions with their label, None for silent ones."""

    def __init__(self) -> None:
        self.places = 2
        self.transitions: list[tuple[str | None, list[int], list[int]]] = []

    def place(self) -> int:
        self.places += 1
        return self.places - 1

    def add(self, label: str | None, sources: list[int], targets: list[int]) -> None:
        self.transitions.append((label, sources, targets))


def to_pnml(block: Block, names: Sequence[str]) -> str:
    """Write a model as PNML with an initial and a final marking."""
    net = _Net()
    _lay(net, block, 0, 1, names)
    lines = [_HEAD]
    for n in range(net.places):
        first = "<initialMarking><text>1</text></initialMarking>" if n == 0 else ""
        lines.append(f'<place id="p{n}"><name><text>p{n}</text></name>{first}</place>\n')
    for n, (label, sources, targets) in enumerate(net.transitions):
        lines.append(_transition(f"t{n}", label))
        lines += [_arc(f"p{p}", f"t{n}") for p in sources]
        lines += [_arc(f"t{n}", f"p{p}") for p in targets]
    return "".join([*lines, _FOOT])


def _lay(net: _Net, block: Block, start: int, end: int, names: Sequence[str]) -> None:
    if block.kind in ("activity", "nothing"):
        net.add(names[block.code] if block.kind == "activity" else None, [start], [end])
    elif block.kind == "sequence":
        for part in block.parts[:-1]:
            middle = net.place()
            _lay(net, part, start, middle, names)
            start = middle
        _lay(net, block.parts[-1], start, end, names)
    elif block.kind == "choice":
        for part in block.parts:
            _lay(net, part, start, end, names)
    elif block.kind == "loop":
        inside, after = net.place(), net.place()
        net.add(None, [start], [inside])
        _lay(net, block.parts[0], inside, after, names)
        net.add(None, [after], [inside])
        net.add(None, [after], [end])
    else:
        pairs = [(net.place(), net.place()) for _ in block.parts]
        net.add(None, [start], [one for one, _ in pairs])
        for part, (one, two) in zip(block.parts, pairs, strict=True):
            _lay(net, part, one, two, names)
        net.add(None, [two for _, two in pairs], [end])


def _transition(id_: str, label: str | None) -> str:
    if label is None:
        silent = (
            '<toolspecific tool="ProM" version="6.4" activity="$invisible$" '
            f'localNodeID="{id_}"/>'
        )
        return f'<transition id="{id_}"><name><text>{id_}</text></name>{silent}</transition>\n'
    return (
        f"<transition id={quoteattr(id_)}><name><text>{escape(label)}</text></name>"
        "</transition>\n"
    )


def _arc(source: str, target: str) -> str:
    return f'<arc id="{source}-{target}" source="{source}" target="{target}"/>\n'
