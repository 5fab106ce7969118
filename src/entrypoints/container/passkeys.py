"""Factories for passkeys."""

from dataclasses import dataclass

from latchkey.adapters.passkey_challenge import HmacPasskeyChallengeCodec
from latchkey.adapters.webauthn import Fido2PasskeyVerifier
from latchkey.application.enrolment.add_passkey import AddPasskey
from latchkey.application.enrolment.begin_passkey import BeginPasskey
from latchkey.application.enrolment.list_factors import ListFactors
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.own_factors import OwnFactors
from latchkey.application.enrolment.passkey_creation import PasskeyCreation, PasskeyPolicy
from latchkey.application.enrolment.remove_passkey import RemovePasskey
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.replace_sessions import ReplaceSessions
from latchkey.application.sign_in.ask_passkey import AskPasskey
from latchkey.application.sign_in.login_devices import LoginDevices
from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.application.sign_in.open_session import OpenSession
from latchkey.application.sign_in.with_passkey import PasskeyLogin
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.passkey import RelyingParty
from latchkey.domain.storage import Storage
from latchkey.entrypoints import keys
from latchkey.entrypoints.container.factors import FactorUseCases
from latchkey.entrypoints.settings import Settings


def passkey_creation(settings: Settings) -> PasskeyCreation:
    return PasskeyCreation(
        policy=PasskeyPolicy(
            relying_party=_relying_party(settings), has_codes=settings.has_second_factors
        ),
        codec=HmacPasskeyChallengeCodec(keys.passkey_challenge_keys(settings)),
        verifier=Fido2PasskeyVerifier(settings.passkey_rp_id or "", settings.has_page),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLogins:
    """How to sign in with a passkey."""

    ask: AskPasskey
    login: PasskeyLogin


def passkey_logins(
    storage: Storage,
    passkey_creation: PasskeyCreation,
    login_throttle: LoginThrottle,
    login_devices: LoginDevices,
    open_session: OpenSession,
) -> PasskeyLogins:
    relying_party, codec = passkey_creation.policy.relying_party, passkey_creation.codec
    return PasskeyLogins(
        ask=AskPasskey(relying_party=relying_party, codec=codec, clock=storage.clock),
        login=PasskeyLogin(
            relying_party=relying_party,
            codec=codec,
            verifier=passkey_creation.verifier,
            passkeys=storage.passkeys,
            throttle=login_throttle,
            devices=login_devices,
            open_session=open_session,
            units=storage.units,
            audit=storage.audit,
            clock=storage.clock,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyUseCases:
    """What users can do to their own passkeys."""

    list_factors: ListFactors
    begin: BeginPasskey
    add: AddPasskey
    remove: RemovePasskey


def passkey_use_cases(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    passkey_creation: PasskeyCreation,
    factor_keys: FactorKeys,
    factor_use_cases: FactorUseCases,
    replace_sessions: ReplaceSessions,
    notices: Notices,
) -> PasskeyUseCases:
    own, passkeys, clock = factor_use_cases.own, storage.passkeys, storage.clock
    return PasskeyUseCases(
        list_factors=_list_factors(storage, own),
        begin=BeginPasskey(own=own, passkeys=passkeys, creation=passkey_creation, clock=clock),
        add=AddPasskey(
            own=own,
            creation=passkey_creation,
            new_codes=NewCodes(keys=factor_keys),
            units=storage.units,
            replace_sessions=replace_sessions,
            notices=notices,
            clock=clock,
        ),
        remove=_remove_passkey(settings, storage, own, replace_sessions, notices),
    )


def _remove_passkey(
    settings: Settings,
    storage: Storage,
    own: OwnFactors,
    replace_sessions: ReplaceSessions,
    notices: Notices,
) -> RemovePasskey:
    return RemovePasskey(
        own=own,
        requirement=settings.factors.requirement,
        units=storage.units,
        replace_sessions=replace_sessions,
        notices=notices,
        clock=storage.clock,
    )


def _relying_party(settings: Settings) -> RelyingParty | None:
    rp_id = settings.passkey_rp_id
    return RelyingParty(id=rp_id, name=settings.public_host) if rp_id else None


def _list_factors(storage: Storage, own: OwnFactors) -> ListFactors:
    return ListFactors(
        own=own,
        passkeys=storage.passkeys,
        remembered=storage.remembered_devices,
        clock=storage.clock,
    )
