"""The demonstration's bot and the chats of its newest inquiries by messenger."""

from datetime import datetime, timedelta

from django.conf import settings

from voronka.config.seeding.world import World
from voronka.foundation.sealing import seal
from voronka.inquiries.models import Bot, Chat, Inquiry, Reply, Thread
from voronka.journal.actions import About
from voronka.journal.kinds import FactBody, InquiryMessage, InquiryMessageFailed

SHOWN = 12
ANSWERS = (
    "Добрый день. Посчитаем сегодня до 17:00 и пришлём сюда.",
    "Замер в четверг, в 10:00?",
)
FURTHER = "Хорошо, жду. Выезд на замер платный?"


def write_chats(world: World) -> None:
    """Give the newest inquiries by messenger a chat; the bot's token opens nothing.

    To be called before the ledger is written.
    """
    rows = Inquiry.objects.filter(batch_id=world.batch_id, channel="messenger")
    rows = rows.select_related("manager")
    newest = list(rows.order_by("-arrived_at", "-pk")[:SHOWN])
    if not newest:
        return
    bot = Bot.objects.create(
        # No bot of Telegram has such an id.
        bot_id=-world.batch_id,
        name="sever_klimat_bot",
        token=seal("0:demonstration"),
        # Among examples in a real installation nobody is to be asked.
        is_on=bool(settings.IS_DEMO),
        seen_at=newest[0].arrived_at,
        last_update_at=newest[0].arrived_at,
        batch_id=world.batch_id,
    )
    for n, one in enumerate(newest):
        chat = Chat.objects.create(bot=bot, chat_id=n + 1, name=one.name, language="ru")
        thread = Thread.objects.create(chat=chat, inquiry=one, last_at=one.arrived_at)
        if one.answered_at:
            _answer(world, thread, one, n)


def _answer(world: World, thread: Thread, one: Inquiry, n: int) -> None:
    at = one.answered_at or one.arrived_at
    later, now = at + timedelta(minutes=40), world.axis.moment(world.axis.now)
    written = at - timedelta(seconds=2)
    Reply.objects.create(
        thread=thread, kind="answer", text=ANSWERS[0], by_id=one.manager_id,
        at=written, next_at=at, state="sent", sent_at=at,
    )  # fmt: skip
    _say(world, one, "answer", ANSWERS[0], written)
    if later > now:
        return
    if n % 2:
        _say(world, one, "message", FURTHER, at + timedelta(minutes=9))
    if n % 4 == 3:
        Reply.objects.create(
            thread=thread, kind="answer", text=ANSWERS[1], by_id=one.manager_id,
            at=later, next_at=later, state="failed", problem="blocked",
        )  # fmt: skip
        _say(world, one, "answer", ANSWERS[1], later)
        failed = InquiryMessageFailed(number=one.number, how="answer", problem="blocked")
        _tell(world, one, failed, later, None)


def _say(world: World, one: Inquiry, how: str, text: str, at: datetime) -> None:
    said = InquiryMessage(number=one.number, how=how, text=text)
    _tell(world, one, said, at, one.manager_id if how == "answer" else None)


def _tell(world: World, one: Inquiry, body: FactBody, at: datetime, by_id: int | None) -> None:
    about = About(
        case=one.case,
        client_id=one.client_id,
        deal_id=one.deal_id,
        owner_id=one.manager_id,
        team_id=one.manager.team_id if one.manager else None,
        source_id=one.source_id,
    )
    world.ledger.add(int(at.timestamp()), body, about, by_id)
