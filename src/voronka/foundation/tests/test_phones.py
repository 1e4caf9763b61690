"""Phones: against the reference library, junk, cells with several, search."""

from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voronka.foundation.phones import (
    BadPhoneError,
    JunkPhoneError,
    Phone,
    format_phone,
    parse_phone,
    search_digits,
    split_phones,
)

NATIONAL = st.from_regex(r"[3489][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "e164", "extension"),
    [
        ("+8 900 000 14 52", "+79000001452", ""),
        ("+7 8 900 000-14-52", "+79000001452", ""),
        ("tel:+7-900-000-14-52;ext=12", "+79000001452", "12"),
        ("8 (846) 200-14-52 (доб. 12)", "+78462001452", "12"),
        ("8 846 200-14-52 х123", "+78462001452", "123"),
        ("9000001452.0", "+79000001452", ""),
        ("8\u2011900\u2011000\u201114\u201152\n", "+79000001452", ""),
        ("8 701 000 14 52", "+77010001452", ""),
        ("٨٩٠٠٠٠٠١٤٥٢", "+79000001452", ""),
        ("810 44 20 7946 0958", "+442079460958", ""),
        ("+375 29 123-45-67 #4", "+375291234567", "4"),
        ("+7 495 777-77-77", "+74957777777", ""),
    ],
)
def test_a_phone_is_read_in_any_writing(typed: str, e164: str, extension: str) -> None:
    assert parse_phone(typed) == Phone(e164, extension)


def test_a_number_of_another_land_is_read_by_its_region() -> None:
    assert parse_phone("020 7946 0958", "GB") == Phone("+442079460958")


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("", 0), ("abc", 0), ("112", 3), ("2001452", 7), ("8102100000", 10),
     ("+7 900 000 14 5", 10),
     ("8 900 000-14-52, 8 900 000-14-53", 22), ("9,00000145E+09", 11),
     ("+0 900 000 14 52", 11)],
)  # fmt: skip
def test_what_is_no_phone_is_refused_with_its_digits(typed: str, digits: int) -> None:
    with pytest.raises(BadPhoneError) as refused:
        parse_phone(typed)
    assert refused.value.code == "bad_phone"
    assert refused.value.details == {"text": typed, "digits": digits}


@pytest.mark.parametrize(
    "typed",
    ["1111111111", "0000000", "+7 999 999-99-99", "8 900 000-00-00", "+7 900 777-77-77",
     "8 495 000-00-00", "1234567890", "0123456789", "7" * 11, "+44 1111111111", "99999999999"],
)  # fmt: skip
def test_a_field_filled_to_be_left_alone_is_junk(typed: str) -> None:
    with pytest.raises(JunkPhoneError) as refused:
        parse_phone(typed)
    assert refused.value.code == "junk_phone"


@given(NATIONAL, st.sampled_from(["+7{}", "8{}", "7{}", "{}", "8 ({:.3}) "]))
def test_russian_numbers_are_read_as_the_reference_library_reads_them(
    national: str, writing: str
) -> None:
    typed = writing.format(national)
    typed += f"{national[3:6]}-{national[6:8]}-{national[8:]}" if "(" in writing else ""
    try:
        reference = phonenumbers.parse(typed, "RU")
    except phonenumbers.NumberParseException:
        with pytest.raises(BadPhoneError):
            parse_phone(typed)
        return
    assume(phonenumbers.is_valid_number(reference))
    e164 = phonenumbers.format_number(reference, phonenumbers.PhoneNumberFormat.E164)
    try:
        assert parse_phone(typed) == Phone(e164)
    except JunkPhoneError:
        assert len(set(national[3:])) == 1


@given(
    NATIONAL.map("8{}".format) | st.from_regex(r"\+?[0-9 ()-]{5,18}", fullmatch=True),
    st.from_regex(r"[0-9]{0,6}", fullmatch=True),
)
def test_a_phone_once_read_stays_the_same(typed: str, extension: str) -> None:
    try:
        phone = parse_phone(f"{typed} доб. {extension}" if extension else typed)
    except BadPhoneError:
        return
    assert phone.extension == extension
    assert parse_phone(phone.e164) == Phone(phone.e164)
    assert parse_phone(format_phone(phone.e164, phone.extension)) == phone


@given(st.text(max_size=40))
def test_any_text_is_a_phone_or_a_refusal(text: str) -> None:
    with suppress(BadPhoneError):
        assert parse_phone(text).e164.startswith("+")


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("8 900 000-14-52, 8 900 000-14-53", ["8 900 000-14-52", "8 900 000-14-53"]),
        ("89000001452;89000001453", ["89000001452", "89000001453"]),
        ("89000001452/89000001453\r\n+44 20 7946 0958",
         ["89000001452", "89000001453", "+44 20 7946 0958"]),
        ("8 900 000-14-52, доб. 5; 2001452", ["8 900 000-14-52, доб. 5", "2001452"]),
        ("(495) 123-45-67,12", ["(495) 123-45-67,12"]),
        ("9000001452;12, 9000001453", ["9000001452;12", "9000001453"]),
        (" ; нет, ", []),
    ],
)  # fmt: skip
def test_a_cell_with_several_phones_is_split(cell: str, parts: list[str]) -> None:
    assert split_phones(cell) == parts


def test_phones_are_written_for_people() -> None:
    assert format_phone("+79000001452") == "+7\u00a0900\u00a0000-14-52"
    assert format_phone("+79000001452", "12") == "+7\u00a0900\u00a0000-14-52\u00a0#12"
    assert format_phone("+442079460958") == "+44\u00a020\u00a07946\u00a00958"
    assert format_phone("anonymous") == "anonymous"


@pytest.mark.parametrize(
    ("query", "digits"),
    [("8 (900) 000", "900000"), ("8900", "900"), ("+7 900", "7900"),
     ("89000001452", "9000001452"),
     ("+79000001452", "9000001452"), ("14-52", "1452"), ("812", "812"), ("Дом 8 900", "8900"),
     ("890123456789", "890123456789"), ("", ""), ("+", "")],
)  # fmt: skip
def test_a_typed_fragment_is_comparable_to_stored_numbers(query: str, digits: str) -> None:
    assert search_digits(query) == digits


@given(NATIONAL, st.integers(4, 11))
def test_every_beginning_of_a_number_finds_it(national: str, signs: int) -> None:
    for typed in ("8" + national, "7" + national, "+7" + national):
        assert search_digits(typed[:signs]) in "7" + national
