"""A small department with one of everything, for walking through all pages."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from voronka.agenda.steps import set_step
from voronka.calls.exchanges import NewExchange, add_exchange
from voronka.calls.recording import NewCall, record_call
from voronka.calls.recording_models import Recording
from voronka.calls.sound.keeping import keep_sound
from voronka.calls.sound.kept_sound import Sound
from voronka.calls.sound.notes import note_call
from voronka.clients.cards import NewClient, add_client
from voronka.clients.custom_fields import define_field
from voronka.clients.merging import merge_clients
from voronka.control.models import Slip
from voronka.control.strangers import strangers
from voronka.control.watch import look_at_all
from voronka.deals.dealing import Line, open_deal, put_lines
from voronka.deals.models import Funnel
from voronka.deals.stage_moves import lose_deal, win_deal
from voronka.foundation import files
from voronka.foundation.sealing import seal
from voronka.inquiries.attachments import GivenFile
from voronka.inquiries.intake import NewInquiry, register_inquiry
from voronka.inquiries.mailing.boxes import NewMailbox, add_mailbox
from voronka.inquiries.models import Bot, Chat, Inquiry, Received, ReceivedFile, Thread
from voronka.inquiries.receiving import Delivery, receive
from voronka.inquiries.registering import dismiss_stranger
from voronka.journal.viewer import Viewer
from voronka.letters.models import Letter, LetterFile
from voronka.letters.senders import NewSender, set_sender
from voronka.letters.templates import NewTemplate, save_template
from voronka.people import settings
from voronka.people.api_keys import keys, make_key
from voronka.people.invitations import renew_invitation
from voronka.people.notices import notices, tell
from voronka.people.viewers import SYSTEM

STRANGER = "+79000006308"


@dataclass(frozen=True, slots=True)
class World:
    """Ids of what the addresses name. Everything belongs to olga."""

    client: int
    other: int
    deal: int
    lost: int
    inquiry: int
    step: int
    slip: int
    stage: int
    merge: int
    person: int
    token: str
    unread: int
    key: int
    notice: int
    file: int
    stranger: str
    mark: int
    mailbox: int
    call: int
    call_note: int
    exchange: int
    letter: int
    template: int
    attached: int


def build(cast: SimpleNamespace, funnel: Funnel, reasons: SimpleNamespace) -> World:
    """Make the department as of four working days ago, so that slips are due."""
    olga, anna = cast.see("olga"), cast.see("anna")
    at = datetime.now(UTC) - timedelta(days=12)
    define_field(scope="client", name="Объектов в год", kind="number", by=anna, at=at)
    define_field(scope="deal", name="Монтаж", kind="flag", by=anna, at=at)
    full = NewClient(
        name="ООО «Ромашка»",
        fields={"inn": "7707083893", "city": "Самара"},
        phones=["+7 912 345-67-89"],
        mails=["info@romashka.example"],
        contact_name="Пётр Иванов",
        source="Сайт",
    )
    client = add_client(full, by=olga, at=at)
    twin = add_client(NewClient(name="Ромашка ООО"), by=olga, at=at)
    gone = add_client(NewClient(name="Лютик"), by=olga, at=at)
    merge = merge_clients(kept_id=client.pk, other_id=gone.pk, choice={}, by=olga, at=at)
    deal = open_deal(
        client_id=client.pk, title="Кресла", by=olga, at=at, amount_kopecks=1_240_000_00
    )
    put_lines(
        deal_id=deal.pk, lines=[Line(name="Кресло", price_kopecks=900_00)], by=olga, at=at
    )
    won = open_deal(client_id=client.pk, title="Столы", by=olga, at=at, amount_kopecks=300_00)
    win_deal(deal_id=won.pk, by=olga, at=at + timedelta(days=1))
    lost = open_deal(client_id=twin.pk, title="Шкафы", by=olga, at=at, amount_kopecks=500_00)
    lose_deal(deal_id=lost.pk, reason_id=reasons.other.pk, by=olga, at=at + timedelta(days=2))
    due = at + timedelta(hours=3)
    step = set_step(kind="meeting", title="Показ", due_at=due, deal_id=deal.pk, by=olga, at=at)
    bare = open_deal(client_id=twin.pk, title="Полки", by=olga, at=at, amount_kopecks=70_000_00)
    new = NewInquiry(channel="form", name="Иван", phone="8 912 000 11 22", text="Нужны стулья")
    inquiry = register_inquiry(
        NewInquiry(**{**_fields(new), "manager_id": cast.olga.pk}), by=olga, at=at
    )
    missed = NewCall(
        started_at=at,
        direction="in",
        phone="+79123456789",
        manager_id=None,
        is_answered=False,
        wait_seconds=20,
    )
    record_call(missed, by=olga)
    mark = _strangers(olga, at)
    look_at_all(now=datetime.now(UTC))
    return World(
        client=client.pk,
        other=twin.pk,
        deal=deal.pk,
        lost=lost.pk,
        inquiry=inquiry.pk,
        step=step.pk,
        slip=Slip.objects.filter(deal_id=bare.pk).order_by("pk")[0].pk,
        stage=deal.stage_id,
        merge=merge.pk,
        person=cast.olga.pk,
        stranger=STRANGER,
        mark=mark,
        token=renew_invitation(person_id=cast.oleg.pk, by=anna, at=datetime.now(UTC)),
        key=_key(anna, at),
        notice=_told(cast.olga.pk, inquiry, at),
        **_delivered(inquiry, at),
        mailbox=_mailbox(anna, at),
        **_recorded(cast, at),
        exchange=_exchange(anna, at),
        **_written(cast, client.pk, at),
    )


def _recorded(cast: SimpleNamespace, at: datetime) -> dict[str, int]:
    """A talk of olga's with its recording and a note of hers."""
    call = record_call(
        NewCall(
            started_at=at + timedelta(days=11), direction="in", phone="+79123456789",
            manager_id=cast.olga.pk, is_answered=True, wait_seconds=9, talk_seconds=98,
            external_id="recorded",
        ),
        by=cast.see("olga"),
    )  # fmt: skip
    row = Recording.objects.create(call=call, next_try_at=at)
    peaks = bytes(range(240)) + bytes(240)
    sound = Sound(b"fLaC" + bytes(range(256)) * 40, 98.0, 2, peaks)
    keep_sound(row, sound, place="", at=at)
    note = note_call(call_id=call.pk, second=5, text="Цена", by=cast.see("olga"), at=at)
    _talk(cast.olga.pk)
    return {"call": call.pk, "call_note": note.pk}


