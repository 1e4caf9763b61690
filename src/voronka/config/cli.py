"""The commands behind ./voronka: each in a file of its own."""

import importlib
import os
import sys

COMMANDS = {
    "demo": "voronka.config.commands.demo",
    "start": "voronka.config.commands.start",
    "import": "voronka.config.commands.import_file",
    "discover": "voronka.config.commands.discover",
    "figures": "voronka.config.commands.figures",
    "routing": "voronka.config.commands.routing",
    "backup": "voronka.config.commands.backup",
    "restore": "voronka.config.commands.restore",
    "bench": "voronka.config.commands.bench",
    "worker": "voronka.config.commands.worker",
    "telephony": "voronka.config.commands.telephony",
    "calls": "voronka.config.commands.calls",
    "texts": "voronka.config.commands.texts",
}


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code: 0 done, 1 not all well, 2 could not start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voronka.config.settings")
    if arguments and arguments[0] == "manage":
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["voronka manage", *arguments[1:]])
        return 0
    if not arguments or arguments[0] not in COMMANDS:
        print("commands: " + ", ".join(COMMANDS), file=sys.stderr)
        return 2
    # Loaded on demand: a command that needs no pages should not pay for them.
    command = importlib.import_module(COMMANDS[arguments[0]])
    code: int = command.run(arguments[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
