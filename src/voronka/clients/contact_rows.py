"""The people at a client and how to reach them, read at one go."""

from dataclasses import dataclass

from django.db.models import F, Value

from voronka.clients.models import Contact, Mail, Phone


@dataclass(frozen=True, slots=True)
class Numbers:
    """A way to reach somebody: row id and the number or address."""

    id: int
    text: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a client. `id` None stands for numbers of the client itself."""

    id: int | None
    name: str
    post: str
    decides: str
    phones: tuple[Numbers, ...]
    mails: tuple[Numbers, ...]


def people_at(client_id: int) -> list[ContactRow]:
    """Give the people of a client with their numbers, then its own numbers; one query."""
    tables = (("a", Contact, "name", "post"), ("b", Phone, "e164", "extension"))
    columns = ("what", "pk", "person", "one", "two", "three")
    parts = []
    for what, table, one, two in (*tables, ("c", Mail, "address", "")):
        is_person = table is Contact
        parts.append(
            table._default_manager.filter(client_id=client_id)
            .annotate(
                what=Value(what),
                person=F("pk") if is_person else F("contact_id"),
                one=F(one),
                two=F(two) if two else Value(""),
                three=F("decides") if is_person else Value(""),
            )
            .values_list(*columns)
        )
    people: list[tuple[int, str, str, str]] = []
    phones: dict[int | None, list[Numbers]] = {}
    mails: dict[int | None, list[Numbers]] = {}
    for what, pk, person, one, two, three in (
        parts[0].union(*parts[1:], all=True).order_by("what", "pk")
    ):
        if what == "a":
            people.append((pk, one, two, three))
        else:
            numbers = phones if what == "b" else mails
            numbers.setdefault(person, []).append(Numbers(pk, one, two))
    rows: list[tuple[int | None, str, str, str]] = [*people]
    if None in phones or None in mails:
        rows.append((None, "", "", ""))
    return [
        ContactRow(*row, tuple(phones.get(row[0], ())), tuple(mails.get(row[0], ())))
        for row in rows
    ]
