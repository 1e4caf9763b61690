"""What runs by the clock, and how often (seconds)."""

MINUTE, HOUR, DAY = 60, 3600, 86_400
LINES = {
    "voronka.calls.jobs.lay_days": HOUR,
    "voronka.calls.jobs.compare_yesterday": HOUR,
    "voronka.calls.jobs.read_what_waits": MINUTE,
    "voronka.calls.jobs.settle_call_backs": MINUTE,
    "voronka.calls.jobs.tidy_events": DAY,
    "voronka.calls.sound.jobs.fetch_awaited": MINUTE,
    "voronka.calls.sound.jobs.purge_recordings": DAY,
    "voronka.calls.jobs.watch_exchanges": 5 * MINUTE,
    "voronka.control.jobs.look_for_slips": MINUTE,
    "voronka.deals.jobs.measure_chances": DAY,
    "voronka.deals.jobs.publish_due": MINUTE,
    "voronka.discovery.jobs.refresh_findings": DAY,
    "voronka.inquiries.telegram.jobs.deliver_all": MINUTE,
    "voronka.inquiries.jobs.learn_who_wins": HOUR,
    "voronka.inquiries.jobs.pass_on_unaccepted": MINUTE,
    "voronka.foundation.jobs.tidy_queue": DAY,
    "voronka.letters.jobs.deliver_all": MINUTE,
    "voronka.people.jobs.tidy_notices": DAY,
}
