"""The routes of second factors, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.factors.controller import FactorController
from latchkey.entrypoints.http.factors.login import SecondFactorController
from latchkey.entrypoints.http.factors.passkeys import PasskeyController, PasskeyLoginController
from latchkey.entrypoints.http.factors.required_passkeys import RequiredPasskeyController


def router(container: Container) -> Router:
    return Router(
        "/",
        route_handlers=[
            SecondFactorController,
            RequiredPasskeyController,
            PasskeyLoginController,
            FactorController,
            PasskeyController,
        ],
        dependencies=provide_all(**_of_apps(container), **_of_passkeys(container)),
    )


def _of_apps(container: Container) -> dict[str, object]:
    use_cases, answers = container.factor_use_cases(), container.challenge_answers()
    return {
        "second_factor_login": answers.login,
        "begin_enrolment": answers.begin_enrolment,
        "confirm_enrolment": answers.confirm_enrolment,
        "begin_required_passkey": answers.begin_passkey,
        "add_required_passkey": answers.add_passkey,
        "begin_totp": use_cases.begin_totp,
        "confirm_totp": use_cases.confirm_totp,
        "replace_codes": use_cases.replace_codes,
        "remove_factors": use_cases.remove_factors,
        "forget_devices": use_cases.forget_devices,
    }


def _of_passkeys(container: Container) -> dict[str, object]:
    use_cases, logins = container.passkey_use_cases(), container.passkey_logins()
    return {
        "ask_passkey": logins.ask,
        "passkey_login": logins.login,
        "list_factors": use_cases.list_factors,
        "begin_passkey": use_cases.begin,
        "add_passkey": use_cases.add,
        "remove_passkey": use_cases.remove,
    }
