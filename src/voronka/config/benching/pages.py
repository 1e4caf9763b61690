"""The pages that are measured, with their bars."""

from dataclasses import dataclass

from voronka.config.benching.examples import Examples

QUERIES = 8


@dataclass(frozen=True, slots=True)
class Page:
    """A page to be measured. `bar`: CPU milliseconds, None where the peers set none."""

    name: str
    address: str
    bar: float | None = None


def pages(of: Examples) -> list[Page]:
    """List the pages, with real ids in their addresses."""
    return [
        Page("deal list", "/deals/", 40),
        Page("deal list, all 50,000", "/deals/?state=all"),
        Page("client card", f"/clients/{of.client}/", 40),
        Page("client card, the fullest", f"/clients/{of.client_fullest}/", 40),
        Page("deal card", f"/deals/{of.deal}/", 40),
        Page("deal card, the fullest", f"/deals/{of.deal_fullest}/", 40),
        Page("board", "/board/", 60),
        Page("phone search, 7 digits", f"/search/?q={of.phone[-7:]}", 15),
        Page("phone search, 4 digits", f"/search/?q={of.phone[-4:]}", 15),
        Page("head's desk", "/", 80),
        Page("clients", "/clients/"),
        Page("inquiries", "/inquiries/"),
        Page("slips", "/slips/"),
        Page("figures", "/figures/"),
    ]


def few_and_many(of: Examples) -> list[tuple[str, str, str]]:
    """List pages that must cost the same queries with few rows and with many."""
    manager, stage, n = of.few
    return [
        (f"{n} deals or 6,000", f"/deals/?manager={manager}&stage={stage}", "/deals/"),
        ("board", f"/board/?manager={manager}", "/board/"),
        ("clients", f"/clients/?manager={manager}", "/clients/"),
    ]
