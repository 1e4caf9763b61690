"""A letter on its way: both forms of the text, headers that cannot be broken."""

import html
import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from voronka.foundation import files
from voronka.letters.models import Letter

_LINK = re.compile(r"https?://[^\s<>\"'«»]+[^\s<>\"'«».,;:!?)\]]")
_BEFORE = '<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n'
_POLICY = SMTP.clone(cte_type="7bit")


def composed(letter: Letter, *, address: str, sender_name: str) -> EmailMessage:
    """Make the letter that goes out, from `address` under the name of who wrote it.

    What was typed is text in both forms: a tag in it is seen, not obeyed.
    Raises: ValueError when an address cannot stand in a header; FileNotFoundError.
    """
    made = EmailMessage(policy=_POLICY)
    made["From"] = Address(_line(sender_name), addr_spec=sound_address(address))
    made["To"] = Address(addr_spec=sound_address(letter.to))
    made["Subject"] = _line(letter.subject)
    made["Date"] = format_datetime(letter.at)
    made["Message-ID"] = letter.message_id
    made.set_content(letter.text)
    made.add_alternative(as_html(letter.text), subtype="html")
    for one in letter.files.order_by("pk"):
        kind, _slash, sort = one.kind.partition("/")
        content = files.read(one.content)
        made.add_attachment(content, maintype=kind, subtype=sort, filename=one.name)
    return made


def as_html(text: str) -> str:
    """Give a text as HTML: escaped, paragraphs at empty lines, addresses of pages as links."""
    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part]
    body = "".join(f"<p>{_linked(part)}</p>\n" for part in parts)
    return f"{_BEFORE}{body}</body></html>\n"


def _linked(part: str) -> str:
    made, end = [], 0
    for found in _LINK.finditer(part):
        link = html.escape(found[0])
        made += [html.escape(part[end : found.start()]), f'<a href="{link}">{link}</a>']
        end = found.end()
    made.append(html.escape(part[end:]))
    return "".join(made).replace("\n", "<br>\n")


def _line(text: str) -> str:
    return " ".join(text.split())


def sound_address(address: str) -> str:
    """Give an address as it stands in a header, its domain in the letters all servers know.

    Raises: ValueError for what is none.
    """
    name, _at, domain = address.rpartition("@")
    try:
        spec = f"{name}@{domain.encode('idna').decode('ascii')}"
        if Address(addr_spec=spec).addr_spec == spec and spec.isascii():
            return spec
    except (MessageError, UnicodeError, AttributeError, IndexError) as error:
        raise ValueError(address) from error
    raise ValueError(address)
