import pytest

from core.clients.addresses import is_public, resolved
from core.web_values import is_loopback, is_on_this_machine


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to listen on
        "224.0.0.251",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%lo",
        "fd00::1",
        "fec0::1",
        "ff0e::1",
        "::ffff:127.0.0.1",
        "::ffff:1.1.1.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
    ],
)
def test_addresses_inside_are_not_public_however_they_are_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse, not to listen on
        ("school.example", False),
        (None, False),
    ],
)
def test_this_machine_is_known_by_number_and_by_name(host: str | None, is_ours: bool) -> None:
    assert is_loopback(host) is is_ours
    assert is_on_this_machine(f"http://{f'[{host}]' if host and ':' in host else host}:9999/v1") is is_ours
    assert not is_on_this_machine("https://127.0.0.1")


def test_a_name_resolves_to_each_address_once() -> None:
    addresses = resolved("127.0.0.1", 80)

    assert addresses == ["127.0.0.1"]
