"""Where cases wait, and what lost ones did more; counted by hand."""

from voronka.discovery.builder import LogBuilder
from voronka.discovery.report import report_on

HOUR = 3_600_000
WAY = ("Заявка", "КП", "Договор", "Оплата")
AT = (0, 2, 12, 17)


def builder_of(won: int, lost: int, opened: int) -> LogBuilder:
    """Won cases wait 2, 10 and 5 hours; lost ones refuse 4 hours after the quote; open ones
    stand at the quote."""
    builder = LogBuilder()
    for n in range(won + lost + opened):
        last = len(WAY) if n < won else 2
        for activity, hours in list(zip(WAY, AT, strict=True))[:last]:
            builder.add(f"c{n}", activity, hours * HOUR, "Анна")
        if won <= n < won + lost:
            builder.add(f"c{n}", "Отказ клиента", 6 * HOUR, "Анна")
    return builder


def test_stages_stand_by_the_hours_that_cases_waited_there() -> None:
    report = report_on(builder_of(40, 30, 5).finish())
    told = report.to_json()["bottlenecks"]
    assert [one["stage"] for one in told] == [["КП"], ["Договор"], ["Заявка"]]
    quote, contract, first = told
    assert (quote["n"], quote["median_hours"], quote["p80_hours"]) == (40, 10, 10)
    assert quote["waited_hours"] == 40 * 10 + 30 * 4
    assert (quote["lost"], quote["standing"]) == (30, 5)
    # The log ends at 17 h: those at the quote since 2 h stand 5 h beyond the usual 10.
    assert (quote["over"], quote["over_hours"]) == (5, 25)
    assert (contract["waited_hours"], first["waited_hours"]) == (200, 150)


def test_under_thirty_that_went_on_no_usual_time_is_told() -> None:
    told = report_on(builder_of(29, 20, 3).finish()).to_json()["bottlenecks"]
    quote = next(one for one in told if one["stage"] == ["КП"])
    assert (quote["n"], quote["median_hours"], quote["p80_hours"]) == (29, None, None)
    assert quote["over"] == 0


def test_what_lost_cases_did_more_is_told_against_those_that_came_as_far() -> None:
    builder = builder_of(100, 100, 0)
    for n in (*range(10), *range(100, 160)):
        builder.add(f"c{n}", "Проверка кредита", 3 * HOUR, "Анна")
    for n in range(70, 130):
        builder.add(f"c{n}", "Письмо", 3 * HOUR, "Анна")
    told = report_on(builder.finish()).to_json()["risky_acts"]
    assert [one["activity"] for one in told] == ["Проверка кредита"]
    (check,) = told
    assert (check["stage"], check["lost"], check["n"]) == (["КП"], 60, 70)
    assert (check["others_lost"], check["others"]) == (40, 130)
    assert check["lift"] == round((60 / 70) / (40 / 130), 2)
