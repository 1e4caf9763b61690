"""Letters as they come: every charset, broken parts, history below, machines, any bytes."""

import base64
from contextlib import suppress
from email.message import EmailMessage
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voronka.inquiries.attachments import sort_files
from voronka.inquiries.mailing.headers import name_of
from voronka.inquiries.mailing.letters import Letter, message_of, read_letter
from voronka.inquiries.reading import UnreadError, read

HEAD = b"From: a@b.ru\nMessage-ID: <1@b.ru>\n"


def letter(text: str = "Нужны столы", subject: str = "Запрос", **more: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Иван Петров <ivan@b.ru>", "s@f.ru", subject
    made["Message-ID"] = "<1@b.ru>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def said(made: EmailMessage) -> Letter:
    return read_letter(made.as_bytes())


def answer(text: str) -> str:
    return said(letter(text, "Re: Запрос", In_Reply_To="<0@f.ru>")).text


def test_a_plain_letter_is_an_inquiry_with_its_subject_first() -> None:
    new = read("mail", letter("Нужны столы\n--\nИван, 8 (912) 000-11-22").as_bytes(), "mail")
    assert (new.name, new.mail, new.phone) == ("Иван Петров", "ivan@b.ru", "+79120001122")
    assert new.text.startswith("Запрос\n\nНужны столы")


@pytest.mark.parametrize(
    "subject",
    [
        "Цена стола".encode("cp1251"),
        "Цена стола".encode(),
        b"=?koi8-r?B?" + base64.b64encode("Цена стола".encode("koi8-r")) + b"?=",
        b"=?utf-8?Q?=D0=A6=D0=B5=D0=BD=D0=B0_=D1=81=D1=82?=\n =?utf-8?Q?=D0=BE=D0=BB=D0=B0?=",
        # A sign cut in two between the words, as some programs do.
        b"=?utf-8?Q?=D0=A6=D0=B5=D0=BD=D0=B0_=D1=81=D1=82=D0?= =?utf-8?Q?=BE=D0=BB=D0=B0?=",
        b"=?no-such?Q?=D0=A6=D0=B5=D0=BD=D0=B0_=D1=81=D1=82=D0=BE=D0=BB=D0=B0?=",
    ],
)
def test_a_subject_is_read_in_any_clothes(subject: bytes) -> None:
    assert read_letter(HEAD + b"Subject: " + subject + b"\n\nx").subject == "Цена стола"


@pytest.mark.parametrize(
    "charset", ["", "utf-8", "windows-1251", "no-such", "us-ascii", "\udcff"]
)
def test_a_body_is_read_though_its_charset_is_told_wrong(charset: str) -> None:
    told = f"Content-Type: text/plain; charset={charset}\n\n".encode("utf-8", "replace")
    assert read_letter(HEAD + told + "Столы".encode("cp1251")).text == "Столы"


def test_a_page_is_text_without_scripts_styles_and_trackers() -> None:
    made = letter()
    made.set_content(
        "<head><title>T</title><style>p{color:red}</style></head><body><p>Нужны&nbsp;<b>столы"
        "</b></p><script>alert('x')</script><div style='display:none'>тайна<br>ещё</div>"
        "<ul><li>дуб<li>бук</ul><img src='https://spy.example/1.gif' width=1></body>",
        subtype="html",
    )
    text = said(made).text
    assert text == "Нужны столы\n\nдуб\nбук"


def test_plain_words_are_taken_before_the_page() -> None:
    made = letter("просто")
    made.add_alternative("<p>пышно</p>", subtype="html")
    assert said(made).text == "просто"


HISTORIES = [
    "пн, 2 мар. 2026 г. в 12:00, Ольга <o@f.ru>:\n> старое\n> ещё",
    "02.03.2026 12:00, Ольга пишет:\n> старое\n>\n> ещё",
    "On Mon, Mar 2, 2026 at 12:00 Olga <o@f.ru>\nwrote:\n\n> старое",
    "-----Original Message-----\nFrom: Olga\nстарое",
    "-------- Исходное сообщение --------\nстарое",
    "From: Olga <o@f.ru>\nSent: Monday\nTo: Ivan\nSubject: Столы\n\nстарое",
    "От: Ольга\nОтправлено: вчера\nКому: Иван\nТема: Столы\n\nстарое",
]


@pytest.mark.parametrize("history", HISTORIES)
def test_the_history_below_an_answer_is_cut(history: str) -> None:
    text = answer(f"Беру пять.\n\n{history}")
    assert text.startswith("Беру пять.")
    assert "старое" not in text


@pytest.mark.parametrize("history", HISTORIES)
def test_a_letter_passed_on_keeps_what_it_passes_on(history: str) -> None:
    text = said(letter(f"Смотрите ниже.\n\n{history}", "Fwd: Запрос")).text
    assert "старое" in text


def test_answers_between_the_quotes_and_below_them_stay() -> None:
    for text in ("> цена?\nсто\n> срок?\nдва дня", "Ольга пишет:\n> цена?\nсто рублей"):
        assert "сто" in answer(text)
    assert answer("> одни\n> цитаты") == "> одни\n> цитаты"


def test_history_that_a_program_marked_in_its_page_is_cut() -> None:
    for mark in ('<div class="gmail_quote">', '<blockquote type="cite">',
                 '<div id="appendonsend"></div><div>'):  # fmt: skip
        made = letter("", "Re: Запрос", In_Reply_To="<0@f.ru>")
        made.set_content(f"<div>Беру</div>{mark}старое</div>", subtype="html")
        assert said(made).text == "Беру"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("тел. +7 912 000-11-22", "+79120001122"),
        ("89120001122 или 8 912 000 11 22", "+79120001122"),
        ("+7 912 000-11-22, +7 495 123-45-67", ""),
        (
            "Звоните Анне: +7 912 000-11-22\n\nС уважением, Иван\n+7 495 123-45-67",
            "+74951234567",
        ),
        ("ИНН 9201012345, р/с 40702810938000012345", ""),
        ("заказ № 9120001122", ""),
        ("факс: +7 495 123-45-67", ""),
        ("+49 30 901820", "+4930901820"),
        ("нет номера, 12 штук по 4500", ""),
    ],
)
def test_a_phone_is_taken_when_it_is_one_and_clear(text: str, phone: str) -> None:
    assert said(letter(text)).phone == phone


