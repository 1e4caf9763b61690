"""What the commands share: options, the data folder, plain errors, a progress bar."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An option parser whose error is one plain line with the way to help."""

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong and stop with code 2."""
        print(f"{self.prog}: {message}. See {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def parser(command: str, text: str) -> Parser:
    """Give the parser of a command."""
    return Parser(prog=f"./voronka {command}", description=text)


def port_option(options: argparse.ArgumentParser) -> None:
    """Add --port and --host."""
    options.add_argument("--port", type=int, default=8000, help="the port (8000)")
    options.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (127.0.0.1: this machine)"
    )


def home() -> Path:
    """Give the data folder that VORONKA_HOME names."""
    return Path(os.environ["VORONKA_HOME"])


def set_up() -> None:
    """Load the rooms; to be called after the environment is as the command wants it."""
    import django  # noqa: PLC0415

    django.setup()


def migrate() -> None:
    """Bring the database to this version; quick when there is nothing to do."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


class Bar:
    """A progress bar on stderr; a line now and then where stderr is no terminal."""

    def __init__(self, what: str, whole: int) -> None:
        self._what, self._whole = what, max(1, whole)
        self._began = self._shown = time.monotonic()
        self._is_terminal = sys.stderr.isatty()
        self._has_shown = False

    def show(self, done: int, text: str = "") -> None:
        """Show how far it is; at most five times a second, every 5 s without a terminal."""
        now = time.monotonic()
        pause = 0.2 if self._is_terminal else 5.0
        if now - self._shown < pause and done < self._whole:
            return
        self._shown, self._has_shown = now, True
        part = min(1.0, done / self._whole)
        left = (now - self._began) / part * (1 - part) if part else 0
        bar = "█" * round(part * 24) + "·" * (24 - round(part * 24))
        line = f"{self._what} {bar} {part:4.0%} {text or f'{left:.0f} s left'}"
        end = "" if self._is_terminal else "\n"
        print(
            f"\r{line:<76}" if self._is_terminal else line, end=end, file=sys.stderr, flush=True
        )

    def end(self) -> None:
        """Close the line."""
        if self._is_terminal and self._has_shown:
            print(file=sys.stderr)
