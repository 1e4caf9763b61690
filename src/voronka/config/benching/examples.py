"""Rows to measure with, chosen by SQL: usual ones and the fullest."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

# Facts of the seed only: what earlier runs of the bench did makes no card fuller.
_BY_FACTS = """
SELECT f.{column} FROM journal_fact f {join}
WHERE f.{column} IS NOT NULL AND f.batch_id IS NOT NULL
GROUP BY f.{column} ORDER BY count(*), f.{column}
"""
_CLIENTS = _BY_FACTS.format(column="client_id", join="")
_DEALS = _BY_FACTS.format(
    column="deal_id", join="JOIN deals_deal d ON d.id = f.deal_id AND d.outcome = ''"
)
_FEW = """
SELECT manager_id, stage_id, count(*) FROM deals_deal WHERE outcome = ''
GROUP BY manager_id, stage_id ORDER BY abs(count(*) - 50), manager_id, stage_id LIMIT 1
"""
_PHONE = """
SELECT e164 FROM clients_phone ORDER BY id
LIMIT 1 OFFSET (SELECT count(*) / 4 FROM clients_phone)
"""
_MOVE = """
SELECT d.id, d.stage_id, n.id FROM deals_deal d JOIN deals_stage s ON s.id = d.stage_id
JOIN deals_stage n ON n.funnel_id = s.funnel_id AND n.place = s.place + 1
WHERE d.outcome = '' AND {sql} ORDER BY {first} d.id LIMIT 1
"""
_SLIP = "EXISTS (SELECT 1 FROM control_slip x WHERE x.deal_id = d.id AND x.closed_at IS NULL)"
# An overdue step is the usual slip; a small base may have none on a deal that can move.
_OVERDUE_FIRST = f"{_SLIP[:-1]} AND x.rule = 'overdue') DESC,"
_NO_SLIP = "NOT EXISTS (SELECT 1 FROM control_slip x WHERE x.deal_id = d.id)"


@dataclass(frozen=True, slots=True)
class Move:
    """An open deal, the stage it stands on and the next one."""

    deal: int
    stage: int
    next_stage: int


@dataclass(frozen=True, slots=True)
class Examples:
    """Ids of rows. `few`: manager, stage and how many open deals they have, about 50."""

    head: int
    manager: int
    client: int
    client_fullest: int
    deal: int
    deal_fullest: int
    few: tuple[int, int, int]
    phone: str
    move: Move
    move_with_slip: Move


def choose() -> Examples:
    """Choose the examples; the same base gives the same ones."""
    clients, deals = _rows(_CLIENTS), _rows(_DEALS)
    few = _rows(_FEW)[0]
    return Examples(
        head=_rows("SELECT id FROM people_person WHERE role = 'head'")[0][0],
        manager=few[0],
        client=clients[len(clients) // 2][0],
        client_fullest=clients[-1][0],
        deal=deals[len(deals) // 2][0],
        deal_fullest=deals[-1][0],
        few=few,
        phone=_rows(_PHONE)[0][0],
        move=Move(*_rows(_MOVE.format(sql=_NO_SLIP, first=""))[0]),
        move_with_slip=Move(*_rows(_MOVE.format(sql=_SLIP, first=_OVERDUE_FIRST))[0]),
    )


def _rows(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
