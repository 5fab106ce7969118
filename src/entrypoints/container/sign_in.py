"""Factories for the ways to sign in."""

from dataclasses import dataclass

from latchkey.adapters.device_token import HmacDeviceTokenCodec
from latchkey.application.enrolment.new_codes import NewCodes
from latchkey.application.enrolment.passkey_creation import PasskeyCreation
from latchkey.application.enrolment.pending_totp import PendingTotp
from latchkey.application.factors.second_factors import SecondFactors
from latchkey.application.mail.notices import Notices
from latchkey.application.sessions.token_pair import TokenPairIssuer
from latchkey.application.sign_in.ask_second_factor import AskSecondFactor
from latchkey.application.sign_in.complete_login import CompleteLogin
from latchkey.application.sign_in.login_devices import LoginDevices
from latchkey.application.sign_in.login_throttle import LoginThrottle
from latchkey.application.sign_in.open_session import OpenSession
from latchkey.application.sign_in.remembered_devices import RememberedDevices
from latchkey.application.sign_in.required_factor import (
    AskedToEnrol,
    BeginRequiredFactor,
    ConfirmRequiredFactor,
)
from latchkey.application.sign_in.required_passkey import AddRequiredPasskey, BeginRequiredPasskey
from latchkey.application.sign_in.with_password import PasswordLogin
from latchkey.application.sign_in.with_second_factor import SecondFactorLogin
from latchkey.domain.accounts.email_address import EmailAddressParser
from latchkey.domain.accounts.password import PasswordHasher
from latchkey.domain.factors.factor_keys import FactorKeys
from latchkey.domain.factors.pending_sign_in import PendingSignInCodec
from latchkey.domain.sessions.refresh_token import RefreshTokenCodec
from latchkey.domain.storage import Storage
from latchkey.domain.throttling.device import DeviceTokenCodec
from latchkey.entrypoints.container.factors import factor_attempts
from latchkey.entrypoints.keys import pseudonyms, remembered_device_keys
from latchkey.entrypoints.settings import Settings


def open_session(
    settings: Settings,
    storage: Storage,
    notices: Notices,
    codec: RefreshTokenCodec,
    issuer: TokenPairIssuer,
) -> OpenSession:
    return OpenSession(
        units=storage.units,
        notices=notices,
        notifies=settings.mail.notifies_of_sign_in,
        codec=codec,
        issuer=issuer,
        clock=storage.clock,
        policy=settings.sessions.policy,
        requirement=settings.factors.requirement,
    )


def login_throttle(settings: Settings, storage: Storage) -> LoginThrottle:
    return LoginThrottle(throttle=storage.throttle, limits=settings.throttling.login_limits)


def login_devices(storage: Storage, device_codec: DeviceTokenCodec) -> LoginDevices:
    return LoginDevices(codec=device_codec, clock=storage.clock)


def remembered_devices(
    settings: Settings, storage: Storage, open_session: OpenSession
) -> RememberedDevices:
    return RememberedDevices(
        codec=HmacDeviceTokenCodec(remembered_device_keys(settings)),
        units=storage.units,
        open_session=open_session,
        requirement=settings.factors.requirement,
        clock=storage.clock,
        lifetime=settings.factors.trust,
    )


def ask_second_factor(
    storage: Storage, challenge_codec: PendingSignInCodec, remembered_devices: RememberedDevices
) -> AskSecondFactor:
    return AskSecondFactor(
        factors=storage.factors,
        codec=challenge_codec,
        remembered=remembered_devices,
        audit=storage.audit,
        clock=storage.clock,
    )


def password_login(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    addresses: EmailAddressParser,
    hasher: PasswordHasher,
    login_devices: LoginDevices,
    login_throttle: LoginThrottle,
    open_session: OpenSession,
    ask_second_factor: AskSecondFactor,
) -> PasswordLogin:
    return PasswordLogin(
        addresses=addresses,
        throttle=login_throttle,
        devices=login_devices,
        credentials=storage.password_credentials,
        hasher=hasher,
        audit=storage.audit,
        pseudonyms=pseudonyms(settings),
        open_session=open_session,
        remembered=ask_second_factor.remembered,
        ask_second_factor=ask_second_factor,
        clock=storage.clock,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeAnswers:
    """What a client with a challenge can do."""

    login: SecondFactorLogin
    begin_enrolment: BeginRequiredFactor
    confirm_enrolment: ConfirmRequiredFactor
    begin_passkey: BeginRequiredPasskey
    add_passkey: AddRequiredPasskey


def challenge_answers(  # noqa: PLR0913, PLR0917 - given by name
    settings: Settings,
    storage: Storage,
    challenge_codec: PendingSignInCodec,
    factor_keys: FactorKeys,
    passkey_creation: PasskeyCreation,
    login_throttle: LoginThrottle,
    login_devices: LoginDevices,
    remembered_devices: RememberedDevices,
    open_session: OpenSession,
    notices: Notices,
) -> ChallengeAnswers:
    units, clock = storage.units, storage.clock
    complete = CompleteLogin(
        attempts=factor_attempts(settings, storage),
        throttle=login_throttle,
        devices=login_devices,
        remembered=remembered_devices,
        open_session=open_session,
        clock=clock,
    )
    asked = AskedToEnrol(codec=challenge_codec, requirement=settings.factors.requirement)
    totp = PendingTotp(keys=factor_keys, issuer=settings.public_host)
    begin_passkey = BeginRequiredPasskey(
        asked=asked, creation=passkey_creation, units=units, clock=clock
    )
    return ChallengeAnswers(
        login=_second_factor_login(storage, challenge_codec, factor_keys, complete),
        begin_enrolment=BeginRequiredFactor(
            asked=asked, pending_totp=totp, units=units, clock=clock
        ),
        confirm_enrolment=_confirm_enrolment(storage, asked, totp, complete, notices),
        begin_passkey=begin_passkey,
        add_passkey=_add_passkey(storage, begin_passkey, totp, complete, notices),
    )


def _second_factor_login(
    storage: Storage,
    challenge_codec: PendingSignInCodec,
    factor_keys: FactorKeys,
    complete: CompleteLogin,
) -> SecondFactorLogin:
    return SecondFactorLogin(
        codec=challenge_codec,
        second_factors=SecondFactors(keys=factor_keys),
        complete=complete,
        units=storage.units,
        clock=storage.clock,
    )


def _confirm_enrolment(
    storage: Storage,
    asked: AskedToEnrol,
    totp: PendingTotp,
    complete: CompleteLogin,
    notices: Notices,
) -> ConfirmRequiredFactor:
    return ConfirmRequiredFactor(
        asked=asked,
        pending_totp=totp,
        new_codes=NewCodes(keys=totp.keys),
        complete=complete,
        units=storage.units,
        notices=notices,
        clock=storage.clock,
    )


def _add_passkey(
    storage: Storage,
    begun: BeginRequiredPasskey,
    totp: PendingTotp,
    complete: CompleteLogin,
    notices: Notices,
) -> AddRequiredPasskey:
    return AddRequiredPasskey(
        asked=begun.asked,
        creation=begun.creation,
        new_codes=NewCodes(keys=totp.keys),
        complete=complete,
        units=storage.units,
        notices=notices,
        clock=storage.clock,
    )
