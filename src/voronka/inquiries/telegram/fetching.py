"""Files that came in a chat, downloaded after the message was taken in."""

from voronka.foundation import files
from voronka.foundation.sealing import unseal
from voronka.inquiries.attachments import TOP_FILE, GivenFile, sort_files
from voronka.inquiries.received_models import ReceivedFile
from voronka.inquiries.telegram import api
from voronka.inquiries.telegram.tables import Bot
from voronka.people.outside import OutsideClosedError, outside_is_closed

TOP_OF_INQUIRY = 60


def fetch(*, file_id: int, bot_pk: int, telegram_id: str) -> None:
    """Download one file; a second call does nothing.

    Raises: TelegramError and OutsideClosedError, to be tried again later.
    """
    row = ReceivedFile.objects.select_related("received").filter(pk=file_id).first()
    if row is None or row.problem != "waiting":
        return
    problem = "too_big" if row.size > TOP_FILE else ""
    beside = ReceivedFile.objects.filter(received__inquiry_id=row.received.inquiry_id or 0)
    if beside.exclude(content="").count() >= TOP_OF_INQUIRY:
        problem = "too_many"
    if problem:
        ReceivedFile.objects.filter(pk=row.pk).update(problem=problem)
        return
    if outside_is_closed():
        raise OutsideClosedError
    _keep(row, Bot.objects.get(pk=bot_pk), telegram_id)


def _keep(row: ReceivedFile, bot: Bot, telegram_id: str) -> None:
    known: dict[str, object] = {"problem": "refused"}
    try:
        token = unseal(bot.token) if bot.token else ""
        content = api.fetch(token, file_id=telegram_id, top_bytes=TOP_FILE) if token else b""
        one = sort_files([GivenFile(row.name, content)])[0]
        kept = "" if one.problem else files.keep(one.content)
        known = {
            "content": kept, "problem": one.problem, "kind": one.kind, "size": len(content),
            "name": one.name,
        }  # fmt: skip
    except api.TelegramError as error:
        if error.code in api.RETRIED:
            raise
        known = {"problem": "too_big" if error.code == "too_big" else "refused"}
    ReceivedFile.objects.filter(pk=row.pk, problem="waiting").update(**known)
