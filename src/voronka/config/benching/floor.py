"""The floor: what the deal list shows, by plain SQL into a plain string."""

import sqlite3
from html import escape
from pathlib import Path
from typing import Any

_ROWS = """
SELECT d.id, d.number, d.title, c.name, s.name, d.amount_kopecks, p.name, d.stage_since,
  d.next_step_at
FROM deals_deal d JOIN clients_client c ON c.id = d.client_id
JOIN deals_stage s ON s.id = d.stage_id LEFT JOIN people_person p ON p.id = d.manager_id
WHERE d.outcome = '' AND d.removed_at IS NULL
ORDER BY d.amount_kopecks DESC NULLS LAST, d.id DESC LIMIT 50
"""
_STEPS = """
SELECT deal_id, kind, title, min(due_at) FROM agenda_step
WHERE deal_id IN ({ids}) AND removed_at IS NULL AND done_at IS NULL AND cancelled_at IS NULL
GROUP BY deal_id
"""
_TOTALS = """
SELECT count(*), sum(d.amount_kopecks), sum(d.amount_kopecks * s.win_permille / 1000),
  count(*) FILTER (WHERE d.next_step_at IS NULL)
FROM deals_deal d JOIN deals_stage s ON s.id = d.stage_id
WHERE d.outcome = '' AND d.removed_at IS NULL
"""
_BESIDE = (
    "SELECT count(*) FROM inquiries_inquiry WHERE answered_at IS NULL AND removed_at IS NULL",
    "SELECT count(*) FROM deals_deal WHERE outcome = '' AND removed_at IS NULL",
    "SELECT count(*) FROM control_slip WHERE closed_at IS NULL",
)


class Floor:
    """A connection of its own to the base; each call makes the rows anew."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA cache_size = -32000")
        self._connection.execute("PRAGMA mmap_size = 134217728")
        self()
        self()

    def __call__(self) -> bytes:
        """Give the fifty rows alone as HTML."""
        return _page(_table(self._connection.execute(_ROWS), {}))

    def whole(self) -> bytes:
        """Give all that the page tells: rows, next steps, the filter's sums, the counts."""
        ask = self._connection.execute
        rows = ask(_ROWS).fetchall()
        ids = ",".join(str(row[0]) for row in rows)
        steps = {row[0]: row[1:] for row in ask(_STEPS.format(ids=ids))}
        totals = " ".join(map(str, ask(_TOTALS).fetchone()))
        counts = " ".join(str(ask(sql).fetchone()[0]) for sql in _BESIDE)
        return _page(f"<p>{counts}</p>{_table(rows, steps)}<p>{totals}</p>")

    def close(self) -> None:
        """Let the base go."""
        self._connection.close()


def _table(rows: Any, steps: dict[int, tuple[str, str, str]]) -> str:
    return "".join(
        f'<tr><th><a href="/deals/{pk}/">{escape(client)}</a> № {number}, {escape(title)}</th>'
        f"<td>{escape(stage)}</td><td>{(amount or 0) // 100:,} ₽</td><td>{escape(who)}</td>"
        f"<td>{since[:10]}</td><td>{(step or '')[:16]}</td>"
        f"<td>{escape(' '.join(steps.get(pk, ())))}</td></tr>\n"
        for pk, number, title, client, stage, amount, who, since, step in rows
    )


def _page(body: str) -> bytes:
    return f"<!doctype html><title>Deals</title><table>{body}</table>".encode()
