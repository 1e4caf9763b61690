"""`./voronka start`: a real, empty installation."""

import os

from voronka.config.commands import options, serving


def run(arguments: list[str]) -> int:
    """Serve the installation in the data folder; the first time print the first-run link."""
    parser = options.parser("start", "Serve the installation that VORONKA_HOME names.")
    options.port_option(parser)
    parser.add_argument(
        "--new-link", metavar="MAIL", help="print a link that sets this person's password"
    )
    parser.add_argument(
        "--examples",
        action="store_true",
        help="put an invented department into an empty base; the settings page takes it away",
    )
    given = parser.parse_args(arguments)
    if problem := serving.port_problem(given.host, given.port):
        return serving.told(problem)
    os.environ.setdefault("VORONKA_MODE", "real")
    if given.host not in ("127.0.0.1", "localhost", "::1", "0.0.0.0"):
        os.environ["VORONKA_HOSTS"] = f"{os.environ.get('VORONKA_HOSTS', '')} {given.host}"
    options.set_up()
    options.migrate()
    address = f"http://{given.host}:{given.port}"
    if given.new_link and not _print_link(given.new_link, address):
        return serving.told(f"nobody has the mail address {given.new_link}.")
    if given.examples and (problem := _add_examples()):
        return serving.told(problem)
    _print_first_run(address)
    print(f"Voronka serves {address}/ from {options.home()}. Ctrl C stops it.", flush=True)
    return serving.serve(host=given.host, port=given.port)


def _print_first_run(address: str) -> None:
    from voronka.people.invitations import prepare_first_run  # noqa: PLC0415

    if token := prepare_first_run():
        print("Nobody has an account yet. This link makes the administrator and works once:")
        print(f"  {address}/start/{token}/")


def _add_examples() -> str:
    from datetime import UTC, datetime  # noqa: PLC0415

    from voronka.config.seeding.demo import PARTS, seed_demo  # noqa: PLC0415
    from voronka.deals.queries import has_deals  # noqa: PLC0415

    if has_deals():
        return "the base holds deals already; examples go into an empty one."
    bar = options.Bar("making examples", len(PARTS))
    seed_demo(
        now=datetime.now(UTC),
        progress=lambda done, _all, part: bar.show(done, part),
        with_settings=False,
    )
    bar.end()
    return ""


def _print_link(mail: str, address: str) -> bool:
    from datetime import UTC, datetime  # noqa: PLC0415

    from voronka.people.invitations import renew_invitation  # noqa: PLC0415
    from voronka.people.queries import person_by_mail  # noqa: PLC0415
    from voronka.people.viewers import SYSTEM  # noqa: PLC0415

    person_id = person_by_mail(mail)
    if person_id is None:
        return False
    token = renew_invitation(person_id=person_id, by=SYSTEM, at=datetime.now(UTC))
    print(f"This link sets the password of {mail} and works once, for three days:")
    print(f"  {address}/invitation/{token}/")
    return True
