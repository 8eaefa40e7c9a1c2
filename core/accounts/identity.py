"""What a provider proved about whoever is signing in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """An account at a provider; the pair of issuer and subject never means anyone else."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool

    @property
    def verified_email(self) -> str | None:
        """The only e-mail that may link an account to a member."""
        return self.email if self.email_verified else None
