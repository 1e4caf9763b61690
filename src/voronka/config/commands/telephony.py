"""`./voronka telephony`: join an exchange from the command line, and listen to it."""

import json
import os
import signal
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

from voronka.calls.providers import KINDS
from voronka.config.commands import options


def run(arguments: list[str]) -> int:
    """Add an Asterisk, list the exchanges, listen to them, or read once what is there."""
    parser = options.parser("telephony", "Telephone exchanges.")
    acts = parser.add_subparsers(dest="act", required=True, parser_class=options.Parser)
    listen = acts.add_parser("asterisk", help="listen to every Asterisk that is joined")
    listen.add_argument("--once", action="store_true", help="read their records and stop")
    acts.add_parser("list", help="what is joined, and how it fares")
    add = acts.add_parser("add", help="join an Asterisk, or an exchange that calls us")
    add.add_argument(
        "--kind",
        choices=[one.kind for one in KINDS],
        default="asterisk",
        help="generic: our own protocol; external_call: as to Bitrix24 (asterisk)",
    )
    add.add_argument(
        "--options",
        type=_options,
        default={},
        metavar="JSON",
        help="what else its adapter wants; see the README of its folder in calls/providers",
    )
    add.add_argument("--name", required=True)
    add.add_argument("--host", help="of the manager interface (AMI)")
    add.add_argument("--port", type=int, default=5038)
    add.add_argument("--login", default="")
    add.add_argument(
        "--password-from",
        metavar="VARIABLE",
        help="the environment's variable that has the password, or the token",
    )
    add.add_argument(
        "--record", default="", metavar="URL", help="sqlite:///… or postgresql://…, table cel"
    )
    add.add_argument("--recordings", default="", metavar="FOLDER")
    add.add_argument("--zone", default="Europe/Moscow")
    compare = acts.add_parser("compare", help="compare an exchange's calls with ours, and add")
    compare.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="(yesterday)")
    compare.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="(since)")
    given = parser.parse_args(arguments)
    os.environ.setdefault("VORONKA_MODE", "real")
    options.set_up()
    options.migrate()
    acting = {"asterisk": _listen, "list": _list, "add": _add, "compare": _compare}
    return acting[given.act](given)


def _options(text: str) -> dict[str, Any]:
    """Read what a person typed. Raises: ValueError when it is no JSON object."""
    said = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said


def _add(given: Any) -> int:
    from voronka.calls.exchanges import NewExchange, add_exchange  # noqa: PLC0415
    from voronka.foundation.errors import RefusalError  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    said = {
        "host": given.host,
        "port": given.port,
        "login": given.login,
        "record": given.record,
        "recordings": given.recordings,
    }
    new = NewExchange(
        kind=given.kind,
        name=given.name,
        secret=os.environ.get(given.password_from or "", ""),
        zone=given.zone,
        options={name: value for name, value in said.items() if value} | given.options,
    )
    try:
        exchange = add_exchange(new, by=SYSTEM, at=datetime.now(UTC))
    except RefusalError as error:
        print(f"voronka: {error.code}: {error.details}", file=sys.stderr)
        return 2
    print(f"exchange {exchange.pk} is joined: {exchange.name}")
    if given.kind != "asterisk":
        print(f"it is to call https://<this host>/telephony/{exchange.path_key}/")
    return 0


def _list(_given: Any) -> int:
    from voronka.calls.exchange_queries import exchanges  # noqa: PLC0415

    for row in exchanges():
        said = row.problem or ("on" if row.is_on else "off")
        heard = row.heard_at.isoformat(timespec="seconds") if row.heard_at else "never"
        print(f"{row.id:>4} {row.kind:<10} {row.name:<30} {said:<14} heard {heard}")
    return 0


def _compare(given: Any) -> int:
    """Compare with each exchange that can be asked; 1 when one could not be."""
    from voronka.calls.exchange_queries import exchanges  # noqa: PLC0415
    from voronka.calls.reconciling import reconcile  # noqa: PLC0415
    from voronka.foundation.errors import RefusalError  # noqa: PLC0415
    from voronka.people import settings  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    now = datetime.now(UTC)
    calendar = settings.calendar(settings.all_settings())
    since = given.since or calendar.day_of(now) - timedelta(days=1)
    code = 0
    for row in (one for one in exchanges() if one.has_history):
        try:
            made = reconcile(
                exchange_id=row.id, since=since, until=given.until or since, by=SYSTEM, at=now
            )
        except RefusalError as error:
            print(f"voronka: {row.name}: {error}", file=sys.stderr)
            code = 1
        else:
            names = ("theirs", "ours", "added", "missing", "extra", "internal")
            said = {name: getattr(made, name) for name in names}
            print(json.dumps({"exchange": row.name, "since": str(since)} | said))
    return code


def _listen(given: Any) -> int:
    from voronka.calls.operator import listen, read_once  # noqa: PLC0415

    if given.once:
        print(json.dumps({"rows": read_once()}))
        return 0
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    print("listening. Ctrl C stops it.", flush=True)
    listen(stop)
    return 0
