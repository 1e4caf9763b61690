"""Telling an Asterisk to call: one's own telephone rings first, then the number."""

from voronka.calls.asterisk.ami import Ami
from voronka.calls.exchange_models import Exchange
from voronka.foundation.sealing import unseal

SECONDS = 4.0
RING_SECONDS = 30


def originate(exchange: Exchange, extension: str, number: str, ref: str) -> None:
    """Ring the extension and, when it is taken, the number (E.164).

    The exchange names the call as we do: `ref` becomes its uniqueid and linkedid.
    Options: dial_channel ("PJSIP/{extension}"), dial_context ("from-internal"), dial_form of
    the number: 8, 7 or +7 ("8"). Raises: AmiProblemError, LostKeyError.
    """
    options = exchange.options
    ami = Ami(
        str(options["host"]),
        int(options.get("port", 5038)),
        login=str(options.get("login", "")),
        password=unseal(exchange.secret) if exchange.secret else "",
        seconds=SECONDS,
    )
    called = as_dialled(number, str(options.get("dial_form", "8")))
    try:
        ami.act(
            "Originate",
            Channel=str(options.get("dial_channel", "PJSIP/{extension}")).format(
                extension=extension
            ),
            Context=str(options.get("dial_context", "from-internal")),
            Exten=called,
            Priority="1",
            CallerID=f"<{called}>",
            Timeout=str(RING_SECONDS * 1000),
            ChannelId=ref,
            Async="true",
        )
    finally:
        ami.close()


def as_dialled(number: str, form: str) -> str:
    """Give a number as this exchange's outbound rules want it; a foreign one by 810."""
    if number.startswith("+7"):
        return form + number[2:]
    return {"8": "810", "7": "", "+7": "+"}[form] + number[1:]
