"""What runs in threads beside the pages or the worker: doors, mailboxes, bots, exchanges."""

import threading


def threads(stop: threading.Event) -> list[threading.Thread]:
    """Give the threads, not yet started; each ends soon after `stop` is set."""
    from voronka.calls import operator  # noqa: PLC0415
    from voronka.calls.hooks.listening import read_hooks  # noqa: PLC0415
    from voronka.inquiries import doorman  # noqa: PLC0415
    from voronka.inquiries.mailing import postman  # noqa: PLC0415
    from voronka.inquiries.telegram import polling  # noqa: PLC0415

    acts = (doorman.stand, postman.look, polling.stand, operator.listen, read_hooks)
    return [
        threading.Thread(target=act, args=(stop,), name=act.__module__, daemon=True)
        for act in acts
    ]
