"""Handing one letter to the server of the firm's mailbox."""

from voronka.letters.composing import composed
from voronka.letters.models import Letter, Sender
from voronka.letters.senders import server_of
from voronka.letters.smtp import SendingError, hand_in, signed_in
from voronka.people.settings import all_settings


def bring(letter: Letter, sender: Sender) -> None:
    """Send a letter; the server has taken it when this returns. Raises: SendingError."""
    try:
        made = composed(letter, address=sender.address, sender_name=_name(letter))
    except (ValueError, UnicodeError) as error:
        raise SendingError("no_such_address", str(error)) from error
    except FileNotFoundError as error:
        raise SendingError("no_file", str(error)) from error
    except OSError as error:
        raise SendingError("broken", str(error)) from error
    with signed_in(server_of(sender)) as line:
        hand_in(line, made, sender=sender.address, to=str(made["To"].addresses[0].addr_spec))


def _name(letter: Letter) -> str:
    firm = str(all_settings()["company_name"]).strip()
    return f"{letter.by.name}, {firm}" if firm else letter.by.name
