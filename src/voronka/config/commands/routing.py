"""`./voronka routing try`: the rules in force rehearsed on past inquiries."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voronka.config.commands import options

DAYS = 90


def run(arguments: list[str]) -> int:
    """Print who would have had what, and the wins to expect of it; 1 when nothing came."""
    parser = options.parser("routing", "Rehearse the rules on past inquiries; nothing changes.")
    parser.add_argument("what", choices=("try",), help="the rules in force against what was")
    parser.add_argument("--days", type=int, default=DAYS, help=f"how far back ({DAYS})")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it as JSON")
    parser.add_argument("--demo", action="store_true", help="of the demonstration")
    given = parser.parse_args(arguments)
    if not 0 < given.days <= 3660:
        parser.error(f"--days {given.days}: from 1 to 3660")
    if given.demo:
        os.environ["VORONKA_HOME"] = str(options.home() / "demo")
    options.set_up()
    options.migrate()
    from voronka.inquiries.rehearsal.report import rehearse  # noqa: PLC0415

    report = rehearse(until=datetime.now(UTC), days=given.days)
    print("\n".join(_told(report)))
    if given.json:
        text = json.dumps(_plain(report), ensure_ascii=False, indent=1, default=str)
        given.json.write_text(text + "\n", encoding="utf-8")
    return 0 if report.n else 1


def _told(report: Any) -> list[str]:
    from voronka.people.queries import names  # noqa: PLC0415

    known, real, tried = names(), report.ways[0], report.tried
    gain = report.differences[0]
    cut = f", {report.left_out} older ones left out" if report.left_out else ""
    lines = [
        f"{report.n} inquiries since {report.since:%Y-%m-%d}{cut}; {report.deals} became deals",
        f"elsewhere {gain.elsewhere}, to the own manager {tried.own}, "
        f"to nobody {tried.nobody}, would wait for a shift {tried.later}",
        f"wins to expect {real.wins.mean:.1f} -> {tried.wins.mean:.1f}: {gain.gain.mean:+.1f} "
        f"({gain.gain.low:+.1f} to {gain.gain.high:+.1f}), "
        f"{gain.enough or 'too little data'}; n = {sum(report.outcomes.values())}",
        f"check: {report.check.deals} deals ended, {report.check.expected:.1f} wins expected, "
        f"{report.check.won} won",
    ]
    for pk in report.people:
        was, will = (_share(way, pk) for way in (real, tried))
        lines.append(
            f"{known.get(pk, 'nobody'):<28} {was[0]:>6} -> {will[0]:<6} "
            f"{was[1]:>7.1f} -> {will[1]:<7.1f} n = {report.outcomes.get(pk, 0)}"
        )
    return lines


def _share(way: Any, person_id: int) -> tuple[int, float]:
    share = way.shares.get(person_id)
    return (share.n, share.wins.mean) if share else (0, 0.0)


def _plain(report: Any) -> dict[str, Any]:
    told = asdict(report)
    told["examples"] = [
        {
            "number": one.inquiry.number,
            "at": one.inquiry.at,
            "by_way": one.by_way,
            "how": one.why.by,
            "rule": one.why.rule,
        }
        for one in report.examples
    ]
    return told
