"""The proxies of deploy/, started as they are shipped but for names, ports and certificates."""

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from core.settings import CHECKOUT
from tests.e2e.browsing import free_port

DEPLOY = CHECKOUT / "deploy"
PACKAGES = {"caddy": "caddy", "nginx": "nginx", "shellcheck": "shellcheck", "systemd-analyze": "systemd"}
NAME = "staffroom.school.example"
START_S = 60

# What Debian's own nginx.conf puts round a site, in a folder of the test's own.
_NGINX = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
# For the shipped file's own block of what is for the whole program; nobody waits here for a server to come back.
_CADDY = "{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n"
_PATIENCE = "lb_try_duration 20s"


def program(name: str) -> str:
    """Where it is; a machine without it fails the test, and says what to install."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.fail(f"{name} is not here: install the package {PACKAGES[name]}.")
    return found


@dataclass(frozen=True)
class Proxy:
    """A command that runs one in the foreground, and the address under which it then answers."""

    name: str
    command: list[str]
    check: list[str]
    address: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
        }


def nginx(folder: Path, file: str, *upstreams: str) -> Proxy:
    port, plain = free_port(), free_port()
    site = (DEPLOY / "nginx" / file).read_text(encoding="utf-8")
    site = re.sub(r"^ *listen \[::\].*\n", "", site, flags=re.MULTILINE)
    site = site.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    site = re.sub(r"/etc/letsencrypt/\S+/(\w+\.pem)", rf"{folder}/\1", site).replace(NAME, "localhost")
    site = _to(upstreams, site.replace("/var/log/nginx", str(folder)))
    _make_certificate(folder)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, user=user), encoding="utf-8")
    base = [program("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    return Proxy("nginx", [*base, "-g", "daemon off;"], [*base, "-t", "-q"], f"https://localhost:{port}", folder)


def caddy(folder: Path, file: str, *upstreams: str) -> Proxy:
    port = free_port()
    text = (DEPLOY / "caddy" / file).read_text(encoding="utf-8")
    own = _to(upstreams, text.replace("{\n", _CADDY, 1).replace(f"{NAME} {{", f"localhost:{port} {{"))
    own = own.replace(_PATIENCE, "lb_try_duration 1s")
    (folder / "Caddyfile").write_text(own, encoding="utf-8")
    run = [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    # As it is shipped: it needs no certificate to be looked at.
    check = [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy" / file)]
    return Proxy("caddy", run, check, f"https://localhost:{port}", folder)


Make = Callable[..., Proxy]


@contextmanager
def running(proxy: Proxy, hold: Callable[[int], None] = lambda _: None) -> Iterator[Proxy]:
    with (proxy.folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(proxy.command, env=proxy.environment, stdout=log, stderr=log, cwd=proxy.folder)
    hold(process.pid)
    try:
        _wait(proxy, process)
        yield proxy
    finally:
        process.terminate()
        process.wait(START_S)


def trusting() -> ssl.SSLContext:
    """The certificates are made here, for this machine alone."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _wait(proxy: Proxy, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            httpx.get(f"{proxy.address}/healthz", verify=trusting(), timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((proxy.folder / "proxy.log").read_text(encoding="utf-8"))


def _to(upstreams: tuple[str, ...], text: str) -> str:
    """The shipped addresses of our servers, each replaced by one of these."""
    shipped = list(dict.fromkeys(re.findall(r"(?:127\.0\.0\.1|10\.0\.0\.\d+):8501", text)))
    assert len(shipped) == len(upstreams)
    for old, new in zip(shipped, upstreams, strict=True):
        text = text.replace(old, new)
    return text


def _make_certificate(folder: Path) -> None:
    key, certificate = str(folder / "privkey.pem"), str(folder / "fullchain.pem")
    wanted = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(
        ["openssl", "req", *wanted, "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
