"""A Supabase project at one address: Auth and Storage."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlencode

from tests.integration.accounts import loopback
from tests.integration.accounts.supabase_stand_in import SupabaseStandIn
from tests.storage_answers import Answer, Request
from tests.storage_stand_in import Fault, StorageStandIn


@dataclass
class SupabaseProject(StorageStandIn):
    auth: SupabaseStandIn = field(default_factory=SupabaseStandIn)

    @contextmanager
    def served(self, port: int = 0) -> Iterator[Self]:
        with super().served(port):
            self.auth.address = self.address
            yield self

    @property
    def link_tokens(self) -> set[str]:
        """Whoever holds one may open a picture for a while."""
        return {one.query["token"] for one in self.seen if "token" in one.query}

    def answer(self, request: Request) -> tuple[Answer, Fault | None]:
        if request.path.startswith("/storage/"):
            return super().answer(request)
        status, headers, body = self.auth(_as_served(request))
        return Answer(status, body, headers=dict(headers)), None


def _as_served(request: Request) -> loopback.Request:
    return loopback.Request(
        {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "QUERY_STRING": urlencode(request.query),
            "CONTENT_LENGTH": str(len(request.body)),
            "wsgi.input": io.BytesIO(request.body),
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()},
        }
    )
