"""The floor: the rows of the deal list by plain SQL into a plain string."""

import sqlite3
from html import escape
from pathlib import Path

_SQL = """
SELECT d.id, d.number, d.title, c.name, s.name, d.amount_kopecks, p.name, d.stage_since,
  d.next_step_at
FROM deals_deal d JOIN clients_client c ON c.id = d.client_id
JOIN deals_stage s ON s.id = d.stage_id LEFT JOIN people_person p ON p.id = d.manager_id
WHERE d.outcome = '' AND d.removed_at IS NULL
ORDER BY d.amount_kopecks DESC NULLS LAST, d.id DESC LIMIT 50
"""


class Floor:
    """A connection of its own to the base; each call makes the rows anew."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("PRAGMA cache_size = -32000")
        self._connection.execute("PRAGMA mmap_size = 134217728")
        self()
        self()

    def __call__(self) -> bytes:
        """Give the rows as HTML."""
        return _page(self._connection)

    def close(self) -> None:
        """Let the base go."""
        self._connection.close()


def _page(connection: sqlite3.Connection) -> bytes:
    rows = "".join(
        f'<tr><th><a href="/deals/{pk}/">{escape(client)}</a> № {number}, {escape(title)}</th>'
        f"<td>{escape(stage)}</td><td>{(amount or 0) // 100:,} ₽</td><td>{escape(who)}</td>"
        f"<td>{since[:10]}</td><td>{(step or '')[:16]}</td></tr>\n"
        for pk, number, title, client, stage, amount, who, since, step in connection.execute(
            _SQL
        )
    )
    return f"<!doctype html><title>Deals</title><table>{rows}</table>".encode()