def _talk(person_id: int) -> None:
    """Put down a talk of a while ago, about the deal, after which nothing was said."""
    talk = NewCall(
        started_at=datetime.now(UTC) - timedelta(days=2), direction="out",
        phone="+79123456789", manager_id=person_id, is_answered=True, talk_seconds=90,
    )  # fmt: skip
    record_call(talk, by=SYSTEM)


def _strangers(by: Viewer, at: datetime) -> int:
    """Put down two talks that nobody made an inquiry of; one is said to be no customer's."""
    for phone in (STRANGER, "+79000009245"):
        talk = NewCall(
            started_at=at, direction="in", phone=phone, manager_id=by.person_id,
            is_answered=True, wait_seconds=9, talk_seconds=98,
        )  # fmt: skip
        record_call(talk, by=by)
    known = settings.all_settings()
    calendar = settings.calendar(known)
    found = strangers(viewer=by, now=at, calendar=calendar, settings=known)
    one = next(one for one in found if one.address != STRANGER)
    return dismiss_stranger(one, reason="supplier", by=by, at=at).pk


def _fields(new: NewInquiry) -> dict[str, object]:
    return {name: getattr(new, name) for name in new.__dataclass_fields__}


def _told(person_id: int, inquiry: Inquiry, at: datetime) -> int:
    about = {"id": inquiry.pk, "number": inquiry.number, "who": "", "channel": "form"}
    tell(person_id=person_id, kind="inquiry", about=about, at=at)
    return notices(person_id=person_id)[0].id


def _key(by: Viewer, at: datetime) -> int:
    make_key(name="PBX", scopes=["route"], by=by, at=at)
    return keys()[0].id


def _mailbox(by: Viewer, at: datetime) -> int:
    """Join a mailbox that nobody listens at: it refuses at once."""
    new = NewMailbox(
        address="sales@firm.example",
        password="secret",
        server="127.0.0.1",
        port=9,
        security="none",
    )
    return add_mailbox(new, by=by, at=at).pk


def _chatted(inquiry: Inquiry, at: datetime) -> None:
    """Let the inquiry have come through a bot."""
    bot = Bot.objects.create(bot_id=4242, name="firm_bot", token=seal("4242:none"))
    chat = Chat.objects.create(bot=bot, chat_id=7, name="Иван")
    Thread.objects.create(chat=chat, inquiry=inquiry, last_at=at)


def _delivered(inquiry: Inquiry, at: datetime) -> dict[str, int]:
    """Receive one thing nobody can read, and a file that came with the inquiry; a chat."""
    _chatted(inquiry, at)
    broken = Delivery(channel="form", shape="json", body=b"{", problem="not_json")
    unread = receive(broken, at=at).received_id
    files = [GivenFile("plan.pdf", b"%PDF-1.7"), GivenFile("run.exe", b"MZ")]
    whole = receive(Delivery(channel="form", shape="json", body=b"{}", files=files), at=at)
    Received.objects.filter(pk=whole.received_id).update(inquiry=inquiry, state="done")
    file = ReceivedFile.objects.exclude(content="").latest("pk").pk
    return {"unread": unread, "file": file}


def _written(cast: SimpleNamespace, client_id: int, at: datetime) -> dict[str, int]:
    """Set up a mailbox to send from, and put down a letter of olga's that did not go."""
    anna = cast.see("anna")
    sender = NewSender(
        address="sales@firm.example", password="secret", server="127.0.0.1", port=9,
        security="none",
    )  # fmt: skip
    set_sender(sender, by=anna, at=at)
    new = NewTemplate(
        channel="mail", name="Счёт", subject="{сделка}", text="{имя}, {сумма}. {фирма}"
    )
    template = save_template(new, by=anna, at=at)
    letter = Letter.objects.create(
        channel="mail", client_id=client_id, to="info@romashka.example", subject="Счёт",
        text="Счёт ниже", by=cast.olga, at=at, next_at=at, message_id="<one@firm>",
        state="failed", problem="no_such_address",
    )  # fmt: skip
    file = LetterFile.objects.create(
        letter=letter, name="price.pdf", kind="application/pdf", size=8,
        content=files.keep(b"%PDF-1.7"),
    )  # fmt: skip
    return {"letter": letter.pk, "template": template.pk, "attached": file.pk}


def _exchange(by: Viewer, at: datetime) -> int:
    """Join an exchange that tells by itself, and so far said nothing."""
    return add_exchange(NewExchange(kind="generic", name="PBX"), by=by, at=at).pk