@pytest.mark.parametrize(
    ("name", "value", "machine"),
    [
        ("Auto-Submitted", "auto-replied (vacation)", "reply"),
        ("Auto-Submitted", "auto-generated", "robot"),
        ("Auto-Submitted", "no", ""),
        ("Precedence", "bulk", "list"),
        ("Precedence", "first-class", ""),
        ("X-Autoreply", "yes", "reply"),
        ("List-Id", "<news.shop.ru>", "list"),
        ("List-Unsubscribe", "<https://shop.ru/u>", "list"),
        ("Return-Path", "<>", "bounce"),
        ("Return-Path", "<ivan@b.ru>", ""),
    ],
)
def test_machines_give_themselves_away(name: str, value: str, machine: str) -> None:
    assert said(letter(**{name: value})).machine == machine


def test_a_mail_servers_report_is_a_bounce() -> None:
    assert read_letter(b"From: MAILER-DAEMON@mx.ru\n\nx").machine == "bounce"
    report = (
        b"From: a@b.ru\nContent-Type: multipart/report; boundary=x\n\n--x\n\nno such user\n"
    )
    assert read_letter(report).machine == "bounce"


def test_files_come_out_of_any_depth_and_nothing_is_unpacked() -> None:
    inner = letter("Чертёж внутри", "Старое")
    inner.add_attachment(
        b"%PDF-1.7", maintype="application", subtype="pdf", filename="план.pdf"
    )
    made = letter("Смотрите вложение")
    made.add_attachment(inner)
    made.add_attachment(b"PK\x03\x04bomb", maintype="a", subtype="zip", filename="42.zip")
    made.add_attachment(b"MZ\x90", maintype="image", subtype="png", filename="../../я.png")
    found = said(made)
    assert found.text == "Смотрите вложение"
    kept = [(one.name, one.problem) for one in sort_files(found.files)]
    assert kept == [("план.pdf", ""), ("42.zip", "bad_kind"), ("я.png", "bad_kind")]


