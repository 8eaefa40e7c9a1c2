"""Everything that signing in needs, as the settings want it."""

import secrets
from dataclasses import dataclass

from core.accounts.oidc import OpenIdConnect
from core.accounts.passwords import AUDIENCE, PasswordSignIn
from core.accounts.provider_tokens import ProviderTokens
from core.accounts.sessions import Sessions
from core.accounts.signatures import Signatures
from core.accounts.throttle import Throttle
from core.clients.oidc_client import OidcClient
from core.clients.supabase_auth import SupabaseAuth
from core.db.engine import Database
from core.settings import Settings

OIDC_CALLBACK = "/sign-in/oidc/callback"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """The ways in that a school has; a demo has none, and nobody in it has a session."""

    sessions: Sessions
    signatures: Signatures
    passwords: PasswordSignIn | None
    single_sign_on: OpenIdConnect | None
    public_url: str


def build_sign_in(settings: Settings, database: Database) -> SignIn:
    # Without a key of its own a process believes nothing that it did not sign itself.
    signatures = Signatures(settings.secret_keys or [secrets.token_urlsafe()])
    throttle = Throttle(database=database, signatures=signatures)
    return SignIn(
        sessions=Sessions(database=database, signatures=signatures),
        signatures=signatures,
        passwords=_passwords(settings, throttle),
        single_sign_on=_single_sign_on(settings, throttle),
        public_url=settings.public_url,
    )


def _passwords(settings: Settings, throttle: Throttle) -> PasswordSignIn | None:
    if settings.supabase_url is None or settings.supabase_publishable_key is None:
        return None
    auth = SupabaseAuth(
        url=settings.supabase_url,
        publishable_key=settings.supabase_publishable_key,
        secret_key=settings.supabase_secret_key,
    )
    tokens = ProviderTokens(issuer=auth.issuer, audience=AUDIENCE, keys_address=lambda: auth.keys_address)
    return PasswordSignIn(auth=auth, tokens=tokens, throttle=throttle)


def _single_sign_on(settings: Settings, throttle: Throttle) -> OpenIdConnect | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    client = OidcClient(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        redirect_uri=f"{settings.public_url}{OIDC_CALLBACK}",
    )
    tokens = ProviderTokens(issuer=client.issuer, audience=client.client_id, keys_address=client.keys_address)
    return OpenIdConnect(client=client, tokens=tokens, throttle=throttle)
