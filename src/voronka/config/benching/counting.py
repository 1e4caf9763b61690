"""What was really built, counted by SQL."""

from dataclasses import dataclass

from django.db import connection

from voronka.config.benching.peers import ACTIVITIES, SELLERS, SIZE

TOLERANCE = 0.02
_OUTCOMES = "SELECT count(*) FROM deals_deal WHERE outcome = "
_ACTIVITIES = """
SELECT (SELECT count(*) FROM calls_call) + (SELECT count(*) FROM agenda_step)
  + (SELECT count(*) FROM inquiries_inquiry)
  + (SELECT count(*) FROM journal_fact WHERE kind = 'note.written')
"""
WANTED = (
    ("sellers", SELLERS, "SELECT count(*) FROM people_person WHERE role = 'manager'"),
    ("clients", SIZE.clients, "SELECT count(*) FROM clients_client"),
    ("deals", SIZE.deals, "SELECT count(*) FROM deals_deal"),
    ("deals open", SIZE.deals * 12 // 100, f"{_OUTCOMES} ''"),
    ("deals won", SIZE.deals * 25 // 100, f"{_OUTCOMES} 'won'"),
    ("deals lost", SIZE.deals * 63 // 100, f"{_OUTCOMES} 'lost'"),
    (
        "months", SIZE.months,
        "SELECT (julianday(max(created_at)) - julianday(min(created_at))) / 30.44 "
        "FROM deals_deal",
    ),
    ("calls, steps, inquiries, notes", ACTIVITIES, _ACTIVITIES),
)  # fmt: skip
ALSO = (
    ("steps", "SELECT count(*) FROM agenda_step"),
    ("calls", "SELECT count(*) FROM calls_call"),
    ("inquiries", "SELECT count(*) FROM inquiries_inquiry"),
    ("facts in the journal", "SELECT count(*) FROM journal_fact"),
    ("facts of calls and steps",
     "SELECT count(*) FROM journal_fact WHERE kind LIKE 'call.%' OR kind LIKE 'step.%'"),
    ("slips open", "SELECT count(*) FROM control_slip WHERE closed_at IS NULL"),
    ("slips closed", "SELECT count(*) FROM control_slip WHERE closed_at IS NOT NULL"),
    ("megabytes",
     "SELECT page_count * page_size / 1e6 FROM pragma_page_count, pragma_page_size"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of something, and how many were wanted (None: as it comes)."""

    name: str
    found: float
    wanted: int | None = None

    @property
    def is_near(self) -> bool:
        """Say whether it is within 2 % of what was wanted."""
        return self.wanted is None or abs(self.found - self.wanted) <= TOLERANCE * self.wanted


def counts() -> list[Count]:
    """Count what stands in the base."""
    found = [Count(name, _one(sql), wanted) for name, wanted, sql in WANTED]
    return found + [Count(name, _one(sql)) for name, sql in ALSO]


def counts_text(found: list[Count]) -> str:
    """Give the counts as lines for a person."""
    lines = []
    for count in found:
        wanted = "" if count.wanted is None else f"  wanted {count.wanted:,}"
        off = "" if count.is_near else "  OFF BY MORE THAN 2 %"
        lines.append(f"  {count.name:<32} {count.found:>10,.0f}{wanted}{off}")
    return "\n".join(lines)


def _one(sql: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return float(cursor.fetchone()[0])