def test_a_letter_that_only_passes_one_on_says_what_that_one_says() -> None:
    made = letter("")
    made.add_attachment(letter("Нужны двери"))
    assert said(made).text == "Нужны двери"


def test_a_small_picture_in_the_text_is_no_file_and_a_photograph_is() -> None:
    made = letter("Смотрите")
    for size in (100, 60_000):
        picture = b"\x89PNG\r\n\x1a\n" + b"x" * size
        made.add_attachment(picture, "image", "png", disposition="inline", cid=f"<{size}@b>")
    assert [len(one.content) for one in said(made).files] == [60_008]


def test_what_is_broken_is_still_read() -> None:
    cut = b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
    assert read_letter(HEAD + cut + "Столы".encode()).text == "Столы"
    wrong = b"Content-Transfer-Encoding: base64\n\n!!! not base64 at all"
    assert read_letter(HEAD + wrong).mail == "a@b.ru"
    assert read_letter(b"Subject: x\n\ny").mail == ""
    for body in (b"", b"\n\n", b"X-Y: z\n\n"):
        with pytest.raises(UnreadError, match="empty"):
            read_letter(body)


def test_parts_within_parts_without_end_are_read_or_left_to_a_person() -> None:
    deep = HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)
    )
    with suppress(UnreadError):
        assert read_letter(deep).mail == "a@b.ru"
    many = b"--x\nContent-Type: text/plain\n\ny\n" * 20_000
    wide = HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + many
    assert read_letter(wide).text.startswith("y")


@pytest.mark.parametrize(
    "body",
    [
        "> q\n" * 90_000 + "x", "\n" * 300_000 + "x", "a" * 300_000, "Ольга пишет:\n" * 20_000,
        "От: x\n" * 40_000, "8 912 " * 50_000,
        *(f"<p>\n{one}" * 40_000 for one in ("<", "<!--", "<![", "<a b='", "</", "&", "<!D")),
        "<!<!-- -->--" * 30_000, "<?" * 100_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_letter_made_to_be_slow_is_read_quickly(body: str, kind: str) -> None:
    told = f"Subject: Re: x\nContent-Type: text/{kind}; charset=utf-8\n\n".encode()
    since = process_time()
    read_letter(HEAD + told + body.encode())
    assert process_time() - since < 3


def test_a_letters_name_is_its_id_and_tells_letters_with_one_id_apart() -> None:
    def name(made: EmailMessage) -> str:
        return name_of(message_of(made.as_bytes()))

    assert name(letter()) == name(letter("другой текст")) != name(letter(subject="Другое"))
    assert name(letter()).startswith("1@b.ru~")
    assert len(name(letter(Date="x"))) <= 120
    assert name_of(message_of(b"From: a@b.ru\n\nx")) == ""


PIECES = st.sampled_from([
    b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=x\n", b"\n\n", b"--x\n",
    b"Content-Type: text/html\n", b"Content-Type: message/rfc822\n", b"--x--\n", b"=?utf-8?b?",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-uuencode\n", b"?=",
    b"Content-Disposition: attachment; filename*0*=x''%ff; filename*1=y\n", b"<![", b"<!D [",
    b"Content-Type: text/plain; charset*=x'y'%ff\n", b"<blockquote>", b"\n> q\n", b"a@b.ru",
    b"begin 644 f\n", b"In-Reply-To: <a>\n", b"Message-ID: <a>\n", "пишет:\n".encode("cp1251"),
])  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(body=st.lists(PIECES | st.binary(max_size=12), max_size=25).map(b"".join))
def test_whatever_bytes_come_a_letter_is_read_or_left_to_a_person(body: bytes) -> None:
    with suppress(UnreadError):
        new = read("mail", body, "mail")
        new.text.encode()
        assert "\0" not in new.text + new.name + new.mail
        name_of(message_of(body)).encode()
