"""The routes of second factors, with their use cases."""

from litestar import Router

from latchkey.entrypoints.container import Container
from latchkey.entrypoints.http.dependencies import provide_all
from latchkey.entrypoints.http.factors.controller import FactorController
from latchkey.entrypoints.http.factors.login import SecondFactorController


def router(container: Container) -> Router:
    use_cases, answers = container.factor_use_cases(), container.challenge_answers()
    return Router(
        "/",
        route_handlers=[SecondFactorController, FactorController],
        dependencies=provide_all(
            second_factor_login=answers.login,
            begin_enrolment=answers.begin_enrolment,
            confirm_enrolment=answers.confirm_enrolment,
            own_factors=use_cases.own,
            begin_totp=use_cases.begin_totp,
            confirm_totp=use_cases.confirm_totp,
            replace_codes=use_cases.replace_codes,
            remove_factors=use_cases.remove_factors,
        ),
    )
