"""Which calls have a recording to be fetched."""

from datetime import datetime, timedelta

from voronka.calls.exchange_models import Exchange
from voronka.calls.models import Call
from voronka.calls.recording_models import Recording
from voronka.calls.sound.jobs import fetch_one
from voronka.calls.sound.sources import gives_any
from voronka.foundation.text import storable
from voronka.people.settings import all_settings


def expect_recording(
    call: Call, exchange: Exchange, names: tuple[str, ...], *, now: datetime
) -> None:
    """Await the recording of a talk that is over, if its exchange gives any; fetch it at once.

    `names`: what the exchange said of it; one told later is fetched then. The same again
    changes nothing. Must run inside the transaction that wrote the call.
    """
    if not call.is_answered or not gives_any(exchange, names):
        return
    days = all_settings()["recording_days"]
    if days and call.started_at < now - timedelta(days=days):
        return
    place = storable(names[0])[:1000] if names else ""
    made, is_new = Recording.objects.get_or_create(
        call=call, defaults={"place": place, "next_try_at": now}
    )
    is_later = place and made.place != place and made.state in ("absent", "failed", "awaited")
    if is_later and not is_new:
        made.place, made.state, made.tries, made.next_try_at = place, "awaited", 0, now
        made.save(update_fields=["place", "state", "tries", "next_try_at"])
    if is_new or is_later:
        fetch_one.enqueue(recording_id=made.pk)
