"""The region of a number by its code, beside what the phone library knows."""

import phonenumbers
import pytest
from phonenumbers import geocoder

from voronka.foundation.area_codes_ru import AREAS, REGIONS, region_of

# The library has Moscow's codes the other way round: 495 and 499 are the city's own.
ITS_OWN = {"495", "496", "498", "499"}
# Long official names there, everyday ones here: what both have in common.
NAMED = {
    "346": "Югра", "411": "Якут", "341": "Удмурт", "835": "Чуваш", "866": "Кабардино",
    "867": "Осетия", "871": "Чечен", "878": "Карачаево", "426": "Еврейская", "427": "Чукот",
}  # fmt: skip


@pytest.mark.parametrize(
    ("e164", "region"),
    [
        ("+74951234567", "Москва"),
        ("+78121234567", "Санкт-Петербург"),
        ("+73433123456", "Свердловская область"),
        ("+78482123456", "Самарская область"),
        ("+79123456789", "мобильный"),
        ("+78001234567", "8-800"),
        ("+73001234567", ""),
        ("+77012345678", "KZ"),
        ("+375291234567", "BY"),
        ("позвоните в дверь", ""),
        ("", ""),
        ("+", ""),
    ],
)
def test_a_code_tells_the_region(e164: str, region: str) -> None:
    assert region_of(e164) == region


def test_every_code_is_of_the_region_that_the_library_names() -> None:
    for code, name in AREAS.items():
        if code not in ITS_OWN:
            number = phonenumbers.parse(f"+7{code}2223344")
            known = geocoder.description_for_number(number, "ru")
            stem = NAMED.get(code) or name.removeprefix("Республика ").split()[0]
            assert stem in known, (code, name, known)
    assert len(REGIONS) == len(set(REGIONS)) > 75
