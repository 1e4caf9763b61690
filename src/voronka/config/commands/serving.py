"""One process: pages by uvicorn, and the threads of worker, doorman and postman beside it."""

import contextlib
import errno
import socket
import sys
import threading
from datetime import UTC, datetime

from voronka.config.commands import beside, home_lock, options


def serve(*, host: str, port: int) -> int:
    """Serve until interrupted; give the exit code. The port must be free."""
    import uvicorn  # noqa: PLC0415

    from voronka.config.clock import LINES  # noqa: PLC0415
    from voronka.foundation import worker  # noqa: PLC0415

    worker.set_lines(LINES, now=datetime.now(UTC))
    stop = threading.Event()
    jobs = threading.Thread(target=worker.work, args=(stop,), name="jobs", daemon=True)
    threads = [jobs, *beside.threads(stop)]
    settings = uvicorn.Config(
        "voronka.config.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    for thread in threads:
        thread.start()
    # The server stops gracefully by itself and then raises the interrupt once more.
    with home_lock.held(options.home()), contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run()
    stop.set()
    for thread in threads:
        thread.join(timeout=10)
    return 0


def port_problem(host: str, port: int) -> str:
    """Say in words why the port cannot be had; "" when it can."""
    if not 0 < port < 65_536:
        return f"{port} is no port: take one from 1024 to 65535."
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = f"try --port {port + 1}"
            return f"port {port} is taken. Another Voronka may be running; or {other}."
        return f"cannot listen on {host}:{port}: {error.strerror}."
    return ""


def told(problem: str) -> int:
    """Print why nothing was done; give code 2."""
    print(f"voronka: {problem}", file=sys.stderr)
    return 2
