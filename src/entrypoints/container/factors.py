"""Factories for second factors."""

from dataclasses import dataclass

from latchkey.adapters.challenge_token import HmacPendingSignInCodec
from latchkey.adapters.factor_keys import HmacFactorKeys
from latchkey.application.accounts.current_user import CurrentUser
from latchkey.application.enrolment.begin_totp import BeginTotp
from latchkey.application.enrolment.confirm_totp import ConfirmTotp
from latchkey.application.enrolment.forget_own_devices import ForgetDevices
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import OwnFactors
from latchkey.application.enrolment.pending_totp import PendingTotp
from latchkey.application.enrolment.remove_factors import RemoveFactors
from latchkey.application.enrolment.replace_codes import ReplaceCodes
from latchkey.application.factors.attempts import FactorAttempts
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.pending_sign_in import PendingSignInCodec
from latchkey.domain.storage import Storage
from latchkey.entrypoints import keys
from latchkey.entrypoints.settings import Settings


def challenge_codec(settings: Settings) -> PendingSignInCodec:
    return HmacPendingSignInCodec(keys.challenge_keys(settings))


def factor_keys(settings: Settings) -> FactorKeys:
    return HmacFactorKeys(keys.factor_keys(settings))


def factor_attempts(settings: Settings, storage: Storage) -> FactorAttempts:
    return FactorAttempts(
        throttle=storage.throttle, rate=settings.factors.limit, clock=storage.clock
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorUseCases:
    """What users can do to their own second factors."""

    own: OwnFactors
    begin_totp: BeginTotp
    confirm_totp: ConfirmTotp
    replace_codes: ReplaceCodes
    remove_factors: RemoveFactors
    forget_devices: ForgetDevices


def factor_use_cases(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    current_user: CurrentUser,
    factor_keys: FactorKeys,
    replace_sessions: ReplaceSessions,
    notices: Notices,
) -> FactorUseCases:
    units, clock, codes = storage.units, storage.clock, NewCodes(keys=factor_keys)
    totp = PendingTotp(keys=factor_keys, issuer=settings.public_host)
    own = _own_factors(settings, storage, current_user)
    return FactorUseCases(
        own=own,
        begin_totp=BeginTotp(own=own, pending_totp=totp, units=units, clock=clock),
        confirm_totp=ConfirmTotp(
            own=own,
            attempts=factor_attempts(settings, storage),
            pending_totp=totp,
            new_codes=codes,
            units=units,
            replace_sessions=replace_sessions,
            notices=notices,
            clock=clock,
        ),
        replace_codes=_replace_codes(storage, own, codes, replace_sessions, notices),
        remove_factors=_remove_factors(settings, storage, own, replace_sessions, notices),
        forget_devices=ForgetDevices(current_user=current_user, units=units, clock=clock),
    )


def _own_factors(settings: Settings, storage: Storage, current_user: CurrentUser) -> OwnFactors:
    return OwnFactors(
        current_user=current_user,
        factors=storage.factors,
        clock=storage.clock,
        max_age=settings.factors.fresh,
    )


def _replace_codes(
    storage: Storage,
    own: OwnFactors,
    new_codes: NewCodes,
    replace_sessions: ReplaceSessions,
    notices: Notices,
) -> ReplaceCodes:
    return ReplaceCodes(
        own=own,
        new_codes=new_codes,
        units=storage.units,
        replace_sessions=replace_sessions,
        notices=notices,
        clock=storage.clock,
    )


def _remove_factors(
    settings: Settings,
    storage: Storage,
    own: OwnFactors,
    replace_sessions: ReplaceSessions,
    notices: Notices,
) -> RemoveFactors:
    return RemoveFactors(
        own=own,
        requirement=settings.factors.requirement,
        units=storage.units,
        replace_sessions=replace_sessions,
        notices=notices,
        clock=storage.clock,
    )
